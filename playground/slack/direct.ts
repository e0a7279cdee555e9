/** The only place that drives the simulated Slack without a network and without a clock: time moves when it is told to. */
import type { Reply } from "./api.ts";
import { type Input, type Output, step } from "./core.ts";
import type { Deed } from "./deeds.ts";
import { tokens } from "./people.ts";
import { type Fields, isFields } from "./rules.ts";
import { type Options, type State, start } from "./state.ts";

/** What the app was sent for a deed. */
export interface Sent {
  envelope: string;
  type: string;
  payload: Fields;
}

export class DirectSlack {
  state: State;
  now = Date.UTC(2026, 10, 21, 3, 0);
  #handed = 0;

  constructor(options: Options = {}) {
    this.state = start("http://slack.test", options);
  }

  /** Time passes; what was due is given by the next `feed`. */
  wait(ms: number): void {
    this.now += ms;
  }

  feed(input: Input): readonly Output[] {
    const [next, outputs] = step(this.state, input, this.now);
    this.state = next;
    return outputs;
  }

  /** The whole answer to a call of the Web API. */
  reply(method: string, args: Fields, token: string = tokenFor(method)): Reply {
    const authorization = token === "" ? "" : `Bearer ${token}`;
    const request = { method, contentType: "application/json", authorization, body: JSON.stringify(args) };
    const call = ++this.#handed;
    const answer = this.feed({ kind: "api", call, request }).find((output) => output.to === "caller");
    if (answer?.to !== "caller") throw new Error(`${method} was not answered`);
    return answer.reply;
  }

  /** The JSON a call is answered with. */
  call(method: string, args: Fields, token?: string): Fields {
    const { body } = this.reply(method, args, token);
    return isFields(body) ? body : { ok: false, error: body };
  }

  /** Posts to a response_url and gives the HTTP status. */
  respond(url: string, message: Fields): number {
    const hook = url.replace(/^.*\/hooks\/(commands|actions)\//, "");
    const sent = { contentType: "application/json", body: JSON.stringify(message) };
    const outputs = this.feed({ kind: "respond", call: ++this.#handed, hook, ...sent });
    const answer = outputs.find((output) => output.to === "caller");
    return answer?.to === "caller" ? answer.reply.status : 0;
  }

  /** Opens a connection of the app. */
  connect(socket: string): readonly Output[] {
    const url = new URL(String(this.call("apps.connections.open", {})["url"]));
    return this.feed({ kind: "connect", socket, ticket: url.searchParams.get("ticket") ?? "" });
  }

  act(deed: Deed): readonly Output[] {
    return this.feed({ kind: "act", act: ++this.#handed, deed });
  }

  /** Does something that reaches the app, and gives what it is sent. */
  send(deed: Deed): Sent {
    const outputs = this.act(deed);
    const frame = outputs.find((output) => output.to === "socket");
    if (frame?.to !== "socket") throw new Error(`nothing was sent: ${JSON.stringify(outputs)}`);
    const { envelope_id, type, payload } = frame.frame;
    return { envelope: String(envelope_id), type: String(type), payload: isFields(payload) ? payload : {} };
  }
}

function tokenFor(method: string): string {
  return method === "apps.connections.open" ? tokens.app : tokens.bot;
}
