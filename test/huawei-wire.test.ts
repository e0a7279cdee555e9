import { describe, expect, test } from "vitest";
import { imageFrom } from "../src/clouds/huawei-image.ts";
import { goneServer, isTemporary, serverFrom } from "../src/clouds/huawei-server.ts";
import { errorOf, Job, JobAnswer, WireImage, WireServer } from "../src/clouds/huawei-wire.ts";

const ref = {
  cloud: "huawei",
  site: "otc",
  account: "eu",
  region: "eu-de",
  id: "4f4b3dfa-eb70-47cf-a60a-998a53bd598a",
};

/** The documents' sample of a server, as far as its fields are named in them. */
const published = {
  id: "4f4b3dfa-eb70-47cf-a60a-998a53bd598a",
  name: "ecs-2ecf",
  status: "ACTIVE",
  locked: false,
  progress: 0,
  created: "2018-09-13T07:03:44Z",
  updated: "2018-09-13T07:06:51Z",
  key_name: "KeyPair-d750",
  flavor: { id: "s3.large.1", name: "s3.large.1", vcpus: "2", ram: "1024", disk: "0" },
  image: { id: "c71b64e7-4767-4406-afde-2c7c7ac2242c" },
  metadata: {
    charging_mode: "1",
    "metering.image_id": "c71b64e7-4767-4406-afde-2c7c7ac2242c",
    "metering.imagetype": "gold",
    image_name: "Public_Cloudinit_Oracle_Linux_7.4_64bit_40G",
    os_bit: "64",
    os_type: "Linux",
  },
  addresses: {
    "0431": [{ version: "4", addr: "192.168.1.99", primary: true, "OS-EXT-IPS:type": "fixed" }],
  },
  "os-extended-volumes:volumes_attached": [
    { id: "80c15cff-0000-0000-0000-000000000000", device: "/dev/vda", bootIndex: "0", delete_on_termination: "false" },
  ],
  "OS-EXT-STS:vm_state": "active",
  "OS-EXT-STS:task_state": null,
  "OS-EXT-STS:power_state": 1,
  "OS-EXT-SRV-ATTR:hostname": "ecs-2ecf",
  "OS-EXT-AZ:availability_zone": "az1-dc1",
  "OS-SRV-USG:launched_at": "2018-09-13T07:04:09.197749",
  tags: [],
  "os:scheduler_hints": {},
  fault: null,
};
const volume = { id: "80c15cff-0000-0000-0000-000000000000", size: 40, volume_type: "SSD" };
const volumes = new Map([[volume.id, volume]]);

describe("the published samples", () => {
  test("a server", () => {
    const server = serverFrom(WireServer.parse(published), volumes, ref, 7);
    expect(server).toMatchObject({
      name: "ecs-2ecf",
      power: "running",
      state: "ACTIVE",
      os: { family: "linux", name: "Public_Cloudinit_Oracle_Linux_7.4_64bit_40G" },
      image: { id: "c71b64e7-4767-4406-afde-2c7c7ac2242c" },
      systemDisk: { id: volume.id, sizeGb: 40, kind: "cloud", type: "SSD" },
      dataDisks: [],
      ips: { public: [], private: ["192.168.1.99"] },
      charge: "prepaid",
      identity: {
        "system disk": volume.id,
        "system disk size": "40 GB",
        image: "c71b64e7-4767-4406-afde-2c7c7ac2242c",
        OS: "Public_Cloudinit_Oracle_Linux_7.4_64bit_40G",
        licence: "from the system",
      },
      facts: { flavor: "s3.large.1", ramMb: "1024", chargingMode: "1", locked: "false", dedicatedHost: "false" },
    });
  });

  test("a finished job, whose error fields are null", () => {
    const job = Job.parse({
      status: "SUCCESS",
      job_id: "2c9eb2c5544cbf6101544f0602af2b4f",
      job_type: "createServer",
      begin_time: "2016-04-25T20:04:34.604Z",
      end_time: "2016-04-25T20:08:41.593Z",
      error_code: null,
      fail_reason: null,
      entities: {
        sub_jobs_total: 1,
        sub_jobs: [{ status: "SUCCESS", job_id: "2c9e", error_code: null, fail_reason: null }],
      },
    });
    expect(job).toMatchObject({ status: "SUCCESS", error_code: "", entities: { sub_jobs: [{ error_code: "" }] } });
  });

  test("a running job, whose error fields are absent and whose end is empty", () => {
    const job = Job.parse({
      status: "RUNNING",
      job_id: "ff80",
      job_type: "x",
      begin_time: "t",
      end_time: "",
      entities: {},
    });
    expect(job).toMatchObject({ status: "RUNNING", error_code: "", fail_reason: "" });
  });

  test("a job in a state nobody has heard of is not read at all", () => {
    expect(Job.safeParse({ status: "DONE", job_id: "ff80" }).success).toBe(false);
  });

  test("an image", () => {
    const wire = WireImage.parse({
      id: "bc6bed6e-ba3a-4447-afcc-449174a3eb52",
      name: "CentOS 7.3 64bit",
      status: "active",
      visibility: "public",
      protected: true,
      created_at: "2018-09-06T14:03:27Z",
      min_disk: 100,
      min_ram: 2048,
      __imagetype: "gold",
      __os_type: "Linux",
      __platform: "CentOS",
      __os_version: "CentOS 7.3 64bit",
      __support_fc_inject: "true",
      virtual_size: null,
    });
    const server = serverFrom(WireServer.parse(published), volumes, ref, 7);
    expect(imageFrom(wire, server)).toMatchObject({
      kind: "public",
      os: { family: "linux", name: "CentOS 7.3 64bit" },
      minDiskGb: 100,
      unusable: "The image needs 2048 MB of memory, the flavour s3.large.1 has 1024 MB: choose another image.",
    });
  });

  test("an acceptance holds the id of a job; nothing else is one", () => {
    expect(JobAnswer.safeParse({ job_id: "ff80808288d41e1b018990260955686a" }).success).toBe(true);
    expect(JobAnswer.safeParse({ job_id: "" }).success).toBe(false);
    expect(JobAnswer.safeParse({}).success).toBe(false);
  });

  test.each([
    ["ECS and IMS", { error: { code: "Ecs.0100", message: "m", details: [{ code: "x", message: "y" }] } }, "Ecs.0100"],
    ["the API gateway", { error_code: "APIGW.0308", error_msg: "m", request_id: "r" }, "APIGW.0308"],
    ["native Nova, bad request", { badRequest: { message: "m", code: 400 } }, "badRequest"],
    ["native Nova, conflict", { conflictingRequest: { message: "m", code: 409 } }, "conflictingRequest"],
    ["native Nova, not found", { itemNotFound: { message: "m", code: 404 } }, "itemNotFound"],
    ["native Nova, forbidden", { forbidden: { message: "m", code: 403 } }, "forbidden"],
    ["EVS, which spells it its own way", { badrequest: { message: "m", code: "400" } }, "badRequest"],
    ["the job query", { code: "Common.0011", message: "m" }, "Common.0011"],
  ])("the error envelope of %s", (_, body, code) => {
    expect(errorOf(body)).toEqual({ code, message: "m" });
  });

  test.each([[null], ["text"], [{ job_id: "x" }], [[]]])("%j holds no error", (body) => {
    expect(errorOf(body)).toBeNull();
  });
});

