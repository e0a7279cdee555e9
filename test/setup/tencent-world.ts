/** The only place where tests sign and send to the simulated Tencent Cloud without a network, at a time of their own. */
import { createHash, createHmac } from "node:crypto";
import { type SimReply, type SimRequest, simCredentials } from "../../playground/clouds/sim.ts";
import { tencentSim } from "../../playground/clouds/tencent.ts";

export const startedAt = Date.UTC(2026, 10, 21, 3, 0, 0);
export const seconds = 1000;
export const minutes = 60 * seconds;

export interface Answer {
  RequestId?: string;
  Error?: { Code: string; Message: string };
  TotalCount?: number;
  ImageId?: string;
  InstanceSet?: readonly Readonly<Record<string, unknown>>[];
  ImageSet?: readonly Readonly<Record<string, unknown>>[];
}

export function readAnswer(reply: SimReply): Answer {
  return JSON.parse(reply.body).Response;
}

/** A signed call, made as the vendor's page tells it. `query` makes it the GET form. */
export function signed(
  action: string,
  body: unknown,
  how: { now?: number; region?: string; secret?: string; query?: string } = {},
): SimRequest {
  const get = how.query !== undefined;
  const [method, type] = get ? ["GET", "application/x-www-form-urlencoded"] : ["POST", "application/json"];
  const text = get ? "" : JSON.stringify(body);
  const timestamp = String(Math.floor((how.now ?? startedAt) / 1000));
  const date = new Date(Number(timestamp) * 1000).toISOString().slice(0, 10);
  const scope = `${date}/cvm/tc3_request`;
  const canonical = `${method}\n/\n${how.query ?? ""}\ncontent-type:${type}\nhost:cvm.test\n\ncontent-type;host\n${sha256(text)}`;
  const toSign = `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`;
  const key = [date, "cvm", "tc3_request"].reduce<string | Buffer>(hmac, `TC3${how.secret ?? simCredentials.secret}`);
  return {
    method,
    path: get ? `/?${how.query}` : "/",
    headers: {
      host: "cvm.test",
      "content-type": type,
      "x-tc-action": action,
      "x-tc-version": "2017-03-12",
      "x-tc-region": how.region ?? "ap-guangzhou",
      "x-tc-timestamp": timestamp,
      authorization: `TC3-HMAC-SHA256 Credential=${simCredentials.id}/${scope}, SignedHeaders=content-type;host, Signature=${hmac(key, toSign).toString("hex")}`,
    },
    body: text,
  };
}

/** One simulated cloud with a clock that moves only when told. */
export function tencentWorld(speed = 1) {
  let now = startedAt;
  let state = tencentSim.start({ speed, now });
  const send = (request: SimRequest): SimReply => {
    const [next, reply] = tencentSim.handle(state, request, now);
    state = next;
    return reply;
  };
  const tryCall = (action: string, body: unknown, region = "ap-guangzhou") =>
    send(signed(action, body, { now, region }));
  const call = (action: string, body: unknown, region?: string): Answer => {
    const answer = readAnswer(tryCall(action, body, region));
    if (answer.Error) throw new Error(`${action}: ${answer.Error.Code}: ${answer.Error.Message}`);
    return answer;
  };
  const server = (id: string) => tencentSim.panel(state, now).find((each) => each.id === id);
  return {
    send,
    call,
    tryCall,
    /** The error code, or "" when the call was taken. */
    code: (action: string, body: unknown, region?: string) =>
      readAnswer(tryCall(action, body, region)).Error?.Code ?? "",
    see: (id: string, region?: string) => {
      const found = call("DescribeInstances", { InstanceIds: [id] }, region).InstanceSet?.[0];
      if (!found) throw new Error(`${id} was not answered.`);
      return found;
    },
    idOf: (name: string) => {
      const found = Object.values(state.servers).find((each) => each.name === name);
      if (!found) throw new Error(`There is no server ${name}.`);
      return found.id;
    },
    imageId: (name: string) => {
      const found = state.images.find((each) => each.name === name);
      if (!found) throw new Error(`There is no image ${name}.`);
      return found.id;
    },
    wipes: (id: string) => server(id)?.reinstalls,
    panel: () => tencentSim.panel(state, now),
    faults: () => tencentSim.faults(state),
    passwords: () => tencentSim.passwords(state),
    state: () => state,
    later: (ms: number) => {
      now += ms;
    },
    arm: (fault: string, armed = true) => {
      state = tencentSim.arm(state, fault, armed);
    },
    console: (id: string, what: "stop" | "start" | "reinstall" | "delete") => {
      state = tencentSim.console(state, id, what, now);
    },
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
