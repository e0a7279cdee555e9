/** The only place where the simulated ECS, IMS and EVS put their answers into words: field for field as the vendors' samples. */
import type { SimSite } from "./huawei-sites.ts";
import {
  type HuaweiState,
  hexId,
  requestId,
  type SimDisk,
  type SimImage,
  type SimJob,
  type SimServer,
  wipeOf,
} from "./huawei-state.ts";
import { keptBy } from "./kept.ts";
import type { SimReply } from "./sim.ts";

export type Body = Readonly<Record<string, unknown>>;

/** Every answer names its request; the id is a count, so that runs are the same. */
export function reply(state: HuaweiState, status: number, body: Body): SimReply {
  return replyText(state, status, JSON.stringify(body));
}

/** The same with a body that is JSON already. */
export function replyText(state: HuaweiState, status: number, body: string): SimReply {
  const headers = { "content-type": "application/json", "x-request-id": requestId(state.made) };
  return { status, headers, body, how: "answer" };
}

/** The envelope of ECS, IMS and EVS. */
export function serviceError(state: HuaweiState, status: number, code: string, message: string): SimReply {
  return reply(state, status, { error: { code, message } });
}

/** The envelope of the API gateway. */
export function gatewayError(state: HuaweiState, status: number, code: string, message: string): SimReply {
  return reply(state, status, {
    error_code: code,
    error_msg: message,
    request_id: requestId(state.made),
  });
}

/** The envelope of native Nova. */
export function novaError(state: HuaweiState, status: number, word: string, message: string): SimReply {
  return reply(state, status, { [word]: { message, code: status } });
}

/** The envelope of the job query. */
export function flatError(state: HuaweiState, status: number, code: string, message: string): SimReply {
  return reply(state, status, { code, message });
}

/** The server as the API shows it: an old view for a while after an order, and no system disk half-way through a reinstall. */
export function shown(state: HuaweiState, server: SimServer, now: number): SimServer {
  if (server.stale && now < server.stale.until) return server.stale.as;
  const wipe = wipeOf(state, server.id);
  if (!wipe || wipe.endsAt === Number.POSITIVE_INFINITY) return server;
  const done = (now - wipe.beganAt) / (wipe.endsAt - wipe.beganAt);
  return done > 0.3 && done < 0.6 ? { ...server, systemDisk: null } : server;
}

const serverTexts = keptBy((site: SimSite) => keptBy((server: SimServer) => JSON.stringify(serverBody(site, server))));

/** A server as JSON. It is asked for again and again, and seldom another one. */
export function serverText(site: SimSite, server: SimServer): string {
  return serverTexts(site)(server);
}

function serverBody(site: SimSite, server: SimServer): Body {
  const project = site.regions.find((region) => region.name === server.region)?.project ?? "";
  const vpc = hexId(`vpc/${server.region}`);
  return {
    id: server.id,
    name: server.name,
    status: server.status,
    locked: server.locked,
    progress: 0,
    created: seconds(server.createdAt),
    updated: seconds(server.updatedAt),
    tenant_id: project,
    user_id: site.userId,
    key_name: server.keyName === "" ? null : server.keyName,
    flavor: { id: server.flavor, name: server.flavor, vcpus: `${server.vcpus}`, ram: `${server.ramMb}`, disk: "0" },
    image: { id: server.imageId },
    metadata: metadataOf(server, vpc),
    addresses: { [vpc]: addressesOf(server) },
    "os-extended-volumes:volumes_attached": volumesOf(server),
    ...extensions(server),
    host_status: "UP",
    hostId: hexId(`host/${server.id}`),
    config_drive: "",
    accessIPv4: "",
    accessIPv6: "",
    description: "",
    tags: server.about === "" ? [] : [`about=${server.about}`],
    sys_tags: [{ key: "_sys_enterprise_project_id", value: "0" }],
    security_groups: [{ id: hexId("security-group"), name: "default" }],
    "os:scheduler_hints": server.dedicatedHost ? { tenancy: ["dedicated"], dedicated_host_id: [hexId("deh")] } : {},
    fault: server.fault ? { ...server.fault, details: "", created: seconds(server.updatedAt) } : null,
    ...(server.locked ? { lockSource: "ORDER", lockSourceId: "CS2611210000001" } : {}),
  };
}

function metadataOf(server: SimServer, vpc: string): Body {
  return {
    charging_mode: server.charging,
    "metering.image_id": server.imageId,
    "metering.imagetype": server.imageType,
    "metering.resourcespeccode": `${server.flavor}.linux`,
    "metering.resourcetype": "1",
    ...(server.charging === "1" ? { "metering.order_id": "CS2611210000002" } : {}),
    image_name: server.imageName,
    os_bit: "64",
    os_type: server.osType,
    vpc_id: vpc,
    EcmResStatus: server.frozen ? "freeze" : "normal",
    ...(server.byol ? { BYOL: "true" } : {}),
    ...(server.temporaryFor ? { __system__temporary_for: server.temporaryFor } : {}),
  };
}

function addressesOf(server: SimServer): Body[] {
  const one = (addr: string, type: string) => ({
    version: "4",
    addr,
    primary: type === "fixed",
    "OS-EXT-IPS-MAC:mac_addr": server.mac,
    "OS-EXT-IPS:type": type,
    "OS-EXT-IPS:port_id": hexId(`port/${server.id}`),
  });
  return [one(server.ip, "fixed"), ...(server.publicIp === "" ? [] : [one(server.publicIp, "floating")])];
}

