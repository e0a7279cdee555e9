/** The only place that turns an ECS as the API shows it into the server that the rest of the bot knows. */
import { readName } from "../line.ts";
import type { Disk, Facts, Os, Power, Server, ServerRef } from "./cloud.ts";
import type { WireServer, WireVolume } from "./huawei-wire.ts";

export type Volumes = ReadonlyMap<string, WireVolume>;

export function serverFrom(wire: WireServer, volumes: Volumes, ref: ServerRef, readAt: number): Server {
  const disks = wire["os-extended-volumes:volumes_attached"].map((each) => ({
    system: each.bootIndex === "0",
    disk: diskFrom(each.id, volumes),
  }));
  const system = disks.find((each) => each.system)?.disk;
  const os = osOf(wire);
  const image = { id: meta(wire, "metering.image_id") || wire.image.id, name: meta(wire, "image_name") };
  return {
    ref,
    name: readName(wire.name),
    readAt,
    power: powerOf(wire),
    state: stateOf(wire),
    os,
    image,
    ...(system ? { systemDisk: system } : {}),
    dataDisks: disks.filter((each) => !each.system).map((each) => each.disk),
    ips: ipsOf(wire),
    charge: charges[meta(wire, "charging_mode")] ?? "",
    loginUser: os.family === "windows" ? "Administrator" : "root",
    tags: tagsOf(wire),
    identity: {
      "system disk": system?.id ?? "none",
      "system disk size": system ? `${system.sizeGb} GB` : "none",
      image: image.id,
      OS: os.name,
      licence: bringsOwn(wire) ? "own" : "from the system",
    },
    trace: traceOf(wire, system),
    facts: factsOf(wire),
  };
}

/** The cloud says that there is no such server. */
export function goneServer(ref: ServerRef, readAt: number): Server {
  const none = { ref, name: ref.id, readAt, power: "gone" as const, state: "not found", charge: "" };
  return {
    ...none,
    os: { family: "unknown", name: "" },
    image: { id: "", name: "" },
    dataDisks: [],
    ips: { public: [], private: [] },
    tags: {},
    identity: {},
    trace: {},
    facts: {},
  };
}

/** The temporary server that the cloud makes for the time of a reinstall: it carries the id of the server it is for. */
export function isTemporary(wire: WireServer, ids: ReadonlySet<string>): boolean {
  const words = [...Object.values(wire.metadata), ...(wire.name.match(/[0-9a-f-]{36}/g) ?? [])];
  return words.some((word) => typeof word === "string" && word !== wire.id && ids.has(word));
}

/** The status follows from vm_state and task_state; a task of any kind means that something is going on. */
const powers: Readonly<Record<string, Power>> = {
  ACTIVE: "running",
  SHUTOFF: "stopped",
  // A failed reinstall has no status of its own: the API shows ERROR.
  ERROR: "broken",
  DELETED: "gone",
  BUILD: "busy",
  REBUILD: "busy",
  REBOOT: "busy",
  HARD_REBOOT: "busy",
  MIGRATING: "busy",
  RESIZE: "busy",
  REVERT_RESIZE: "busy",
  VERIFY_RESIZE: "busy",
};

export function powerOf(wire: WireServer): Power {
  const power = powers[wire.status] ?? "unknown";
  return wire["OS-EXT-STS:task_state"] !== "" && power !== "gone" ? "busy" : power;
}

function stateOf(wire: WireServer): string {
  const task = wire["OS-EXT-STS:task_state"];
  return task === "" ? wire.status : `${wire.status} (${task})`;
}

/** Everything that an operation leaves behind, so that a reading before and one after can be compared. */
function traceOf(wire: WireServer, system: Disk | undefined): Facts {
  return {
    status: wire.status,
    task: wire["OS-EXT-STS:task_state"],
    "system disk": system?.id ?? "none",
    image: meta(wire, "metering.image_id"),
    "image name": meta(wire, "image_name"),
    "key pair": wire.key_name,
    "host name": wire["OS-EXT-SRV-ATTR:hostname"],
    launched: wire["OS-SRV-USG:launched_at"],
    updated: wire.updated,
  };
}

function factsOf(wire: WireServer): Facts {
  const hints = wire["os:scheduler_hints"];
  const isDedicated = JSON.stringify(hints["tenancy"] ?? "").includes("dedicated") || "dedicated_host_id" in hints;
  return {
    flavor: wire.flavor.id,
    ramMb: wire.flavor.ram,
    chargingMode: meta(wire, "charging_mode"),
    imageType: meta(wire, "metering.imagetype"),
    locked: String(wire.locked),
    frozen: String(meta(wire, "EcmResStatus") === "freeze"),
    dedicatedHost: String(isDedicated),
    licence: bringsOwn(wire) ? "byol" : "system",
    status: wire.status,
    zone: wire["OS-EXT-AZ:availability_zone"],
  };
}

function diskFrom(id: string, volumes: Volumes): Disk {
  const volume = volumes.get(id);
  return { id, sizeGb: volume?.size ?? 0, kind: "cloud", type: volume?.volume_type ?? "" };
}

const charges: Readonly<Record<string, string>> = { "0": "pay per use", "1": "prepaid", "2": "spot" };

function osOf(wire: WireServer): Os {
  const type = meta(wire, "os_type").toLowerCase();
  const family = type === "linux" || type === "windows" ? type : "unknown";
  return { family, name: readName(meta(wire, "image_name")) || meta(wire, "os_type") };
}

function ipsOf(wire: WireServer): Server["ips"] {
  const all = Object.values(wire.addresses).flat();
  const of = (type: string) => all.filter((each) => each["OS-EXT-IPS:type"] === type).map((each) => each.addr);
  return { public: of("floating"), private: of("fixed") };
}

/** Tags are texts of the form "key=value" or "key". */
function tagsOf(wire: WireServer): Facts {
  const pairs = wire.tags.map((tag) => {
    const at = tag.indexOf("=");
    return at < 0 ? [tag, ""] : [tag.slice(0, at), tag.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}

function bringsOwn(wire: WireServer): boolean {
  return meta(wire, "BYOL") === "true";
}

function meta(wire: WireServer, name: string): string {
  const value = wire.metadata[name];
  return typeof value === "string" ? value : "";
}
