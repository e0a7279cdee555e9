/** The only place that says what a cloud account is in the configuration: a line for each cloud, and beside it what only that cloud has. */
import * as z from "zod";
import type { Secret } from "./secret.ts";

const nameExpected = 'expected at most 20 letters, digits, "-" or "_", e.g. "prod"';
const oneRegion = 'expected at least one region, e.g. "ap-guangzhou"';
const Region = z
  .string(oneRegion)
  .regex(/^[a-z0-9-]{2,40}$/, 'expected a region as the cloud names it, e.g. "ap-guangzhou"');

const common = {
  name: z
    .string(nameExpected)
    .regex(/^[A-Za-z0-9_-]{1,20}$/, nameExpected)
    .describe("At most 20 letters, digits, `-` or `_`; shown on every card."),
  regions: z
    .array(Region, oneRegion)
    .min(1, oneRegion)
    .refine((regions) => new Set(regions).size === regions.length, "the same region stands here twice")
    .describe("Its regions, as the cloud names them."),
  credentials: z
    .strictObject(
      {
        idFrom: variableName("TENCENT_SECRET_ID").describe("The variable that holds the id of the access key."),
        secretKeyFrom: variableName("TENCENT_SECRET_KEY").describe("The variable that holds its secret."),
      },
      "expected { idFrom: …, secretKeyFrom: … }, the names of two environment variables",
    )
    .describe("The names of two environment variables; never the keys themselves."),
  endpoint: z
    .string("expected an address, e.g. https://cvm.tencentcloudapi.com")
    .superRefine(checkEndpoint)
    .optional()
    .describe("An address instead of the cloud's own; https, except on this machine."),
  probe: z
    .enum(["off", "public", "private"], "expected off, public or private")
    .default("off")
    .describe(
      "After a reinstall, try SSH or Remote Desktop from the bot's machine, on the server's public or private address.",
    ),
};

const yesOrNo = z.boolean("expected true or false").default(false);

const Tencent = z.strictObject({
  ...common,
  cloud: z.literal("tencent").describe("Tencent Cloud CVM."),
  site: z
    .enum(["mainland", "international"], "expected mainland or international")
    .describe("The site where the account was opened."),
  stopFirst: yesOrNo.describe("Stop a running server before it is reinstalled."),
});

const projectExpected = "expected the project id, 32 characters of 0-9 and a-f, or one for each region: { eu-de: … }";
const ProjectId = z.string(projectExpected).regex(/^[0-9a-f]{32}$/, projectExpected);
const Huawei = z
  .strictObject({
    ...common,
    cloud: z.literal("huawei").describe("Huawei Cloud or Open Telekom Cloud, ECS."),
    site: z.enum(["huawei", "otc"], "expected huawei or otc").describe("`otc` is Open Telekom Cloud."),
    project: z
      .union([ProjectId, z.record(z.string(), ProjectId)], projectExpected)
      .describe("The project id; with several regions one for each, `{ eu-de: …, eu-nl: … }`."),
    userId: z
      .string("expected the id of the IAM user")
      .min(1, "expected the id of the IAM user")
      .optional()
      .describe(
        "The IAM user whose key pairs are offered; needed for a key pair when the same image is installed again.",
      ),
    noCloudInitImages: z
      .array(z.string("expected image ids"), "expected a list of image ids")
      .default([])
      .describe("Ids of private images without Cloud-Init, which need the older call."),
  })
  .superRefine((account, context) => {
    if (typeof account.project === "string" && account.regions.length < 2) return;
    const projects = typeof account.project === "string" ? {} : account.project;
    for (const region of account.regions.filter((each) => !(each in projects)))
      context.addIssue({
        code: "custom",
        path: ["project"],
        message: `a project belongs to one region; expected one for ${region} too, e.g. { ${region}: … }`,
      });
  })
  .transform(({ project, ...account }) => ({
    ...account,
    projects:
      typeof project === "string" ? Object.fromEntries(account.regions.map((region) => [region, project])) : project,
  }));

const Jdcloud = z.strictObject({
  ...common,
  cloud: z.literal("jdcloud").describe("JD Cloud Virtual Machines."),
  site: z.literal("cn", "expected cn").default("cn").describe("There is only one."),
  hostnameMark: yesOrNo.describe("Plant a mark in the host name, which proves that a rebuild was the bot's own."),
});

/** Every cloud an account may be of: another one is one more in this list. */
const clouds = [Tencent, Huawei, Jdcloud] as const;

export const AccountEntry = z.discriminatedUnion("cloud", clouds, `expected ${listed(clouds.map(wordOf))}`);

/** As the adapters take it: the credentials read, the secret wrapped. */
type WithSecret<Entry> = Entry extends unknown ? Omit<Entry, "credentials"> & { id: string; secret: Secret } : never;
export type Account = WithSecret<z.infer<typeof AccountEntry>>;

function shapeOf(entry: (typeof clouds)[number]) {
  return "in" in entry ? entry.in.shape : entry.shape;
}

function wordOf(entry: (typeof clouds)[number]): string {
  return shapeOf(entry).cloud.value;
}

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** Keys belong into the environment: a file is copied, committed and shown. The value itself is never printed. */
function variableName(example: string) {
  const expected = `expected the name of an environment variable, e.g. ${example}`;
  return z.string(expected).superRefine((value, context) => {
    if (looksLikeKey(value))
      context.addIssue({
        code: "custom",
        message: `this looks like a key itself. ${expected}, put the key into that variable, and replace this key, since it stood in a file`,
      });
    else if (!/^[A-Z_][A-Z0-9_]{0,99}$/.test(value)) context.addIssue({ code: "custom", message: expected });
  });
}

/** Tencent: AKID…; JD Cloud: JDC_ and hex; Huawei: 20 capitals and digits; and any secret: long, without a gap, of mixed characters. */
function looksLikeKey(value: string): boolean {
  if (/^AKID|^JDC_[0-9A-F]{16,}$/.test(value)) return true;
  if (/^(?=.*[0-9])[A-Z0-9]{20}$/.test(value)) return true;
  return /^(?=.*[0-9])(?=.*[a-z])\S{20,}$/i.test(value) && !value.includes("_");
}

function checkEndpoint(value: string, context: z.RefinementCtx): void {
  const url = URL.canParse(value) ? new URL(value) : null;
  const message =
    url === null || !/^https?:$/.test(url.protocol)
      ? "expected an address, e.g. https://cvm.tencentcloudapi.com"
      : url.username !== "" || url.pathname !== "/" || url.search !== ""
        ? "expected only scheme, host and port"
        : url.protocol === "http:" && !isLoopback(url.hostname)
          ? "expected https; plain http is taken only for this machine (127.0.0.1)"
          : null;
  if (message !== null) context.addIssue({ code: "custom", message });
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The keys an account may have, for the hint at a misspelt one. */
export function accountKeys(cloud: unknown): readonly string[] {
  const entry = clouds.find((one) => wordOf(one) === cloud);
  return Object.keys(entry === undefined ? { ...common, cloud: 0, site: 0 } : shapeOf(entry));
}
