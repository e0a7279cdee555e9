/** What the simulated ECS, IMS, EVS and IAM answer when they are only asked. */
import type { Call } from "./huawei.ts";
import { isArmed } from "./huawei-faults.ts";
import { type HuaweiState, hexId, type SimImage, type SimServer } from "./huawei-state.ts";
import {
  type Body,
  flatError,
  imageBody,
  jobBody,
  novaError,
  reply,
  serverBody,
  serviceError,
  shown,
  volumeBody,
} from "./huawei-wire.ts";
import type { SimReply } from "./sim.ts";

export function serverDetail(state: HuaweiState, call: Call): SimReply {
  const server = state.servers[call.named["server"] ?? ""];
  if (!server || server.region !== call.region) return serviceError(state, 404, "Ecs.0114", "The ECS does not exist.");
  return reply(state, 200, { server: serverBody(call.site, shown(state, server, call.now)) });
}

/** `offset` is the number of the page, from 1 (0 means 1 too); 25 a page unless asked otherwise. */
export function serverList(state: HuaweiState, call: Call): SimReply {
  const limit = whole(call.query.get("limit"), 25);
  if (limit < 1 || limit > 1000) return serviceError(state, 400, "Ecs.0005", "Invalid parameter values: limit.");
  const page = Math.max(1, whole(call.query.get("offset"), 1));
  const fitting = Object.values(state.servers)
    .filter((server) => server.region === call.region && wanted(server, call.query))
    .map((server) => serverBody(call.site, shown(state, server, call.now)));
  return reply(state, 200, { servers: fitting.slice((page - 1) * limit, page * limit), count: fitting.length });
}

function wanted(server: SimServer, query: URLSearchParams): boolean {
  const ids = query.get("server_id");
  const checks: readonly boolean[] = [
    ids === null || ids.split(",").includes(server.id),
    server.name.includes(query.get("name") ?? ""),
    query.get("status") === null || query.get("status") === server.status,
    query.get("flavor") === null || query.get("flavor") === server.flavor,
    `${server.ip} ${server.publicIp}`.includes(query.get("ip") ?? ""),
    query.get("ip_eq") === null || [server.ip, server.publicIp].includes(query.get("ip_eq") ?? ""),
  ];
  return checks.every(Boolean);
}

export function job(state: HuaweiState, call: Call): SimReply {
  const found = state.jobs[call.named["job"] ?? ""];
  if (!found || found.vanished || found.region !== call.region) {
    return flatError(state, 400, "Common.0011", "Failed to query system tasks.");
  }
  return reply(state, 200, jobBody(found, call.now));
}

/** `marker` is the id of the last image of the page before; there is no total. */
export function images(state: HuaweiState, call: Call): SimReply {
  const type = call.query.get("__imagetype");
  if (type !== null && !["gold", "private", "shared", "market"].includes(type)) {
    return serviceError(state, 400, "IMG.0024", "The image type in the request is incorrect.");
  }
  const all = Object.values(state.images).filter((image) => image.region === call.region);
  const marker = call.query.get("marker");
  const from = marker === null ? 0 : all.findIndex((image) => image.id === marker) + 1;
  const fitting = all.slice(from).filter((image) => fits(image, call));
  const limit = whole(call.query.get("limit"), 500);
  return reply(state, 200, { images: fitting.slice(0, limit).map((image) => imageBody(call.site, image)) });
}

function fits(image: SimImage, call: Call): boolean {
  const body = imageBody(call.site, image);
  const exact = [
    "__imagetype",
    "visibility",
    "owner",
    "id",
    "status",
    "name",
    "__platform",
    "__os_type",
    "virtual_env_type",
    "__isregistered",
  ];
  return exact.every((field) => {
    const value = call.query.get(field);
    return value === null || value === String(body[field]);
  });
}

