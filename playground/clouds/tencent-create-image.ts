/** The only place that makes custom images of simulated instances. https://www.tencentcloud.com/document/product/213/33276 */
import { architectureOf, notFound, wrongIds } from "./tencent-describe.ts";
import { fires } from "./tencent-faults.ts";
import type { Params } from "./tencent-params.ts";
import {
  type CvmImage,
  type CvmInstance,
  type CvmTask,
  draw,
  durations,
  idOf,
  imagesIn,
  isWindows,
  serverIn,
  type TencentState,
  withServer,
} from "./tencent-state.ts";
import { notNow } from "./tencent-task.ts";
import { type Answered, type Call, type Refusal, refusal, refuse } from "./tencent-wire.ts";

/** Custom images a region may hold; those that are there at the start leave room for some. */
const imageQuota = 60;

export function describeImageQuota(state: TencentState, _call: Call<Params<"DescribeImageQuota">>): Answered {
  return [state, { give: { ImageNumQuota: state.armed["image-quota"] === undefined ? imageQuota : 0 } }];
}

export function createImage(state: TencentState, call: Call<Params<"CreateImage">>): Answered {
  const source = sourceOf(state, call);
  if ("code" in source) return refuse(state, source);
  if (call.params.DryRun) {
    return refuse(state, refusal("DryRunOperation", "The request would have succeeded, but DryRun was set."));
  }
  const [drawn, lot] = draw(state);
  const [after, fails] = fires(drawn, "image-fails");
  const task = imageTask(source, call, state.speed, fails);
  const image = imageOf(source, call, idOf("img", lot), task.doneAt, fails);
  const next = withServer({ ...after, images: [...after.images, image] }, { ...source, task });
  return [next, { give: { ImageId: image.id } }];
}

/** The instance to copy, or why it cannot be copied. Snapshots of their own are not kept here. */
function sourceOf(state: TencentState, call: Call<Params<"CreateImage">>): CvmInstance | Refusal {
  const { InstanceId: id, SnapshotIds: snapshots, ImageName: name, ImageDescription: description = "" } = call.params;
  if (snapshots) return refusal("InvalidParameter.SnapshotNotFound", "The specified snapshot does not exist.");
  if (id === undefined) {
    return refusal("InvalidParameter.SpecifyOneParameter", "InstanceId or SnapshotIds must be specified.");
  }
  const wrong = wrongIds([id]);
  if (wrong) return wrong;
  if (name === "") return refusal("InvalidParameterValue", "The value of the parameter `ImageName` is not valid.");
  if (name.length > 60 || description.length > 256) {
    return refusal("InvalidParameterValue.TooLarge", "ImageName or ImageDescription is too long.");
  }
  const instance = serverIn(state, call.region, id, call.now);
  if (!instance) return notFound(id);
  const own = imagesIn(state, call.region).filter((image) => image.type === "PRIVATE_IMAGE");
  if (own.some((image) => image.name === name)) {
    return refusal("InvalidImageName.Duplicate", "The specified image name already exists.");
  }
  if (own.length >= imageQuota) return refusal("ImageQuotaLimitExceeded", "The image quota has been exceeded.");
  const stranger = (call.params.DataDiskIds ?? []).find((each) => !instance.dataDisks.some((disk) => disk.id === each));
  if (stranger !== undefined) {
    return refusal("InvalidParameter.DataDiskNotBelongSpecifiedInstance", `The disk \`${stranger}\` is not its own.`);
  }
  const refused = notNow(instance, call.action, call.now);
  if (refused) return refused;
  return instance.stopCharging === "STOP_CHARGING"
    ? refusal("UnsupportedOperation.StoppedModeStopCharging", `The instance \`${id}\` is stopped without charges.`)
    : instance;
}

/** With ForcePoweroff a running instance is down while its disk is copied, and comes back afterwards. */
function imageTask(instance: CvmInstance, call: Call<Params<"CreateImage">>, speed: number, fails: boolean): CvmTask {
  const doneAt = call.now + durations.image / speed;
  const goesDown = /^true$/i.test(call.params.ForcePoweroff ?? "") && instance.state === "RUNNING";
  return {
    operation: call.action,
    requestId: call.requestId,
    acceptedAt: call.now,
    shownAt: call.now + durations.lag / speed,
    doneAt,
    endsAt: doneAt + durations.busyAfter / speed,
    phases: goesDown
      ? [
          { from: call.now, state: "STOPPING" },
          { from: call.now + durations.stop / speed, state: "STOPPED" },
        ]
      : [],
    effect: {},
    outcome: fails ? "FAILED" : "SUCCESS",
    message: fails ? "Failed to create the image." : "",
  };
}

function imageOf(
  instance: CvmInstance,
  call: Call<Params<"CreateImage">>,
  id: string,
  settlesAt: number,
  fails: boolean,
): CvmImage {
  return {
    id,
    region: instance.region,
    name: call.params.ImageName,
    osName: instance.osName,
    platform: isWindows(instance) ? "Windows" : (instance.osName.split(" ")[0] ?? ""),
    type: "PRIVATE_IMAGE",
    architecture: architectureOf(instance.type),
    sizeGb: instance.systemDisk.sizeGb,
    state: fails ? "CREATEFAILED" : "NORMAL",
    settlesAt,
    licence: instance.licence,
    deprecated: false,
    description: call.params.ImageDescription ?? "",
    createdAt: new Date(call.now).toISOString().replace(/\.\d+Z$/, "Z"),
  };
}
