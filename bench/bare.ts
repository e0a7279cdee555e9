/** The floor: a Bolt app that does nothing but ack, as Bolt's own first steps make one. A process of its own, bundled by the same build, whole: a first app leaves nothing of Bolt out, as the bot's bundle does. */
import { App, LogLevel } from "@slack/bolt";

const {
  BENCH_MODE = "socket",
  SLACK_API_URL = "",
  SLACK_BOT_TOKEN,
  SLACK_APP_TOKEN,
  SLACK_SIGNING_SECRET,
} = process.env;

const common = {
  token: SLACK_BOT_TOKEN ?? "",
  clientOptions: { slackApiUrl: SLACK_API_URL },
  logLevel: LogLevel.ERROR,
};
const app =
  BENCH_MODE === "socket"
    ? new App({ ...common, socketMode: true, appToken: SLACK_APP_TOKEN ?? "" })
    : new App({ ...common, signingSecret: SLACK_SIGNING_SECRET ?? "" });
app.action({}, async ({ ack }) => ack());

if (BENCH_MODE === "socket") {
  await app.start();
  process.stdout.write("ready 0\n");
} else {
  const server = await app.start({ port: 0, host: "127.0.0.1" });
  const address = server.address();
  process.stdout.write(`ready ${typeof address === "object" ? address?.port : 0}\n`);
}
