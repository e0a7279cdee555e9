/** What the simulated ECS, IMS, EVS and IAM answer when they are only asked. */
import type { Call } from "./huawei.ts";
import { isArmed } from "./huawei-faults.ts";
import { type HuaweiState, hexId, type SimImage, type SimServer } from "./huawei-state.ts";
import {
  flatError,
  imageBody,
  jobBody,
  novaError,
  reply,
  replyText,
  serverText,
  serviceError,
  shown,
  volumeTexts,
} from "./huawei-wire.ts";
import type { SimReply } from "./sim.ts";

export function serverDetail(state: HuaweiState, call: Call): SimReply {
  const server = state.servers[call.named["server"] ?? ""];
  if (!server || server.region !== call.region) return serviceError(state, 404, "Ecs.0114", "The ECS does not exist.");
  return replyText(state, 200, `{"server":${serverText(call.site, shown(state, server, call.now))}}`);
}

/** `offset` is the number of the page, from 1 (0 means 1 too); 25 a page unless asked otherwise. */
export function serverList(state: HuaweiState, call: Call): SimReply {
  const limit = whole(call.query.get("limit"), 25);
  if (limit < 1 || limit > 1000) return serviceError(state, 400, "Ecs.0005", "Invalid parameter values: limit.");
  const page = Math.max(1, whole(call.query.get("offset"), 1));
  const isWanted = wantedBy(call.query);
  const fitting = Object.values(state.servers).filter((server) => server.region === call.region && isWanted(server));
  const texts = fitting
    .slice((page - 1) * limit, page * limit)
    .map((server) => serverText(call.site, shown(state, server, call.now)));
  return replyText(state, 200, `{"servers":[${texts.join(",")}],"count":${fitting.length}}`);
}

function wantedBy(query: URLSearchParams): (server: SimServer) => boolean {
  const ids = query.get("server_id")?.split(",") ?? null;
  const [name, ip] = [query.get("name") ?? "", query.get("ip") ?? ""];
  const [status, flavor, exactIp] = [query.get("status"), query.get("flavor"), query.get("ip_eq")];
  return (server) =>
    (ids === null || ids.includes(server.id)) &&
    server.name.includes(name) &&
    (status === null || status === server.status) &&
    (flavor === null || flavor === server.flavor) &&
    `${server.ip} ${server.publicIp}`.includes(ip) &&
    (exactIp === null || [server.ip, server.publicIp].includes(exactIp));
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
  const fits = fittingBy(call);
  const fitting = all.slice(from).filter(fits);
  const limit = whole(call.query.get("limit"), 500);
  return reply(state, 200, { images: fitting.slice(0, limit).map((image) => imageBody(call.site, image)) });
}

const exactFields = [
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

function fittingBy({ site, query }: Call): (image: SimImage) => boolean {
  const wanted = exactFields.flatMap((field) => {
    const value = query.get(field);
    return value === null ? [] : [{ field, value }];
  });
  return (image) => {
    const body = imageBody(site, image);
    return wanted.every(({ field, value }) => value === String(body[field]));
  };
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
  const fitting = volumesOf(state, call).filter(({ id }) => ids === null || ids.includes(id));
  const limit = whole(call.query.get("limit"), 1000);
  const offset = whole(call.query.get("offset"), 0);
  const texts = fitting.slice(offset, offset + limit).map(({ text }) => text);
  return replyText(state, 200, `{"count":${fitting.length},"volumes":[${texts.join(",")}],"volumes_links":[]}`);
}

function volumesOf(state: HuaweiState, call: Call): ReturnType<typeof volumeTexts> {
  return Object.values(state.servers)
    .filter((server) => server.region === call.region)
    .flatMap((server) => volumeTexts(shown(state, server, call.now)));
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
