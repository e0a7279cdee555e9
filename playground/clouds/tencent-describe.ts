/** The only place that answers the reading APIs of simulated Tencent Cloud. https://www.tencentcloud.com/document/product/213/33258 */
import { fitsInstance, instanceWire } from "./tencent-instance-wire.ts";
import type { Params } from "./tencent-params.ts";
import {
  type CvmImage,
  type CvmInstance,
  imageState,
  imagesIn,
  pictureAt,
  serverIn,
  type TencentState,
} from "./tencent-state.ts";
import { type Answered, type Call, type Refusal, refusal, refuse } from "./tencent-wire.ts";

const idsMax = 100;
const limitDefault = 20;
const limitMax = 100;
const filtersMax = 10;
const filterValuesMax = 5;

export function describeInstances(state: TencentState, call: Call<Params<"DescribeInstances">>): Answered {
  const { InstanceIds: ids, Filters: filters } = call.params;
  if (ids && filters) {
    return refuse(state, refusal("InvalidParameter", "InstanceIds and Filters cannot be specified at the same time."));
  }
  const filter = wrongFilters(filters, instanceFilters);
  if (filter) return refuse(state, filter);
  const chosen = chooseInstances(state, call, ids);
  if ("code" in chosen) return refuse(state, chosen);
  const fitting = chosen.filter((instance) => (filters ?? []).every((each) => fitsInstance(instance, each)));
  const page = pageOf(fitting, call.params, "InvalidParameterValue");
  if ("code" in page) return refuse(state, page);
  return [state, { give: { TotalCount: fitting.length, InstanceSet: page.map(instanceWire) } }];
}

export function describeInstancesStatus(state: TencentState, call: Call<Params<"DescribeInstancesStatus">>): Answered {
  const chosen = chooseInstances(state, call, call.params.InstanceIds);
  if ("code" in chosen) return refuse(state, chosen);
  const page = pageOf(chosen, call.params, "InvalidParameterValue");
  if ("code" in page) return refuse(state, page);
  const set = page.map((instance) => ({ InstanceId: instance.id, InstanceState: instance.state }));
  return [state, { give: { TotalCount: chosen.length, InstanceStatusSet: set } }];
}

/** The instances as readers are shown them now: all of the region, or those named. */
function chooseInstances(
  state: TencentState,
  call: Call<unknown>,
  ids: readonly string[] | undefined,
): readonly CvmInstance[] | Refusal {
  if (!ids || ids.length === 0) {
    return Object.values(state.servers)
      .filter((instance) => instance.region === call.region)
      .map((instance) => pictureAt(instance, call.now));
  }
  const wrong = wrongIds(ids);
  if (wrong) return wrong;
  const found: CvmInstance[] = [];
  for (const id of new Set(ids)) {
    const instance = serverIn(state, call.region, id, call.now);
    if (!instance) return notFound(id);
    found.push(pictureAt(instance, call.now));
  }
  return found;
}

export function wrongIds(ids: readonly string[]): Refusal | null {
  if (ids.length > idsMax) {
    return refusal("InvalidParameterValue.LimitExceeded", `At most ${idsMax} InstanceIds can be given.`);
  }
  const wrong = ids.find((id) => !/^ins-[a-z0-9]{8}$/.test(id));
  return wrong === undefined
    ? null
    : refusal("InvalidInstanceId.Malformed", `The instance ID \`${wrong}\` is malformed.`);
}

export function notFound(id: string): Refusal {
  return refusal("InvalidInstanceId.NotFound", `The instance \`${id}\` does not exist.`);
}

export function describeImages(state: TencentState, call: Call<Params<"DescribeImages">>): Answered {
  const { ImageIds: ids, Filters: filters, InstanceType: type } = call.params;
  if (ids && filters) {
    const code = "InvalidParameter.InvalidParameterCoexistImageIdsFilters";
    return refuse(state, refusal(code, "ImageIds and Filters cannot be specified at the same time."));
  }
  if (type !== undefined && !/^[A-Z][A-Za-z0-9]*\.[A-Z0-9]+$/.test(type)) {
    return refuse(state, refusal("InvalidInstanceType.Malformed", `The instance type \`${type}\` is malformed.`));
  }
  const malformed = ids?.find((id) => !/^img-[a-z0-9]{8}$/.test(id));
  if (malformed !== undefined) {
    return refuse(state, refusal("InvalidImageId.Malformed", `The image ID \`${malformed}\` is malformed.`));
  }
  const wrong = wrongFilters(filters, imageFilters);
  if (wrong) return refuse(state, wrong);
  const fitting = imagesIn(state, call.region)
    // No list holds the marketplace's images, and the documents name no type for them; by its id one is found.
    .filter((image) => (ids ? ids.includes(image.id) : image.type !== "MARKET_IMAGE"))
    .filter((image) => type === undefined || image.architecture === architectureOf(type))
    .filter((image) => (filters ?? []).every((each) => fitsImage(image, each)));
  const page = pageOf(fitting, call.params, "InvalidParameterValue.InvalidParameterValueLimit");
  if ("code" in page) return refuse(state, page);
  const set = page.map((image) => imageWire(image, call.now));
  return [state, { give: { TotalCount: fitting.length, ImageSet: set } }];
}

