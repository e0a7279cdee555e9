/** The only place that says what a cloud account is in the configuration: a line for each cloud, and beside it what only that cloud has. */
import { z } from "zod";
import type { Secret } from "./secret.ts";

const nameExpected = 'expected at most 20 letters, digits, "-" or "_", e.g. "prod"';
const oneRegion = 'expected at least one region, e.g. "ap-guangzhou"';
const Region = z
  .string(oneRegion)
  .regex(/^[a-z0-9-]{2,40}$/, 'expected a region as the cloud names it, e.g. "ap-guangzhou"');

const common = {
  name: z.string(nameExpected).regex(/^[A-Za-z0-9_-]{1,20}$/, nameExpected),
  regions: z
    .array(Region, oneRegion)
    .min(1, oneRegion)
    .refine((regions) => new Set(regions).size === regions.length, "the same region stands here twice"),
  credentials: z.strictObject(
    { idFrom: variableName("TENCENT_SECRET_ID"), secretFrom: variableName("TENCENT_SECRET_KEY") },
    "expected { idFrom: …, secretFrom: … }, the names of two environment variables",
  ),
  endpoint: z.string("expected an address, e.g. https://cvm.tencentcloudapi.com").superRefine(checkEndpoint).optional(),
  /** After a reinstall, try SSH or Remote Desktop from here, on the server's public or private address. */
  probe: z.enum(["off", "public", "private"], "expected off, public or private").default("off"),
};

const yesOrNo = z.boolean("expected true or false").default(false);

const Tencent = z.strictObject({
  ...common,
  cloud: z.literal("tencent"),
  site: z.enum(["mainland", "international"], "expected mainland or international"),
  /** Stop a running server before it is reinstalled. */
  stopFirst: yesOrNo,
});

const projectExpected = "expected the project id, 32 characters of 0-9 and a-f, or one for each region: { eu-de: … }";
const ProjectId = z.string(projectExpected).regex(/^[0-9a-f]{32}$/, projectExpected);
const Huawei = z
  .strictObject({
    ...common,
    cloud: z.literal("huawei"),
    site: z.enum(["huawei", "otc"], "expected huawei or otc"),
    project: z.union([ProjectId, z.record(z.string(), ProjectId)], projectExpected),
    /** Whose key pairs are offered. */
    userId: z.string("expected the id of the IAM user").min(1, "expected the id of the IAM user").optional(),
    /** Private images without Cloud-Init, which need the older call. */
    noCloudInitImages: z.array(z.string("expected image ids"), "expected a list of image ids").default([]),
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
  cloud: z.literal("jdcloud"),
  site: z.literal("cn", "expected cn").default("cn"),
  /** Plant a mark in the host name, by which our own rebuild is known again. */
  hostnameMark: yesOrNo,
});

export const AccountEntry = z.discriminatedUnion(
  "cloud",
  [Tencent, Huawei, Jdcloud],
  "expected tencent, huawei or jdcloud",
);

/** As the adapters take it: the credentials read, the secret wrapped. */
type WithSecret<Entry> = Omit<Entry, "credentials"> & { id: string; secret: Secret };
export type TencentAccount = WithSecret<z.infer<typeof Tencent>>;
export type HuaweiAccount = WithSecret<z.infer<typeof Huawei>>;
export type JdcloudAccount = WithSecret<z.infer<typeof Jdcloud>>;
export type Account = TencentAccount | HuaweiAccount | JdcloudAccount;

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
  const shapes = { tencent: Tencent.shape, huawei: Huawei.in.shape, jdcloud: Jdcloud.shape };
  const known = typeof cloud === "string" && Object.hasOwn(shapes, cloud);
  return Object.keys(known ? shapes[cloud as keyof typeof shapes] : { ...common, cloud: 0, site: 0 });
}
