/** The only place that draws values at random: texts as an enemy would choose them, and whatever a zod shape allows. */
import fc from "fast-check";
import type * as z from "zod";

const long = 10_000;
/** What may stand in a name or a tag, or in an answer of a provider. */
const nasty: readonly string[] = [
  "",
  " ",
  "<!channel>",
  "<!here|here>",
  "<!everyone> look",
  "<@U0APPROVER1>",
  "<https://evil.example|console>",
  "*bold* _italic_ ~gone~ `code`",
  "```",
  "&lt;!channel&gt;",
  "&",
  "\u0000\u0007\u001b[31m",
  "\u202egnp.exe",
  "\u200b",
  "line\none\r\ntwo\u2028three",
  "@channel @here",
  ":rotating_light:",
  "\ud83d",
  "测试服务器",
  "web-01",
];
const endless: readonly string[] = ["a", "&", "<", "`", "*", "😀", "\n", "<!channel> "].map((piece) =>
  piece.repeat(Math.ceil(long / piece.length)),
);

export function hostileText(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...nasty) },
    { weight: 1, arbitrary: fc.constantFrom(...endless) },
    { weight: 2, arbitrary: fc.string({ maxLength: 80, unit: "binary" }) },
  );
  return fc.oneof(
    piece,
    fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join("")),
  );
}

/** Later than any request and far from where dates end. */
const latestMs = Date.UTC(2100, 0, 1);

type Overrides = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** Whatever the shape allows. `overrides` go by the name of a field, wherever it stands. */
export function anyOf<T extends z.ZodType>(shape: T, overrides: Overrides = {}): fc.Arbitrary<z.infer<T>> {
  return drawn(shape, overrides) as fc.Arbitrary<z.infer<T>>;
}

/** The definitions of zod 4 as far as the shapes of the bot use them. https://zod.dev/packages/core#schemas */
interface Definition {
  type: string;
  shape?: Readonly<Record<string, z.ZodType>>;
  element?: z.ZodType;
  innerType?: z.ZodType;
  valueType?: z.ZodType;
  options?: readonly z.ZodType[];
  entries?: Readonly<Record<string, string>>;
  values?: readonly unknown[];
  checks?: readonly { _zod: { def: { check: string; minimum?: number } } }[];
}

function drawn(shape: z.ZodType, overrides: Overrides): fc.Arbitrary<unknown> {
  const of = shape._zod.def as unknown as Definition;
  switch (of.type) {
    case "object":
      return object(of.shape ?? {}, overrides);
    case "string":
      return hostileText();
    case "number":
      return fc.integer({ min: 1, max: latestMs });
    case "boolean":
      return fc.boolean();
    case "literal":
      return fc.constantFrom(...(of.values ?? []));
    case "enum":
      return fc.constantFrom(...Object.values(of.entries ?? {}));
    case "array":
      return fc.array(inner(of.element, overrides), { minLength: least(of), maxLength: 4 });
    case "record":
      return fc.dictionary(hostileText(), inner(of.valueType, overrides), { maxKeys: 3 });
    case "union":
      return fc.oneof(...(of.options ?? []).map((option) => drawn(option, overrides)));
    case "optional":
    case "nullable":
    case "default":
      return fc.option(inner(of.innerType, overrides), { nil: of.type === "nullable" ? null : undefined });
    default:
      throw new Error(`no values are drawn for ${of.type} yet`);
  }
}

function inner(shape: z.ZodType | undefined, overrides: Overrides): fc.Arbitrary<unknown> {
  if (shape === undefined) throw new Error("a shape without its inside");
  return drawn(shape, overrides);
}

function least({ checks = [] }: Definition): number {
  return Math.max(0, ...checks.map(({ _zod: { def } }) => (def.check === "min_length" ? (def.minimum ?? 0) : 0)));
}

/** Absent rather than undefined, as it comes from the disk. */
function object(shape: Readonly<Record<string, z.ZodType>>, overrides: Overrides): fc.Arbitrary<unknown> {
  const fields = Object.entries(shape).map(([name, field]) => [name, overrides[name] ?? drawn(field, overrides)]);
  return fc
    .record(Object.fromEntries(fields) as Readonly<Record<string, fc.Arbitrary<unknown>>>)
    .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)));
}
