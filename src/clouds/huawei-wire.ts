/** The only place that says which fields of the answers of ECS, IMS and EVS are read, and in which shapes errors come. */
import * as z from "zod";
import { WireId } from "./wire-id.ts";

/** Decoration may be missing, null or of another type: then it is empty. Null is usual, and `catch` would word an error for each before it is forgotten. */
const anything = z.unknown().optional();
const text = anything.transform((value) => (typeof value === "string" ? value : ""));
const texts = anything.transform((value) => (isRecord(value) ? value : {}));

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const VolumeAttached = z.object({ id: WireId, device: text, bootIndex: text });
const Address = z.object({ addr: z.string(), "OS-EXT-IPS:type": text });

/** https://docs.otc.t-systems.com/elastic-cloud-server/api-ref/apis_recommended/lifecycle_management/querying_details_about_an_ecs.html */
export const WireServer = z.object({
  id: WireId,
  name: text,
  status: text,
  locked: z.boolean().catch(false),
  updated: text,
  key_name: text,
  flavor: z.object({ id: text, ram: text }).catch({ id: "", ram: "" }),
  image: z.object({ id: text }).catch({ id: "" }),
  metadata: texts,
  addresses: z.record(z.string(), z.array(Address)).catch({}),
  /** Strict: without it nobody knows which disk would be erased. */
  "os-extended-volumes:volumes_attached": z.array(VolumeAttached),
  "OS-EXT-STS:vm_state": text,
  "OS-EXT-STS:task_state": text,
  "OS-EXT-SRV-ATTR:hostname": text,
  "OS-EXT-AZ:availability_zone": text,
  "OS-SRV-USG:launched_at": text,
  "os:scheduler_hints": texts,
  tags: z.array(z.string()).catch([]),
});
export type WireServer = z.infer<typeof WireServer>;

export const ServerAnswer = z.object({ server: WireServer });
/** Each entry is read by itself, so that a strange one does not hide the others. */
export const ServersAnswer = z.object({ servers: z.array(z.unknown()), count: z.number() });

/** https://docs.otc.t-systems.com/elastic-volume-service/api-ref/apis_recommended/disk_management/querying_details_about_all_evs_disks.html */
export const WireVolume = z.object({ id: WireId, size: z.number(), volume_type: text });
export type WireVolume = z.infer<typeof WireVolume>;
export const VolumesAnswer = z.object({ volumes: z.array(z.unknown()) });

const Quota = z.object({ in_use: z.number(), limit: z.number(), reserved: z.number().catch(0) });
/** A limit of -1 means there is none. */
export const QuotaAnswer = z.object({ quota_set: z.object({ volumes: Quota, gigabytes: Quota }) });
export type QuotaAnswer = z.infer<typeof QuotaAnswer>;

/** https://docs.otc.t-systems.com/image-management-service/api-ref/ims_apis/image_management/querying_images.html */
export const WireImage = z.object({
  id: WireId,
  name: text,
  status: text,
  visibility: text,
  created_at: text,
  min_disk: z.number().catch(0),
  min_ram: z.number().catch(0),
  __imagetype: text,
  __os_type: text,
  __platform: text,
  __os_version: text,
  __support_arm: text,
});
export type WireImage = z.infer<typeof WireImage>;
export const ImagesAnswer = z.object({ images: z.array(z.unknown()) });

export const KeyPairsAnswer = z.object({ keypairs: z.array(z.unknown()) });
export const WireKeyPair = z.object({ keypair: z.object({ name: WireId.min(1), fingerprint: text }) });

/** Only an answer with a job is an acceptance: a 202 may hold an error. */
export const JobAnswer = z.object({ job_id: z.string().min(1) });

/** While a job runs the error fields are absent, on success they are null: both are empty here. */
const SubJob = z.object({ status: text, error_code: text, fail_reason: text });
export const Job = z.object({
  status: z.enum(["INIT", "RUNNING", "SUCCESS", "FAIL"]),
  job_id: text,
  error_code: text,
  fail_reason: text,
  entities: z.object({ sub_jobs: z.array(SubJob).default([]).catch([]) }).catch({ sub_jobs: [] }),
});
export type Job = z.infer<typeof Job>;

export interface WireError {
  code: string;
  /** The provider's own words; they may repeat what was sent, so they are matched, never shown. */
  message: string;
}

const word = z.union([z.string(), z.number()]).transform(String).catch("");
const Said = z.object({ message: text });
/** Nova names the kind of error in the key, spelt in two ways. */
const novaWords = ["badRequest", "badrequest", "conflictingRequest", "itemNotFound", "forbidden"] as const;
/** The four envelopes, by the key that each is known by. */
const envelopes: readonly (readonly [key: string, shape: z.ZodType<WireError>])[] = [
  ["error", z.object({ error: z.object({ code: word, message: text }) }).transform(({ error }) => error)],
  [
    "error_code",
    z
      .object({ error_code: z.string(), error_msg: text })
      .transform(({ error_code: code, error_msg: message }) => ({ code, message })),
  ],
  ["code", z.object({ code: z.string(), message: text })],
  ...novaWords.map((key) => {
    const code = key.replace("badrequest", "badRequest");
    const shape = z.object({ [key]: Said }).transform((body) => ({ code, message: body[key]?.message ?? "" }));
    return [key, shape] as const;
  }),
];

/** The error in a body, whichever of the four envelopes it came in; null when the body holds none. */
export function errorOf(body: unknown): WireError | null {
  if (!isRecord(body)) return null;
  for (const [key, shape] of envelopes) {
    const said = Object.hasOwn(body, key) ? shape.safeParse(body) : null;
    if (said?.success) return said.data;
  }
  return null;
}

/** The entries that could be read. */
export function readable<T>(shape: z.ZodType<T>, entries: readonly unknown[]): T[] {
  return entries.flatMap((entry) => {
    const parsed = shape.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  });
}
