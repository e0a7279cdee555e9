/** The only place for `npm start -- --check`: everything the bot will need is tried, nothing is changed, and each thing gets a line. */
import { checkAccount } from "./check-clouds.ts";
import { checkData } from "./check-data.ts";
import { count, type Finding } from "./check-finding.ts";
import { checkSlack } from "./check-slack.ts";
import type { CloudTools } from "./clouds/cloud.ts";
import { type Config, secretsOf } from "./config.ts";

export interface CheckTools extends CloudTools {
  out(line: string): void;
}

/** 0: all is well; 1: something is wrong. (2, a configuration that cannot be read, is said before it comes to this.) */
export async function runCheck(config: Config, tools: CheckTools): Promise<0 | 1> {
  const say = withoutSecrets(config, tools.out);
  const found: Finding[] = [];
  const tell = (findings: readonly Finding[]): void => {
    for (const finding of findings) say(lineOf(finding));
    found.push(...findings);
  };
  const { accounts, rules } = config;
  tell([{ ok: true, of: "config.yml", says: `${count(accounts.length, "account")}, ${count(rules.length, "rule")}` }]);
  const clouds = accounts.map((account) => checkAccount(account, tools));
  tell(await checkSlack(config, tools));
  for (const cloud of clouds) tell(await cloud);
  tell(await checkData(config, tools));
  const wrong = found.filter(({ ok }) => !ok).length;
  say(wrong === 0 ? `All ${found.length} are ok.` : `Wrong: ${wrong} of ${found.length}.`);
  return wrong === 0 ? 0 : 1;
}

function lineOf({ ok, of, says }: Finding): string {
  return `${ok ? "ok   " : "wrong"}  ${of}: ${says}`;
}

/** No sentence holds one on purpose; a provider's own words might. */
function withoutSecrets(config: Config, out: (line: string) => void): (line: string) => void {
  const secrets = secretsOf(config)
    .map((secret) => secret.open())
    .filter((text) => text !== "");
  return (line) => out(secrets.reduce((text, secret) => text.replaceAll(secret, "[secret]"), line));
}