describe("what a server's state means", () => {
  const power = (status: string, task: string | null) =>
    serverFrom(WireServer.parse({ ...published, status, "OS-EXT-STS:task_state": task }), volumes, ref, 7).power;

  test.each([
    ["ACTIVE", null, "running"],
    ["ACTIVE", "powering-off", "busy"],
    ["SHUTOFF", null, "stopped"],
    ["SHUTOFF", "powering-on", "busy"],
    ["SHUTOFF", "rebuilding", "busy"],
    ["REBUILD", null, "busy"],
    ["BUILD", "spawning", "busy"],
    ["VERIFY_RESIZE", null, "busy"],
    ["ERROR", null, "broken"],
    ["ERROR", "deleting", "busy"],
    ["DELETED", null, "gone"],
    ["UNKNOWN", null, "unknown"],
    ["SHELVED", null, "unknown"],
    ["A_WORD_OF_TOMORROW", null, "unknown"],
  ] as const)("%s with task %s is %s", (status, task, expected) => {
    expect(power(status, task)).toBe(expected);
  });

  test("a server whose volumes cannot be read is not read at all", () => {
    const { "os-extended-volumes:volumes_attached": _, ...without } = published;
    expect(WireServer.safeParse(without).success).toBe(false);
  });

  test("decoration may be missing", () => {
    const bare = { id: ref.id, "os-extended-volumes:volumes_attached": [] };
    expect(serverFrom(WireServer.parse(bare), new Map(), ref, 7)).toMatchObject({ power: "unknown", name: "" });
  });

  test("a disk that EVS does not know has no size", () => {
    expect(serverFrom(WireServer.parse(published), new Map(), ref, 7).systemDisk?.sizeGb).toBe(0);
  });

  test("a server on a dedicated host is known by its scheduler hints", () => {
    const hints = { "os:scheduler_hints": { tenancy: ["dedicated"] } };
    expect(serverFrom(WireServer.parse({ ...published, ...hints }), volumes, ref, 7).facts["dedicatedHost"]).toBe(
      "true",
    );
  });

  test("a temporary server is one that carries the id of another", () => {
    const other = "00000000-0000-4000-8000-000000000001";
    const wire = WireServer.parse({ ...published, metadata: { ...published.metadata, for: other } });
    expect(isTemporary(wire, new Set([wire.id, other]))).toBe(true);
    expect(isTemporary(wire, new Set([wire.id]))).toBe(false);
    expect(isTemporary(WireServer.parse(published), new Set([published.id, other]))).toBe(false);
  });

  test("a server that is gone says only that", () => {
    expect(goneServer(ref, 7)).toMatchObject({ power: "gone", name: ref.id, identity: {}, trace: {} });
  });
});