function volumesOf(server: SimServer): Body[] {
  const disks = server.systemDisk ? [server.systemDisk, ...server.dataDisks] : server.dataDisks;
  return disks.map((disk, n) => ({
    id: disk.id,
    device: `/dev/vd${"abcdefgh"[server.systemDisk ? n : n + 1]}`,
    bootIndex: disk === server.systemDisk ? "0" : null,
    delete_on_termination: disk === server.systemDisk ? "true" : "false",
  }));
}

const machine: Readonly<Record<SimServer["status"], readonly [vm: string, power: number]>> = {
  ACTIVE: ["active", 1],
  SHUTOFF: ["stopped", 4],
  REBUILD: ["stopped", 4],
  ERROR: ["error", 0],
  BUILD: ["building", 0],
  VERIFY_RESIZE: ["resized", 1],
  UNKNOWN: ["paused", 0],
};

function extensions(server: SimServer): Body {
  const [vm, power] = machine[server.status];
  return {
    "OS-EXT-STS:vm_state": vm,
    "OS-EXT-STS:task_state": server.task,
    "OS-EXT-STS:power_state": power,
    "OS-EXT-SRV-ATTR:root_device_name": "/dev/vda",
    "OS-EXT-SRV-ATTR:user_data": null,
    "OS-EXT-SRV-ATTR:hostname": server.hostname,
    "OS-EXT-SRV-ATTR:host": "az21.dc1",
    "OS-EXT-SRV-ATTR:instance_name": `instance-${server.id.slice(0, 8)}`,
    "OS-EXT-SRV-ATTR:hypervisor_hostname": "nova003@74",
    "OS-EXT-AZ:availability_zone": `${server.region}-01`,
    "OS-DCF:diskConfig": "MANUAL",
    "OS-SRV-USG:launched_at": new Date(server.launchedAt).toISOString().replace("Z", "000"),
    "OS-SRV-USG:terminated_at": null,
  };
}

const imageBodies = keptBy((site: SimSite) => keptBy((image: SimImage) => imageBodyOf(site, image)));

export function imageBody(site: SimSite, image: SimImage): Body {
  return imageBodies(site)(image);
}

function imageBodyOf(site: SimSite, image: SimImage): Body {
  const project = site.regions.find((region) => region.name === image.region)?.project ?? "";
  const open = image.type === "gold" || image.type === "market";
  return {
    id: image.id,
    name: image.name,
    status: image.status,
    visibility: open ? "public" : image.type,
    protected: open,
    owner: image.type === "private" ? project : hexId(`owner/${image.type}`),
    created_at: seconds(image.createdAt),
    updated_at: seconds(image.createdAt),
    min_disk: image.minDiskGb,
    min_ram: image.minRamMb,
    size: 0,
    disk_format: "zvhd2",
    container_format: "bare",
    virtual_env_type: "FusionCompute",
    hw_firmware_type: "bios",
    tags: [],
    __imagetype: image.type,
    __os_type: image.osType,
    __platform: image.platform,
    __os_version: image.osVersion ?? image.name,
    __os_bit: "64",
    __isregistered: "true",
    __image_source_type: "uds",
    ...(image.arm ? { __support_arm: "true" } : {}),
    ...(image.cloudInit ? {} : { __support_fc_inject: "true" }),
    virtual_size: null,
    self: `/v2/images/${image.id}`,
    file: `/v2/images/${image.id}/file`,
    schema: "/v2/schemas/image",
  };
}

/** The disks of a server as EVS lists them: the id of each, and the whole of it as JSON. */
export const volumeTexts = keptBy((server: SimServer): readonly { id: string; text: string }[] => {
  const bodies = [
    ...(server.systemDisk ? [volumeBody(server.systemDisk, server, true)] : []),
    ...server.dataDisks.map((disk) => volumeBody(disk, server, false)),
  ];
  return bodies.map((body) => ({ id: String(body["id"]), text: JSON.stringify(body) }));
});

function volumeBody(disk: SimDisk, server: SimServer, bootable: boolean): Body {
  return {
    id: disk.id,
    name: `${server.name}-volume`,
    size: disk.sizeGb,
    volume_type: disk.type,
    status: "in-use",
    bootable: bootable ? "true" : "false",
    multiattach: false,
    service_type: "EVS",
    attachments: [
      { server_id: server.id, volume_id: disk.id, id: disk.id, device: bootable ? "/dev/vda" : "/dev/vdb" },
    ],
  };
}

/** While a job runs, its end is an empty text and its error fields are simply absent. */
export function jobBody(job: SimJob, now: number): Body {
  const open = job.state === "open";
  const status = open ? (now < job.runsAt ? "INIT" : "RUNNING") : job.state;
  const head = {
    status,
    job_id: job.id,
    job_type: job.type,
    begin_time: new Date(job.beganAt).toISOString(),
    end_time: open ? "" : new Date(job.endedAt).toISOString(),
    ...(open ? {} : { error_code: job.fails?.code ?? null, fail_reason: job.fails?.reason ?? null }),
  };
  if (job.work.kind === "wipe") return { ...head, entities: { server_id: job.server } };
  const sub = { ...head, job_id: `${job.id}-1`, entities: { server_id: job.server } };
  return { ...head, entities: { sub_jobs_total: 1, sub_jobs: [sub] } };
}

function seconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
