/** The only place that says which parameters each API takes, and what is answered to wrong ones. https://www.tencentcloud.com/document/product/213/33242 */
import * as z from "zod";
import type { SimRequest } from "./sim.ts";
import { type Refusal, refusal } from "./tencent-wire.ts";

const Ids = z.array(z.string());
const Tags = z.array(z.strictObject({ Key: z.string(), Value: z.string() }));
const paging = { Offset: z.int().optional(), Limit: z.int().optional() };
const Filters = z.array(z.strictObject({ Name: z.string(), Values: Ids }));
const StopType = z.enum(["SOFT", "HARD", "SOFT_FIRST"]);
const Enabled = z.strictObject({ Enabled: z.boolean().optional() });
const SystemDisk = z.strictObject({
  DiskSize: z.int().optional(),
  DiskType: z.string().optional(),
  DiskId: z.string().optional(),
  Encrypt: z.boolean().optional(),
  KmsKeyId: z.string().optional(),
});
const Inquiry = z.strictObject({
  InstanceId: z.string(),
  ImageId: z.string().optional(),
  SystemDisk: SystemDisk.optional(),
  LoginSettings: z
    .strictObject({ Password: z.string().optional(), KeyIds: Ids.optional(), KeepImageLogin: z.string().optional() })
    .optional(),
  EnhancedService: z
    .strictObject({
      SecurityService: Enabled.optional(),
      MonitorService: Enabled.optional(),
      AutomationService: Enabled.optional(),
    })
    .optional(),
  UserData: z.string().optional(),
});

export const params = {
  DescribeInstances: z.strictObject({ InstanceIds: Ids.optional(), Filters: Filters.optional(), ...paging }),
  DescribeInstancesStatus: z.strictObject({ InstanceIds: Ids.optional(), ...paging }),
  DescribeImages: z.strictObject({
    ImageIds: Ids.optional(),
    Filters: Filters.optional(),
    InstanceType: z.string().optional(),
    ...paging,
  }),
  DescribeKeyPairs: z.strictObject({ KeyIds: Ids.optional(), Filters: Filters.optional(), ...paging }),
  DescribeImageQuota: z.strictObject({}),
  InquiryPriceResetInstance: Inquiry,
  ResetInstance: Inquiry.extend({ HostName: z.string().optional() }),
  StopInstances: z.strictObject({
    InstanceIds: Ids,
    StopType: StopType.optional(),
    ForceStop: z.boolean().optional(),
    StoppedMode: z.enum(["KEEP_CHARGING", "STOP_CHARGING"]).optional(),
  }),
  StartInstances: z.strictObject({ InstanceIds: Ids }),
  RebootInstances: z.strictObject({
    InstanceIds: Ids,
    StopType: StopType.optional(),
    ForceReboot: z.boolean().optional(),
  }),
  CreateImage: z.strictObject({
    ImageName: z.string(),
    InstanceId: z.string().optional(),
    ImageDescription: z.string().optional(),
    ForcePoweroff: z.string().optional(),
    Sysprep: z.string().optional(),
    DataDiskIds: Ids.optional(),
    SnapshotIds: Ids.optional(),
    DryRun: z.boolean().optional(),
    TagSpecification: z.array(z.strictObject({ ResourceType: z.string(), Tags })).optional(),
    ImageFamily: z.string().optional(),
  }),
};
export type Action = keyof typeof params;
export type Params<A extends Action> = z.infer<(typeof params)[A]>;

export function isAction(name: string): name is Action {
  return Object.hasOwn(params, name);
}

/** The parameters as they came, from the JSON body of a POST or the flattened query of a GET. */
export function rawParams(request: SimRequest): { raw: unknown } | { refuse: Refusal } {
  if (request.method === "GET") {
    const mark = request.path.indexOf("?");
    return { raw: unflatten(new URLSearchParams(mark < 0 ? "" : request.path.slice(mark + 1))) };
  }
  try {
    const raw: unknown = JSON.parse(request.body === "" ? "{}" : request.body);
    if (typeof raw === "object" && raw !== null && !Array.isArray(raw)) return { raw };
  } catch {
    // Answered below, as any other body that is no JSON object.
  }
  return { refuse: refusal("InvalidParameter", "The request body is not a JSON object.") };
}

/** Null when everything is right. The value itself never appears in the message: it may be a password. */
export function wrongParams(action: Action, raw: unknown): Refusal | null {
  const issue = params[action].safeParse(raw).error?.issues[0];
  if (!issue) return null;
  const where = [...issue.path, ...(issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [])].join(".");
  if (issue.code === "unrecognized_keys") {
    return refusal("UnknownParameter", `The parameter \`${where}\` is not recognized.`);
  }
  if (valueAt(raw, issue.path) === undefined) {
    return refusal("MissingParameter", `The request is missing a required parameter \`${where}\`.`);
  }
  if (issue.code === "invalid_value") {
    return refusal("InvalidParameterValue", `The value of the parameter \`${where}\` is not valid.`);
  }
  return refusal("InvalidParameter", `The value type of the parameter \`${where}\` is not valid.`);
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

const wholeNumbers = new Set(["Offset", "Limit", "DiskSize"]);
const switches = new Set(["DryRun", "Enabled", "ForceStop", "ForceReboot", "Encrypt"]);

/** `InstanceIds.0=ins-…&Filters.0.Values.1=x` as the structure it stands for. */
function unflatten(query: URLSearchParams): unknown {
  const root: Record<string, unknown> = {};
  for (const [name, text] of query) {
    const path = name.split(".");
    const last = path.pop() ?? name;
    let place = root;
    for (const key of path) {
      const inner = Object.hasOwn(place, key) ? place[key] : undefined;
      const next = isPlain(inner) ? inner : {};
      place[key] = next;
      place = next;
    }
    place[last] = scalar(last, text);
  }
  return withLists(root);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function scalar(name: string, text: string): unknown {
  if (wholeNumbers.has(name) && /^-?\d+$/.test(text)) return Number(text);
  if (switches.has(name) && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  return text;
}

function withLists(value: unknown): unknown {
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withLists(inner)] as const);
  const isList = entries.length > 0 && entries.every(([key], index) => key === String(index));
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
