/** The only place that compares what stands in Slack with what the records say: every message whole, text and blocks, each once, and none besides. */
import { simCredentials } from "../../playground/clouds/sim.ts";
import type { Fields } from "../../playground/slack/rules.ts";
import type { SlackShell } from "../../playground/slack/shell.ts";
import type { CloudTools, Traits } from "../../src/clouds/cloud.ts";
import { type CloudAccount, openAccount } from "../../src/clouds/clouds.ts";
import type { Request } from "../../src/request.ts";
import { Secret } from "../../src/secret.ts";
import { eventType } from "../../src/slack-reads.ts";
import { pictures } from "../../src/views/picture.ts";

export interface Message {
  request: string;
  key: string;
  text: string;
  blocks: unknown;
}

/** Every message of the bot's that is about a request. */
export function shown(shell: SlackShell): readonly Message[] {
  const all = Object.values(shell.state().messages).flat();
  const ours = all.flatMap(({ text, blocks, metadata }) => {
    if (metadata?.["event_type"] !== eventType) return [];
    const { request, key } = metadata["event_payload"] as Pick<Message, "request" | "key">;
    return [{ request, key, text, blocks: blocks.map(asSent) }];
  });
  return ours.sort(byName);
}

/** Every message that these records are shown by. */
export function said(requests: readonly Request[], accounts: readonly object[]): readonly Message[] {
  const traits = new Map(accounts.map((account) => [(account as { name: string }).name, traitsOf(account)]));
  const all = requests.flatMap((request) => {
    const own = traits.get(request.order.server.account);
    if (own === undefined) throw new Error(`there is no account ${request.order.server.account}`);
    return pictures(request, own).map(({ key, text, blocks }) => ({ request: request.id, key, text, blocks }));
  });
  return (JSON.parse(JSON.stringify(all)) as Message[]).sort(byName);
}

/** Slack gives an id to each block that comes without one. https://docs.slack.dev/reference/block-kit/blocks */
function asSent({ block_id: id, ...block }: Fields): Fields {
  return String(id).startsWith("made") ? block : { block_id: id, ...block };
}

export function onlyCards(messages: readonly Message[]): readonly Message[] {
  return messages.filter(({ key }) => key === "card");
}

function byName(one: Message, other: Message): number {
  return `${one.request} ${one.key}`.localeCompare(`${other.request} ${other.key}`);
}

/** What a cloud is like is known without asking it. */
function traitsOf(account: object): Traits {
  const nobody = { clock: {}, random: {}, exchange: {}, log: {} } as unknown as CloudTools;
  const { id, secret } = simCredentials;
  const open = { ...account, id, secret: new Secret(secret), endpoint: "http://127.0.0.1" };
  return openAccount(open as CloudAccount, nobody).cloud.traits;
}
