/** The only place that says what a cloud is to the rest of the bot. A provider's own words stop at its adapter; what comes through here is the same for all. */
import * as z from "zod";
import type { Clock, Exchange, Log, Random } from "../seams.ts";
import type { Secret } from "../secret.ts";
import type { Backups } from "./backups.ts";
import type { DiskGrowth } from "./growth.ts";
import type { PasswordRules } from "./password.ts";

/** Flat text facts: stored, compared and shown field by field. */
export const Facts = z.record(z.string(), z.string());
export type Facts = Readonly<Record<string, string>>;

/** Names one server. Two accounts of the config may be one, so the key of a server leaves the account out. */
export const ServerRef = z.object({
  cloud: z.string(),
  site: z.string(),
  account: z.string(),
  region: z.string(),
  id: z.string(),
});
export type ServerRef = z.infer<typeof ServerRef>;

/** broken: a reinstall failed there and may be tried again. unknown: could not be read, so wait or ask. gone: the cloud says there is no such server. */
export const Power = z.enum(["running", "stopped", "busy", "broken", "gone", "unknown"]);
export type Power = z.infer<typeof Power>;

export const Os = z.object({ family: z.enum(["linux", "windows", "unknown"]), name: z.string() });
export type Os = z.infer<typeof Os>;

export const Disk = z.object({
  id: z.string(),
  sizeGb: z.number(),
  kind: z.enum(["cloud", "local", "unknown"]),
  type: z.string(),
});
export type Disk = z.infer<typeof Disk>;

/**
 * One reading of a server. `identity` is what an approval seals: the system disk, the image, the OS, the licence; power is not part of it.
 * `trace` is what the last operations left behind: operation and request id, volume id, launch time, host name, state. `facts` are the adapter's own (charge mode, restrictions, zone …), used by its `notices` alone.
 */
export const Server = z.object({
  ref: ServerRef,
  name: z.string(),
  readAt: z.number(),
  power: Power,
  /** The provider's own word for the state, to be shown as its console shows it. */
  state: z.string(),
  os: Os,
  image: z.object({ id: z.string(), name: z.string() }),
  systemDisk: Disk.optional(),
  dataDisks: z.array(Disk),
  ips: z.object({ public: z.array(z.string()), private: z.array(z.string()) }),
  charge: z.string(),
  /** Whom to log in as, where the provider says so. */
  loginUser: z.string().optional(),
  tags: Facts,
  identity: Facts,
  trace: Facts,
  facts: Facts,
});
export type Server = z.infer<typeof Server>;

export const ImageKind = z.enum(["public", "private", "shared", "market"]);
export type ImageKind = z.infer<typeof ImageKind>;

/** An image as a form offers it. `unusable` is a sentence that says why it cannot be taken now. */
export interface Image {
  id: string;
  name: string;
  kind: ImageKind;
  os: Os;
  /** The least system disk it needs, in GB; 0 when the provider does not say. */
  minDiskGb: number;
  createdAt: string;
  unusable?: string;
  facts: Facts;
}

/** As much of an image as an order keeps; the least disk it needs, where it is known. */
export type ChosenImage = Pick<Image, "id" | "name" | "kind" | "os"> & Partial<Pick<Image, "minDiskGb">>;

export interface KeyPair {
  id: string;
  name: string;
  fingerprint?: string;
}

export const Login = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("key-pair"), id: z.string(), name: z.string(), fingerprint: z.string().optional() }),
  z.object({ kind: z.literal("generated"), user: z.string() }),
  z.object({ kind: z.literal("typed"), user: z.string() }),
  z.object({ kind: z.literal("keep-image") }),
  z.object({ kind: z.literal("provider") }),
]);
export type Login = z.infer<typeof Login>;
export type LoginKind = Login["kind"];

/** What becomes of the data before it is erased. `image`: a custom image of the server is made first, under this name. */
export const BackupWish = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("image"), name: z.string() }),
  z.object({ kind: z.literal("have"), where: z.string() }),
  z.object({ kind: z.literal("none") }),
]);
export type BackupWish = z.infer<typeof BackupWish>;

