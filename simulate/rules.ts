/** The only place that says what must stay true, and looks whether it is: at every change that became durable, at every order, at every message. */
import { inspect } from "node:util";
import { type SimRequest, simCredentials } from "../playground/clouds/sim.ts";
import type { Request } from "../src/request.ts";
import type { View } from "../src/seams.ts";
import type { Store } from "../src/storeport.ts";
import type { CloudWorld, Sent } from "./clouds.ts";
import type { Line } from "./durable.ts";
import { secretForms } from "./leaks.ts";
import { covered, meant } from "./orders.ts";
import type { Stored } from "./reading.ts";
import { channel, type Message, people, team } from "./slack.ts";
import { wantedBy } from "./wanted.ts";
import { notAllowed, wrongWord } from "./who.ts";
import type { World } from "./world.ts";

/** How the card begins in each status. Emoji are promises of the voice. */
export const heads: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^⚠️ \*Reinstall /, ["pending"]],
  [/^🔄 /, ["running"]],
  [/^❌ /, ["failed", "abandoned", "running"]],
  [/^❓ /, ["unsure"]],
  [/^✅ /, ["done"]],
  [/^🚫 /, ["denied"]],
  [/^⌛ /, ["expired"]],
  [/^↩️ /, ["withdrawn", "abandoned", "failed", "running"]],
  [/^🔁 /, ["replaced"]],
];

type Posted = Pick<Message, "request" | "key" | "channel" | "text" | "blocks"> & { threadTs?: string | undefined };

export class Rules {
  readonly #world: World;
  /** What must not be found in clear: the typed password, and each that a cloud was given. */
  readonly secrets: Set<string>;
  /** What was logged, as a password may become known only after it. */
  readonly #logged: string[] = [];
  #bytes: readonly Buffer[] = [];

  constructor(world: World) {
    this.#world = world;
    this.secrets = new Set([world.canary, simCredentials.secret]);
  }

  /** A reinstall leaves the bot: it must be stored, approved, and of the server as it was approved; and it is the only one. */
  sending(cloud: CloudWorld, asked: SimRequest): Sent {
    const world = this.#world;
    const wanted = wantedBy(cloud.sim.account.cloud, asked);
    const request = world.durable.runningOn(cloud.sim.account.name, wanted.server);
    const attempt = request?.attempts.at(-1);
    const sent: Sent = {
      request: request?.id ?? "",
      attempt: attempt?.n ?? 0,
      server: wanted.server,
      at: world.time.now,
      fate: "way",
      toldNo: false,
    };
    if (request === undefined || attempt === undefined)
      this.#broken("a reinstall is sent that no stored request covers");
    else covered(world, cloud, request, attempt, wanted, asked.body);
    const spent = cloud.sent.filter((one) => one.request === sent.request && !one.toldNo);
    if (spent.length > 1) this.#broken("one approval sends a reinstall for the third time");
    const earlier = cloud.sent.find(
      (one) => one.request === sent.request && one.attempt === sent.attempt && !one.toldNo,
    );
    if (earlier !== undefined) this.#broken("a reinstall is sent again though the first may have been taken");
    cloud.sent.push(sent);
    for (const secret of secretForms(asked.body)) this.secrets.add(secret);
    return sent;
  }

  /** The cloud took one on. */
  taken(cloud: CloudWorld, sent: Sent): void {
    const ours = cloud.sent.filter(({ request, fate }) => request === sent.request && fate === "taken");
    if (ours.filter(({ attempt }) => attempt === sent.attempt).length > 1) this.#broken("one attempt wiped twice");
    if (ours.length > 2) this.#broken("one approval wiped more than twice");
    this.#nothingErased(this.#world.durable.get(sent.request));
  }

