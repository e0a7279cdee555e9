/** The only place for what a form carries with it between presses: never a secret, never an authority. */
import * as z from "zod";

/** `id` is the request's, minted when the form opened, so that a submission that comes twice is one request. */
export const FormMeta = z.object({
  id: z.string().regex(/^r[a-z2-7]{10}$/),
  /** Empty where the form itself asks for it. */
  channel: z.string(),
  asks: z.enum(["same", "other"]),
  /** The thread in which the card is to stand, when the form was opened from a message. */
  thread: z.string().optional(),
  /** The request that this one takes the place of. */
  replaces: z.string().optional(),
});
export type FormMeta = z.infer<typeof FormMeta>;

/** What was entered so far. `server` is account/region/id. */
export const Asked = z.object({
  server: z.string().optional(),
  imageChoice: z.enum(["same", "other", "made-now"]),
  image: z.string().optional(),
  /** The size of the system disk as it was entered, so that an error can say what is wrong with it. */
  disk: z.string().optional(),
  login: z.enum(["key-pair", "generated", "typed", "keep-image", "provider"]).optional(),
  keyPair: z.string().optional(),
  licence: z.enum(["system", "byol"]).optional(),
  backup: z.enum(["image", "have", "none"]).optional(),
  where: z.string().optional(),
  channel: z.string().optional(),
  reason: z.string().optional(),
});
export type Asked = z.infer<typeof Asked>;

/** The password page carries the whole answer of the page below it. */
export const PasswordMeta = z.object({ meta: FormMeta, asked: Asked });
export type PasswordMeta = z.infer<typeof PasswordMeta>;

export function writeMeta(meta: FormMeta | PasswordMeta): string {
  return JSON.stringify(meta);
}

/** Throws when it is not one of ours: a view of another version, which its person can only open anew. */
export function readMeta(text: string): FormMeta {
  return FormMeta.parse(JSON.parse(text));
}

export function readPasswordMeta(text: string): PasswordMeta {
  return PasswordMeta.parse(JSON.parse(text));
}

/** The answers by action id, read back. Words that this version does not know count as not answered. */
export function readAsked(meta: FormMeta, values: Readonly<Record<string, string>>): Asked {
  const asked = {
    server: values["server"],
    imageChoice: values["image-choice"] ?? meta.asks,
    image: values["image"],
    disk: values["disk-size"],
    login: values["login"],
    keyPair: values["key-pair"],
    licence: values["licence"],
    backup: values["backup"],
    where: values["backup-where"],
    channel: values["channel"],
    reason: values["reason"],
  };
  const known = Object.entries(asked).filter(([, value]) => value !== undefined);
  const read = Asked.safeParse(Object.fromEntries(known));
  return read.success ? read.data : { imageChoice: meta.asks };
}

/** account/region/id, as the value of a server's option. */
export function serverValue(candidate: { account: string; region: string; id: string }): string {
  return [candidate.account, candidate.region, candidate.id].join("/");
}

export function readServerValue(value: string): { account: string; region: string; id: string } | null {
  const [account, region, ...id] = value.split("/");
  if (!account || !region || id.length === 0) return null;
  return { account, region, id: id.join("/") };
}