/** Key pairs belong to one IAM user: only the caller's own are seen. */
export function keyPairs(state: HuaweiState, call: Call): SimReply {
  const own = state.keyPairs.filter((pair) => pair.region === call.region && pair.userId === call.site.userId);
  const bodies = own.map((pair) => ({
    keypair: {
      name: pair.name,
      fingerprint: (hexId(`key/${pair.name}`).match(/../g) ?? []).join(":"),
      public_key: `ssh-rsa AAAAB3${hexId(`public/${pair.name}`)} Generated-by-Nova`,
      type: "ssh",
    },
  }));
  return reply(state, 200, { keypairs: bodies });
}

export function quota(state: HuaweiState, call: Call): SimReply {
  if (call.named["target"] !== call.named["project"])
    return novaError(state, 403, "forbidden", "Policy does not allow it.");
  const used = volumesOf(state, call).length;
  const limit = isArmed(state, "quota-zero") ? used : used + 200;
  const set = {
    id: call.named["project"],
    volumes: { in_use: used, limit, reserved: 0 },
    gigabytes: { in_use: used * 50, limit: 100_000, reserved: 0 },
    volumes_SSD: { in_use: used, limit: -1, reserved: 0 },
  };
  return reply(state, 200, { quota_set: set });
}

/** `ids` has the odd form ['a','b'] and at most 60 of them. */
export function volumes(state: HuaweiState, call: Call): SimReply {
  const ids = call.query.get("ids")?.match(/[0-9a-f-]{36}/g) ?? null;
  if (ids !== null && ids.length > 60) return serviceError(state, 400, "EVS.2024", "Too many ids.");
  const fitting = volumesOf(state, call).filter((body) => ids === null || ids.includes(String(body["id"])));
  const limit = whole(call.query.get("limit"), 1000);
  const offset = whole(call.query.get("offset"), 0);
  return reply(state, 200, {
    count: fitting.length,
    volumes: fitting.slice(offset, offset + limit),
    volumes_links: [],
  });
}

function volumesOf(state: HuaweiState, call: Call): Body[] {
  return Object.values(state.servers)
    .filter((server) => server.region === call.region)
    .map((server) => shown(state, server, call.now))
    .flatMap((server) => [
      ...(server.systemDisk ? [volumeBody(server.systemDisk, server, true)] : []),
      ...server.dataDisks.map((disk) => volumeBody(disk, server, false)),
    ]);
}

export function limits(state: HuaweiState, call: Call): SimReply {
  const servers = Object.values(state.servers).filter((server) => server.region === call.region);
  const absolute = {
    maxTotalInstances: 500,
    totalInstancesUsed: servers.length,
    maxTotalCores: 4000,
    totalCoresUsed: servers.reduce((sum, server) => sum + server.vcpus, 0),
    maxTotalRAMSize: 8_192_000,
    totalRAMUsed: servers.reduce((sum, server) => sum + server.ramMb, 0),
    maxTotalKeypairs: -1,
  };
  return reply(state, 200, { absolute });
}

/** Linux never has one; a Windows server has it once the key pair is in. */
export function serverPassword(state: HuaweiState, call: Call): SimReply {
  const server = state.servers[call.named["server"] ?? ""];
  if (!server) return serviceError(state, 404, "Ecs.0114", "The ECS does not exist.");
  const ready = server.osType === "Windows" && server.keyName !== "" && server.status === "ACTIVE";
  return reply(state, 200, { password: ready ? Buffer.from(hexId(`password/${server.id}`)).toString("base64") : "" });
}

export function projects(state: HuaweiState, call: Call): SimReply {
  const name = call.query.get("name");
  const found = call.site.regions.filter((region) => name === null || region.name === name);
  return reply(state, 200, {
    projects: found.map((region) => ({ id: region.project, name: region.name, enabled: true })),
  });
}

function whole(text: string | null, otherwise: number): number {
  const number = Number(text ?? otherwise);
  return Number.isInteger(number) ? number : otherwise;
}
