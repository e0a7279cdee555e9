/** The only place where time passes in the simulated ECS: jobs begin, and end with their effect. */
import {
  type HuaweiState,
  hexId,
  type SimJob,
  type SimServer,
  type SimWork,
  uuid,
  withJob,
  withoutServer,
  withServer,
} from "./huawei-state.ts";

const durationMs = {
  init: 3_000,
  stop: 20_000,
  start: 20_000,
  image: 5 * 60_000,
  reinstall: 5 * 60_000,
  change: 11 * 60_000,
};

/** The state as it is at `now`: everything that has ended by then has taken effect, in the order in which it ended. */
export function settle(state: HuaweiState, now: number): HuaweiState {
  const due = Object.values(state.jobs)
    .filter((job) => job.state === "open" && job.endsAt <= now)
    .sort((a, b) => a.endsAt - b.endsAt || (a.id < b.id ? -1 : 1));
  return due.reduce(end, state);
}

/** Begins a job and shows the server as busy; `fails` says how it is going to end. */
export function begin(
  state: HuaweiState,
  server: SimServer,
  work: SimWork,
  now: number,
  will: { fail?: SimJob["fails"]; hang?: boolean; vanish?: boolean; stale?: boolean } = {},
): readonly [HuaweiState, SimJob] {
  const made = state.made + 1;
  const id = `${hexId(`job/${server.id}/${made}`)}`;
  const isChange = work.kind === "wipe" && work.imageId !== server.imageId;
  const wholeMs = work.kind === "wipe" ? durationMs[isChange ? "change" : "reinstall"] : durationMs[work.kind];
  const stopFirstMs = work.kind === "wipe" && server.status === "ACTIVE" ? durationMs.stop : 0;
  const lastsMs = (will.fail ? wholeMs / 2 : wholeMs + stopFirstMs) / state.speed;
  const job: SimJob = {
    id,
    region: server.region,
    type:
      work.kind === "wipe"
        ? isChange
          ? "changeOs"
          : "reinstallOs"
        : work.kind === "image"
          ? "imsCreateImageByInstance"
          : `${work.kind}Server`,
    server: server.id,
    work,
    beganAt: now,
    runsAt: now + durationMs.init / state.speed,
    endsAt: will.hang ? Number.POSITIVE_INFINITY : now + lastsMs,
    state: "open",
    endedAt: 0,
    fails: will.fail ?? null,
    vanished: will.vanish ?? false,
  };
  const busy = { ...server, ...looks[work.kind], updatedAt: now };
  const seen = will.stale ? { ...busy, stale: { until: now + lastsMs / 2, as: server } } : busy;
  const begun = withServer(withJob({ ...state, made }, job), seen);
  return [work.kind === "wipe" ? withServer(begun, temporary(server, work.temporary, now)) : begun, job];
}

const looks: Readonly<Record<SimWork["kind"], Partial<SimServer>>> = {
  stop: { task: "powering-off" },
  start: { task: "powering-on" },
  image: { task: "image_snapshot" },
  wipe: { status: "REBUILD", task: "rebuilding", fault: null },
};

/** The temporary server that appears in the list for as long as the reinstall runs. */
function temporary(server: SimServer, id: string, now: number): SimServer {
  return {
    ...server,
    id,
    name: `${server.name}-temporary-${server.id.slice(0, 8)}`,
    about: "temporary",
    status: "BUILD",
    task: "spawning",
    dataDisks: [],
    systemDisk: { id: uuid(`volume/${id}`), sizeGb: server.systemDisk?.sizeGb ?? 40, type: "SSD" },
    ip: "192.168.250.1",
    publicIp: "",
    createdAt: now,
    password: "",
    reinstalls: 0,
    temporaryFor: server.id,
  };
}

function end(state: HuaweiState, job: SimJob): HuaweiState {
  const over = withJob(state, { ...job, state: job.fails ? "FAIL" : "SUCCESS", endedAt: job.endsAt });
  const closed = job.work.kind === "image" ? imageEnds(over, job.work.imageId, job.fails !== null) : over;
  const cleaned = job.work.kind === "wipe" ? withoutServer(closed, job.work.temporary) : closed;
  const server = cleaned.servers[job.server];
  if (!server) return cleaned;
  const { stale: _, ...bare } = server;
  return withServer(cleaned, {
    ...(job.fails ? failed(bare, job) : succeeded(bare, job, cleaned)),
    updatedAt: job.endsAt,
  });
}

function imageEnds(state: HuaweiState, id: string, fails: boolean): HuaweiState {
  const image = state.images[id];
  if (!image) return state;
  return { ...state, images: { ...state.images, [id]: { ...image, status: fails ? "killed" : "active" } } };
}

function failed(server: SimServer, job: SimJob): SimServer {
  if (job.work.kind !== "wipe") return { ...server, task: null };
  const says =
    job.type === "changeOs" ? "Failed to change the OS of the ECS." : "Failed to reinstall the OS of the ECS.";
  return { ...server, status: "ERROR", task: null, fault: { message: says, code: "500" } };
}

function succeeded(server: SimServer, job: SimJob, state: HuaweiState): SimServer {
  const work = job.work;
  if (work.kind === "image") return { ...server, task: null };
  if (work.kind !== "wipe") {
    const power =
      work.kind === "stop" ? { status: "SHUTOFF" as const } : { status: "ACTIVE" as const, launchedAt: job.endsAt };
    return { ...server, ...power, task: null };
  }
  const image = state.images[work.imageId];
  return {
    ...server,
    status: "ACTIVE",
    task: null,
    fault: null,
    imageId: work.imageId,
    imageName: image?.name ?? server.imageName,
    imageType: image?.type ?? server.imageType,
    osType: image?.osType ?? server.osType,
    platform: image?.platform ?? server.platform,
    byol: work.byol,
    // A new disk from the image, never smaller than the image asks for; the old one is deleted.
    systemDisk: {
      id: uuid(`volume/${job.id}`),
      sizeGb: Math.max(server.systemDisk?.sizeGb ?? 0, image?.minDiskGb ?? 0),
      type: server.systemDisk?.type ?? "SSD",
    },
    keyName: work.keyName,
    password: work.password,
    hostname: `host-${server.ip.replaceAll(".", "-")}`,
    launchedAt: job.endsAt,
    reinstalls: server.reinstalls + 1,
  };
}