  /** A change became durable. */
  changed(next: Stored, before: Stored | undefined, lines: readonly Line[]): void {
    for (const { by, from, to, revision } of lines) {
      this.#world.say(() => `stored: ${next.id} ${revision} ${to} by ${by}${stepsOf(next.whole())}`);
      if (by === null || by === "bot") continue;
      this.#acked(next.id, by);
      const why = notAllowed({ by, from, to, revision, request: next.id }, next, before);
      if (why !== null) this.#broken(`${by} ${why}`);
      this.#world.heard.stored(next.id, by);
    }
    const word = next.status === "unsure" && lines.some(({ by }) => by !== "bot") ? wrongWord(next) : null;
    if (word !== null) this.#broken(`the word of ${word} counts, and may not`);
    const isNew = before?.status !== next.status;
    const nothing = '"erased":"nothing"';
    if (next.holds(nothing) && (isNew || !before.holds(nothing))) this.#nothingErased(next.whole());
    const { status } = next;
    if (isNew && status === "running") this.#world.fate.came("approval");
    if (isNew && status === "done") this.#done(next.whole() as Request & { status: "done" });
    const mustForget = status === "denied" || status === "expired" || status === "withdrawn";
    if (mustForget && next.wrapped() !== undefined) {
      this.#broken(`a password is kept though the request is ${status}`);
    }
  }

