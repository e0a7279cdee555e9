/** What the Tencent Cloud tests share: a clock that one can move, a network that is a function, and the vendor's published sample. */
import { createHash } from "node:crypto";
import type { Cloud, Order, Server } from "../src/clouds/cloud.ts";
import { type TencentAccount, tencent } from "../src/clouds/tencent.ts";
import { Instance, serverFrom } from "../src/clouds/tencent-wire.ts";
import type { Clock, Exchange, HttpRequest, Log } from "../src/seams.ts";
import { Secret } from "../src/secret.ts";

export const startMs = Date.UTC(2026, 10, 21, 3, 0, 0);

/** Short waits are over at once; long ones never, unless `late` is set. */
export function testClock(): Clock & { nowMs: number; late: boolean } {
  const clock = {
    nowMs: startMs,
    late: false,
    now: () => clock.nowMs,
    mono: () => clock.nowMs,
    after: (ms: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        if (ms < 1_000 || clock.late) setImmediate(resolve);
      }),
  };
  return clock;
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Bytes from a seed, the same every time. */
export function seeded(seed: string): (n: number) => Uint8Array {
  let counter = 0;
  let pool: number[] = [];
  return (n) => {
    while (pool.length < n) pool.push(...createHash("sha256").update(`${seed}/${counter++}`).digest());
    const given = pool.slice(0, n);
    pool = pool.slice(n);
    return Uint8Array.from(given);
  };
}

export const account = {
  name: "prod",
  cloud: "tencent",
  site: "mainland",
  regions: ["ap-guangzhou", "ap-hongkong"],
  id: "AKIDEXAMPLE",
  secret: new Secret("secret-key-example"),
} as const satisfies TencentAccount;

export function cloudOn(exchange: Exchange, more: object = {}, clock = testClock()): Cloud {
  return tencent({ ...account, ...more }, { clock, random: seeded("reads"), exchange, log: silentLog });
}

/** The error part of an answer. */
export function refuse(Code: string): object {
  return { Error: { Code, Message: "message" } };
}

/** One call as the network saw it. */
export interface Seen {
  request: HttpRequest;
  region: string;
  action: string;
  params: Record<string, unknown>;
}

/** A network whose answers come from `answer`: the `Response` object, or whatever it throws. */
export function network(answer: (seen: Seen) => object | Promise<object>): { exchange: Exchange; seen: Seen[] } {
  const seen: Seen[] = [];
  return {
    seen,
    async exchange(request) {
      const call: Seen = {
        request,
        region: request.headers["x-tc-region"] ?? "",
        action: request.headers["x-tc-action"] ?? "",
        params: JSON.parse(request.body) as Record<string, unknown>,
      };
      seen.push(call);
      const Response = { RequestId: "d655191e-a39d-43d2-8349-8c3f2bf4b327", ...(await answer(call)) };
      return { status: 200, headers: {}, body: JSON.stringify({ Response }) };
    },
  };
}

/** https://github.com/TencentCloud/tencentcloud-cli tccli/examples/cvm/v20170312/DescribeInstances.md, values shortened. */
export const sampleInstance = {
  InstanceId: "ins-xlsyru2j",
  InstanceName: "myInstance",
  InstanceType: "S2.SMALL2",
  CPU: 1,
  Memory: 1,
  InstanceState: "RUNNING",
  RestrictState: "NORMAL",
  InstanceChargeType: "POSTPAID_BY_HOUR",
  StopChargingMode: "NOT_APPLICABLE",
  ImageId: "img-8toqc6s3",
  OsName: "CentOS 7.4 64bit",
  LicenseType: "TencentCloud",
  HostName: "vm-1",
  SystemDisk: { DiskType: "CLOUD_SSD", DiskId: "disk-czsodtl1", DiskSize: 50 },
  DataDisks: [{ DiskType: "CLOUD_SSD", DiskId: "disk-bzsodtn1", DiskSize: 50, DeleteWithInstance: true }],
  PrivateIpAddresses: ["172.16.32.78"],
  PublicIpAddresses: ["123.207.11.190"],
  IPv6Addresses: [],
  LoginSettings: { KeyIds: ["skey-b4vakk62"] },
  DefaultLoginUser: "root",
  DefaultLoginPort: 22,
  Tags: [{ Key: "myKey", Value: "myValue" }],
  Placement: { Zone: "ap-guangzhou-3", ProjectId: 0, HostId: "", HostIds: [] },
  CreatedTime: "2020-09-22T00:00:00+00:00",
  ExpiredTime: null,
  RenewFlag: null,
  IsolatedSource: "NOTISOLATED",
  LatestOperation: "ResetInstance",
  LatestOperationState: "OPERATING",
  LatestOperationErrorMsg: "",
  LatestOperationRequestId: "c7de1287-061d-4ace-8caf-6ad8e5a2f29a",
};

export const idle = { LatestOperation: null, LatestOperationState: null, LatestOperationRequestId: null };

/** A reading of the sample server with other fields. */
export function reading(fields: object = {}, region = "ap-guangzhou", readAt = startMs): Server {
  const instance = Instance.parse({ ...sampleInstance, ...idle, ...fields });
  return serverFrom(
    instance,
    { cloud: "tencent", site: "mainland", account: "prod", region, id: instance.InstanceId },
    readAt,
  );
}

export function orderFor(server: Server, image: Partial<Order["image"]> = {}, login?: Order["login"]): Order {
  return {
    server: server.ref,
    image: {
      id: "img-487zeit5",
      name: "Ubuntu Server 22.04 LTS 64bit",
      kind: "public",
      os: { family: "linux", name: "Ubuntu Server 22.04 LTS 64bit" },
      same: false,
      ...image,
    },
    login: login ?? { kind: "key-pair", id: "skey-b4vakk62", name: "oncall-2026" },
  };
}