/** The SR families run on ARM processors. */
export function architectureOf(instanceType: string): CvmImage["architecture"] {
  return instanceType.startsWith("SR") ? "arm" : "x86_64";
}

export function describeKeyPairs(state: TencentState, call: Call<Params<"DescribeKeyPairs">>): Answered {
  const { KeyIds: ids, Filters: filters } = call.params;
  if (ids && filters) {
    return refuse(state, refusal("InvalidParameter", "KeyIds and Filters cannot be specified at the same time."));
  }
  const wrong = wrongFilters(filters, ["project-id", "key-name"]);
  if (wrong) return refuse(state, wrong);
  const fitting = state.keyPairs
    .filter((pair) => pair.region === call.region && (!ids || ids.includes(pair.id)))
    .filter((pair) =>
      (filters ?? []).every((each) => each.Values.includes(each.Name === "key-name" ? pair.name : "0")),
    );
  const page = pageOf(fitting, call.params, "InvalidParameterValueLimit");
  if ("code" in page) return refuse(state, page);
  const holders = (id: string) => Object.values(state.servers).filter((server) => server.keyIds.includes(id));
  const set = page.map((pair) => ({
    KeyId: pair.id,
    KeyName: pair.name,
    ProjectId: 0,
    Description: "",
    PublicKey: `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ${pair.id.slice(5)} ${pair.name}`,
    AssociatedInstanceIds: holders(pair.id).map((server) => server.id),
    CreatedTime: "2025-11-02T03:04:05Z",
    Tags: [],
  }));
  return [state, { give: { TotalCount: fitting.length, KeyPairSet: set } }];
}

const instanceFilters = (
  "zone project-id vpc-id subnet-id instance-id uuid security-group-id instance-name instance-charge-type " +
  "instance-state private-ip-address public-ip-address tag-key tag-value"
).split(" ");
const imageFilters = ["image-id", "image-type", "image-name", "platform", "tag-key", "tag-value"];

export interface Filter {
  Name: string;
  Values: readonly string[];
}

function wrongFilters(filters: readonly Filter[] | undefined, known: readonly string[]): Refusal | null {
  if (!filters) return null;
  if (filters.length > filtersMax || filters.some((each) => each.Values.length > filterValuesMax)) {
    const most = `At most ${filtersMax} filters with ${filterValuesMax} values each.`;
    return refusal("InvalidFilterValue.LimitExceeded", most);
  }
  const strange = filters.find((each) => !known.includes(each.Name) && !each.Name.startsWith("tag:"));
  return strange ? refusal("InvalidFilter", `The filter \`${strange.Name}\` is not valid.`) : null;
}

function fitsImage(image: CvmImage, filter: Filter): boolean {
  const fuzzy = (text: string) => filter.Values.some((value) => text.toLowerCase().includes(value.toLowerCase()));
  if (filter.Name === "image-id") return filter.Values.includes(image.id);
  if (filter.Name === "image-type") return filter.Values.includes(image.type);
  if (filter.Name === "image-name") return fuzzy(image.name);
  return filter.Name === "platform" && fuzzy(image.platform);
}

/** One page; 20 entries when no limit is said, also when more ids than that were named. */
function pageOf<T>(
  all: readonly T[],
  { Offset: offset = 0, Limit: limit = limitDefault }: { Offset?: number | undefined; Limit?: number | undefined },
  code: string,
): readonly T[] | Refusal {
  if (limit < 1 || limit > limitMax) return refusal(code, `Limit must be within 1 and ${limitMax}.`);
  if (offset < 0) return refusal(code, "Offset must not be negative.");
  return all.slice(offset, offset + limit);
}

function imageWire(image: CvmImage, now: number): Readonly<Record<string, unknown>> {
  const own = image.type === "PRIVATE_IMAGE";
  const state = imageState(image, now);
  return {
    ImageId: image.id,
    OsName: image.osName,
    ImageType: image.type,
    CreatedTime: image.createdAt,
    ImageName: image.name,
    ImageDescription: image.description,
    ImageSize: image.sizeGb,
    Architecture: image.architecture,
    ImageState: state,
    Platform: image.platform,
    ImageCreator: image.type === "PUBLIC_IMAGE" ? "TencentCloud" : own ? "100000000001" : "100000000077",
    ImageSource: image.type === "PUBLIC_IMAGE" ? "OFFICIAL" : "CREATE_IMAGE",
    SyncPercent: state === "SYNCING" ? 40 : null,
    IsSupportCloudinit: true,
    SnapshotSet: own
      ? [{ SnapshotId: image.id.replace("img", "snap"), DiskUsage: "SYSTEM_DISK", DiskSize: image.sizeGb }]
      : [],
    Tags: [],
    LicenseType: image.licence,
    ImageFamily: "",
    ImageDeprecated: image.deprecated,
  };
}
