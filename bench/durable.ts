/** The only place that measures a press that becomes durable before it is answered, beside a bare Bolt app that only answers. */
import { join } from "node:path";
import { traitsOfNobody } from "../src/clouds/clouds.ts";
import type { Of, Request } from "../src/request.ts";
import { pressed, pressValue } from "../src/views/buttons.ts";
import { pictures } from "../src/views/picture.ts";
import type { Ask, Payload } from "./load.ts";
import { unsure } from "./records.ts";
import { median, quantile } from "./report.ts";
import { dataWith, type History, noHistory } from "./seed.ts";
import { appTokenOf, botToken, bundles, type Helper, type Stage, signingSecret } from "./stage.ts";

export type Mode = "http" | "socket";
export const connections = [1, 16, 64] as const;
export type Connections = (typeof connections)[number];

export interface Figures {
  ratePerSecond: number;
  p50: number;
  p99: number;
}
export interface Measured {
  mode: Mode;
  connections: Connections;
  bare: Figures;
  /** Without history, and with all of it. */
  ours: Readonly<Record<"finished0" | "finishedAll", Figures & Ratios>>;
}
export interface Ratios {
  rateRatio: number;
  p50Ratio: number;
  p99Ratio: number;
}

export interface Presses {
  stage: Stage;
  folder: string;
  of: Of<"running">;
  history: History;
  /** Requests that wait for a person. */
  open: number;
  rounds: number;
  /** Presses of one round, by connections. A process remembers every signed request it took, so all of them stay below its memory. */
  presses: Readonly<Record<Connections, number>>;
  warmUp: { presses: number };
}

export async function measurePresses(given: Presses, mode: Mode): Promise<readonly Measured[]> {
  const requests = Array.from({ length: given.open }, (_, n) => unsure(given.of, n));
  const loader = given.stage.helper();
  const url = await loader.load(requests.map(pressOf));
  const targets = {
    bare: await bareApp(given, mode, url),
    finished0: await ourApp(given, mode, url, "finished0", requests, noHistory),
    finishedAll: await ourApp(given, mode, url, "finishedAll", requests, given.history),
  };
  for (const { to } of Object.values(targets)) await loader.press({ to, presses: given.warmUp.presses, atOnce: 16 });
  const measured: Measured[] = [];
  for (const count of connections) measured.push(await rounds(given, loader, targets, mode, count));
  for (const { end } of [...Object.values(targets), loader]) await end();
  return measured;
}

interface Target {
  to: Ask["to"];
  end(): Promise<void>;
}
type Who = "bare" | "finished0" | "finishedAll";

/** In turns, so that whatever else the machine does strikes all of them alike. */
async function rounds(
  given: Presses,
  loader: Helper,
  targets: Readonly<Record<Who, Target>>,
  mode: Mode,
  atOnce: Connections,
): Promise<Measured> {
  const all: Record<Who, { rates: number[]; took: number[] }> = {
    bare: { rates: [], took: [] },
    finished0: { rates: [], took: [] },
    finishedAll: { rates: [], took: [] },
  };
  const names: Who[] = ["bare", "finished0", "finishedAll"];
  for (let round = 0; round < given.rounds; round += 1) {
    for (const name of [...names.slice(round % 3), ...names.slice(0, round % 3)]) {
      const got = await loader.press({ to: targets[name].to, presses: given.presses[atOnce], atOnce });
      all[name].rates.push(got.ratePerSecond);
      all[name].took.push(...got.took);
    }
  }
  const figures = (name: Who): Figures => ({
    ratePerSecond: median(all[name].rates),
    p50: quantile(all[name].took, 0.5),
    p99: quantile(all[name].took, 0.99),
  });
  const bare = figures("bare");
  const beside = (name: Who): Figures & Ratios => {
    const mine = figures(name);
    const rateRatio = median(all[name].rates.map((rate, round) => rate / (all.bare.rates[round] ?? rate)));
    return { ...mine, rateRatio, p50Ratio: mine.p50 / bare.p50, p99Ratio: mine.p99 / bare.p99 };
  };
  const ours = { finished0: beside("finished0"), finishedAll: beside("finishedAll") };
  return { mode, connections: atOnce, bare, ours };
}

async function bareApp({ stage }: Presses, mode: Mode, url: string): Promise<Target> {
  const appToken = appTokenOf("bare");
  const env = {
    ...{ BENCH_MODE: mode, SLACK_API_URL: `${url}/api/`, SLACK_BOT_TOKEN: botToken },
    ...{ SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret },
  };
  const { line, end } = await stage.ready(bundles.bare, env, /^ready \d+$/);
  return { to: mode === "http" ? { port: Number(line.split(" ")[1]) } : { appToken }, end };
}

async function ourApp(
  { stage, folder }: Presses,
  mode: Mode,
  url: string,
  name: string,
  requests: readonly Request[],
  history: History,
): Promise<Target> {
  const appToken = appTokenOf(name);
  const dataDir = await dataWith(join(folder, `${mode}-${name}`), requests, history);
  const helper = stage.helper();
  const port = await helper.serve({ mode, dataDir, apiUrl: `${url}/api/`, botToken, appToken, signingSecret });
  return { to: mode === "http" ? { port } : { appToken }, end: helper.end };
}

/** "It was not reinstalled", pressed on the card: it may be said again and again, and is written down each time. */
function pressOf(request: Request): Payload {
  const card = pictures(request, traitsOfNobody("tencent"))[0];
  const container = { type: "message", message_ts: "1700000000.000100", channel_id: request.channel };
  return {
    type: "block_actions",
    user: { id: "U0APPROVER1", username: "ana", name: "ana", team_id: "T0PLAYGROUND" },
    ...{ api_app_id: "A0REINSTALL", token: "verification", container },
    ...{ team: { id: "T0PLAYGROUND", domain: "playground" }, enterprise: null, is_enterprise_install: false },
    channel: { id: request.channel, name: "incident-4211" },
    message: { type: "message", ts: "1700000000.000100", text: card?.text, blocks: card?.blocks },
    response_url: "https://hooks.slack.com/actions/T0PLAYGROUND/1/abc",
    actions: [{ type: "button", block_id: "decide", action_id: pressed.notRun, value: pressValue(request) }],
  };
}