/** What is asked for. It never changes: another wish is another request. */
export const Order = z.object({
  server: ServerRef,
  image: z.object({ id: z.string(), name: z.string(), kind: ImageKind, os: Os, same: z.boolean() }),
  login: Login,
  licence: z.enum(["system", "byol"]).optional(),
  backup: BackupWish.optional(),
  /** To what the system disk is to grow; absent: it keeps its size. */
  diskGb: z.number().int().positive().optional(),
});
export type Order = z.infer<typeof Order>;

/** What the form may offer for this server and image. The form is drawn from this and knows no provider. */
export interface Choices {
  imageKinds: readonly ImageKind[];
  sameImage: "ok" | { refused: string };
  /** `means`: what a login amounts to of which the bot itself knows nothing, in this cloud's words. */
  logins: readonly { kind: LoginKind; refused?: string; means?: string }[];
  password?: PasswordRules;
  /** Offered only where the provider asks for it. */
  licences: readonly ("system" | "byol")[];
  diskGrowth?: DiskGrowth;
  /** What to do when the image wanted is not in the list, in this cloud's words. */
  imageHint?: string;
  /** What to do where the account has no key pair here, in this cloud's words. */
  noKeyPair?: string;
  /** Whom to log in as after the reinstall (root, ubuntu, Administrator …). */
  user: string;
}

/** Pre-flight and card in one shape. `refused` stops the request; the rest is said. */
export const Notice = z.object({
  kind: z.enum(["refused", "wait", "destroyed", "survives", "changes", "stays", "warning", "price"]),
  at: z.enum(["server", "image", "login", "disk", "licence"]),
  code: z.string(),
  says: z.string(),
});
export type Notice = z.infer<typeof Notice>;

/** `converge` may be repeated ("already so" is success); `named` is found again by its name; `once` is sent one time. */
export type Act =
  | { kind: "converge"; act: "stop"; hard: boolean }
  | { kind: "converge"; act: "start" }
  | { kind: "once"; act: "reinstall"; id: string; order: Order; secret?: Secret };

/** Proof that the provider took the order: its request or job id, and what else it takes to follow it. */
export const Receipt = z.object({ id: z.string(), facts: Facts });
export type Receipt = z.infer<typeof Receipt>;

/** The provider said no. `code` and `requestId` are its own; `says` is ours: what happened and what to do, in plain words. */
export const Refusal = z.object({ code: z.string(), requestId: z.string(), says: z.string() });
export type Refusal = z.infer<typeof Refusal>;

/** refused: nothing happened, by the provider's own word. notSent: it never left, or was throttled; the same attempt may send it later. Thrown: nobody knows, so look. */
export type Answer = { accepted: Receipt } | { refused: Refusal } | { notSent: Refusal };

/**
 * What can be seen of an act. done: `receipt` and `mark` prove it was ours; `state` only says that the server looks that way (enough for stop and start, save where an older reading would look so too).
 * working: `facts` are merged into the stored receipt, for clouds where one reading alone proves nothing. no-trace: the reading is the one saved before the act. unclear: something changed that cannot be proved to be ours.
 */
export type Look =
  | { is: "working"; says?: string | undefined; facts?: Facts }
  | { is: "done"; proof: "receipt" | "mark" | "state" }
  | { is: "failed"; refusal: Refusal }
  | { is: "no-trace"; evidence: readonly string[] }
  | { is: "unclear"; evidence: readonly string[] };

