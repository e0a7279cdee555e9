/** The only place that runs the bot's side of a press in a process of its own: the real line, the real handlers and the real store, and nothing that follows a press. */
import { app } from "../src/app.ts";
import { connectSlack } from "../src/bolt.ts";
import { traitsOfNobody } from "../src/clouds/clouds.ts";
import { redrawer } from "../src/commands/redraw.ts";
import type { CommandTools } from "../src/commands/tools.ts";
import { inventory } from "../src/inventory.ts";
import { realClock, realRandom } from "../src/real.ts";
import { sealer } from "../src/seal.ts";
import { Secret } from "../src/secret.ts";
import { slackSeam } from "../src/slack.ts";
import { openBench } from "./save.ts";
import { silent } from "./world.ts";

export interface Ours {
  mode: "socket" | "http";
  dataDir: string;
  apiUrl: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
}

/** Resolves with the port of signed HTTP, or 0, when payloads may come. Turns are left to the loop, which keeps Slack's pace, not the presses'. */
export async function serve(given: Ours): Promise<number> {
  const clock = realClock();
  const log = silent;
  const { apiUrl } = given;
  const nobody = { users: [], groups: [] };
  const slack = await slackSeam({ token: new Secret(given.botToken), apiUrl, clock, log });
  const tools: CommandTools = {
    ...{ clock, log, random: realRandom, store: await openBench(given.dataDir) },
    ...{ slack, redraw: redrawer({ slack, clock }) },
    sealer: sealer({ keys: null, random: realRandom }),
    rule: { name: "default", requesters: nobody, approvers: { users: [], groups: ["S0APPROVERS"] }, approvalMs: 1 },
    inventory: inventory([], { clock, log }),
    ...{ typedLogins: false, pollMs: 5_000 },
    account: () => null,
    cloudOf: () => null,
    traitsOf: ({ order }) => traitsOfNobody(order.server.cloud),
    probe: async () => ({ open: false, why: "no-answer" }),
    probeFrom: () => "off",
    watched: () => 0,
  };
  const door =
    given.mode === "socket"
      ? { appToken: new Secret(given.appToken) }
      : { http: { signingSecret: new Secret(given.signingSecret), host: "127.0.0.1", port: 0 } };
  const connection = connectSlack({ ...door, apiUrl, dispatch: app(tools), clock, log, onState: () => {} });
  await connection.start();
  return connection.port() ?? 0;
}