  /** What a person did is durable before that person is told so. */
  #acked(id: string, by: string): void {
    const waiting = this.#world.people.deliveries.some(
      (one) => one.about.includes(id) && `${team}/${one.person}` === by && !one.acked,
    );
    if (!waiting) this.#broken(`a press of ${by} was acknowledged before it was durable`);
  }

  #done(request: Request & { status: "done" }): void {
    const cloud = this.#world.cloudOf(request.order.server.account);
    if (request.proof === "person") return;
    const attempts = cloud.sent.filter((one) => one.request === request.id && one.fate === "taken");
    if (attempts.length === 0) this.#broken("done without a reinstall of ours");
    const truth = cloud.truth(request.order.server.id);
    const last = cloud.meddled.get(request.order.server.id) ?? 0;
    const takenAt = Math.max(...attempts.map(({ at }) => at));
    if (truth === null || last >= takenAt) return;
    if (!meant(request).includes(truth.image) || truth.broken || !truth.ended || truth.power !== "running") {
      this.#broken(`done, but the server has image ${truth.image} and is ${truth.power}`);
    }
    if (truth.sizeGb < (request.order.diskGb ?? 0)) this.#broken(`done, but the system disk has ${truth.sizeGb} GB`);
  }

  /** "Nothing was erased" is never said of an attempt that wiped. */
  #nothingErased(request: Request | undefined): void {
    if (request === undefined || !("attempts" in request)) return;
    const { sent } = this.#world.cloudOf(request.order.server.account);
    for (const { n, ending, failure } of request.attempts) {
      if ((failure ?? ending)?.erased !== "nothing") continue;
      const wiped = sent.some((one) => one.request === request.id && one.attempt === n && one.fate === "taken");
      if (wiped) this.#broken("stored as “nothing was erased”, but it was");
    }
  }

  /** A new process stands on what was durable, before it does anything. */
  started(store: Store): void {
    const found = new Map(store.hot().map((request) => [request.id, request.revision]));
    for (const [id, { revision }] of this.#world.durable.hot) {
      if (found.get(id) !== revision) this.#broken(`${id} was durable at ${revision} and is now at ${found.get(id)}`);
    }
  }

  posting(message: Posted): void {
    const world = this.#world;
    const stored = world.durable.posts(message.request).find(({ key }) => key === message.key);
    if (stored === undefined || stored.ts !== undefined)
      this.#broken(`${message.key} is posted without a stored intent`);
    if (world.slack.of(message.request, message.key) !== undefined && !world.clockWasWrong) {
      this.#broken(`${message.key} is posted twice`);
    }
    this.#placed(message);
    this.#told(message.request, message.key, message.text);
    this.shown(JSON.stringify(message));
  }

  editing(message: Message, { text, blocks }: Pick<Message, "text" | "blocks">): void {
    this.#told(message.request, message.key, text);
    this.shown(JSON.stringify({ text, blocks }));
  }

  /** Where it was asked, and beneath the card. */
  #placed({ request, key, channel: where, threadTs }: Posted): void {
    const { slack, clockWasWrong } = this.#world;
    if (where !== channel) this.#broken(`${key} is posted to another channel`);
    const above = key === "card" ? undefined : slack.of(request, "card")?.ts;
    if (threadTs !== above && !clockWasWrong) this.#broken(`${key} is posted to another thread`);
  }

  /** What is told is what is stored. */
  #told(id: string, key: string, text: string): void {
    const world = this.#world;
    const statuses = world.durable.statuses.get(id) ?? [];
    if (key === "card") {
      const says = heads.find(([head]) => head.test(text))?.[1] ?? [];
      if (!says.some((status) => statuses.includes(status))) this.#broken(`the card says “${text.split("\n")[0]}”`);
    }
    if (key === "done" && world.durable.get(id)?.status !== "done") this.#broken("“is back” is told and not stored");
    const [, accepted] = /^accepted\.(\d+)$/.exec(key) ?? [];
    if (accepted !== undefined && !isReceived(world.durable.get(id), Number(accepted)))
      this.#broken("it is told that the cloud accepted what no receipt is stored of");
    if (key === "approved" && !statuses.includes("running")) this.#broken("an approval is told and not stored");
  }

  /** Something that others than its owner may see. */
  shown(text: string): void {
    for (const secret of this.secrets) if (text.includes(secret)) this.#broken("a password is shown in Slack");
  }

  opened(user: string, view: View): void {
    const body = JSON.stringify(view);
    if (view.callback_id !== "shown") {
      this.shown(body);
      return;
    }
    const owner = this.#world.people.flows.some(({ plan }) => people[plan.requester] === user);
    for (const secret of this.secrets)
      if (body.includes(secret) && !owner) this.#broken("a password is shown to another");
  }

  logged(line: string): void {
    this.#world.say(() => `log: ${line}`);
    this.#logged.push(line);
  }

  /** Once all secrets of a history are known. */
  loggedNothing(): void {
    const all = this.#logged.join("\n");
    for (const secret of this.secrets) if (all.includes(secret)) this.#broken("a secret is in the log");
  }

  /** A password is about to be kept. */
  sealed(password: string): void {
    for (const form of [password, JSON.stringify(password).slice(1, -1)]) this.secrets.add(form);
  }

  /** With all that it carries: its stack, its cause, its fields. */
  thrown(cause: unknown): void {
    const said = inspect(cause, { depth: 6, showHidden: true });
    for (const secret of this.secrets) if (said.includes(secret)) this.#broken("a password is in an error");
  }

  written(bytes: Uint8Array): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const secret of this.#secretBytes()) if (buffer.includes(secret)) this.#broken("a password is on the disk");
  }

  #secretBytes(): readonly Buffer[] {
    if (this.#bytes.length !== this.secrets.size) this.#bytes = [...this.secrets].map((secret) => Buffer.from(secret));
    return this.#bytes;
  }

  #broken(says: string): void {
    this.#world.broken(says);
  }
}

/** Whether the cloud's receipt for the reinstall of this attempt is stored. */
function isReceived(request: Request | undefined, attempt: number): boolean {
  if (request === undefined || !("attempts" in request)) return false;
  const steps = request.attempts.find(({ n }) => n === attempt)?.steps ?? [];
  return steps.some(({ id, receipt }) => id === "reinstall" && receipt !== undefined);
}

/** The steps of the last attempt, for the trace. */
function stepsOf(request: Request): string {
  const steps = "attempts" in request ? (request.attempts.at(-1)?.steps ?? []) : [];
  return steps.map(({ id, state }) => ` ${id}:${state}`).join("");
}