/** What a site is like, as data: no code outside `clouds` asks for a provider's name. */
export interface Traits {
  /** "Tencent Cloud", as its console is titled. */
  title: string;
  /** A server in one of these may be reinstalled as it is; in `stopFrom` it is stopped first. */
  wipeFrom: readonly Power[];
  stopFrom: readonly Power[];
  wipeEnds: "running" | "stopped";
  /** States in which a custom image may, or by the provider's advice should, be made of a server. */
  backupFrom: readonly Power[];
  /** A soft stop that does not take within `patienceMs.stop` becomes a hard one. */
  hardStop: boolean;
  /** How long after its signing time the provider may still take a copy of an act; null when the provider does not say, so that only a person may settle. */
  lateMs: number | null;
  /** How long a good state may still be the old one. */
  lagMs: number;
  patienceMs: { busy: number; stop: number; hardStop: number; start: number; backup: number; reinstall: number };
  /** What the provider's documents say of the time a reinstall takes, to be shown while it runs. */
  usually: string;
  /** Where to turn after the second failure: its name and address. */
  support: { name: string; url: string };
  /** Where a forgotten password is reset: a sentence, and the document that shows it. */
  lostPassword: { says: string; url: string };
}

/** What a reading is for. Who only watches an operation decides nothing by the sizes and types of disks: where they take a call of their own, they may be as they were told within ten minutes. What is kept of such a reading, as after a failure, can only keep a Retry from going on. */
export type Use = "decide" | "watch";

/** One account at one cloud. Reading calls throw `CloudDown` when the cloud cannot be asked. */
export interface Cloud {
  traits: Traits;
  backups: Backups;
  /** Whether this text could be the id of a server here; a typed id is always accepted. */
  looksLikeId(text: string): boolean;
  /** Every server of the account; `unread` names the regions that did not answer, as sentences. */
  servers(): Promise<{ found: readonly Server[]; unread: readonly string[] }>;
  /** One fresh reading, save what `Use` allows. Power "gone" when the cloud says there is none. Asked by many at once and batched inside. */
  server(ref: ServerRef, use?: Use): Promise<Server>;
  /** At most 100 images that fit the text (name, id or OS), usable ones first; `more` when there are others. */
  images(server: Server, kind: ImageKind, text: string): Promise<{ found: readonly Image[]; more: boolean }>;
  /** One image by id, or null. */
  image(server: Server, id: string): Promise<Image | null>;
  keyPairs(server: Server): Promise<readonly KeyPair[]>;
  /** For the server as it is when `image` is null (same image). */
  choices(server: Server, image: ChosenImage | null): Choices;
  /** Pre-flight before there is an order: what makes this server impossible, or needs a wait. */
  refusals(server: Server): Promise<readonly Notice[]>;
  /** Pre-flight and card of a whole order: everything to be refused, lost, kept, changed, warned of. What can be left unsaid, as a price, takes `hurryMs` at most. */
  notices(order: Order, server: Server, hurryMs?: number): Promise<readonly Notice[]>;
  /** Sends an act, signed with `at` (ms). Never repeats it. Throws when nobody knows whether it took. */
  send(act: Act, server: Server, at: number): Promise<Answer>;
  /** What can be seen of an act since `before` was read (just before it was sent). `now` is a fresh reading. */
  look(act: Act, before: Server, now: Server, receipt: Receipt | null): Promise<Look>;
}

/** The cloud could not be asked just now: down, throttled, no permission. `says` is a sentence for people. */
export class CloudDown extends Error {
  override name = "CloudDown";
  readonly says: string;
  readonly code: string;
  constructor(says: string, code: string, cause?: unknown) {
    super(says, { cause });
    this.says = says;
    this.code = code;
  }
}

/** The config holds no account that has this server. That it is gone is not known. */
export class NoAccount extends CloudDown {
  override name = "NoAccount";
  constructor(says: string) {
    super(says, "no-account");
  }
}

/** Said of a region whose list is longer than anybody walks: what is missing must not seem not to exist. */
export function onlyFirst(count: number): string {
  return `Only the first ${count} are shown.`;
}

/** What an adapter is given. */
export type CloudTools = { clock: Clock; random: Random; exchange: Exchange; log: Log };

/** The key under which only one open request may stand. */
export function serverKey(ref: ServerRef): string {
  return [ref.cloud, ref.site, ref.region, ref.id].join("/");
}
