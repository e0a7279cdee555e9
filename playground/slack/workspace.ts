/** The only place through which the page and the stories see the simulated workspace, and act in it as a person. */
import type { PageAct, PageAnswer, PageMessage, PageModal, PageState } from "../page/contract.ts";
import { channelsFor, type Deed } from "./deeds.ts";
import { slackFaults } from "./faults.ts";
import { app, type Channel, type Person } from "./people.ts";
import type { SlackShell, Traffic } from "./shell.ts";
import { messagesIn, personOf, type State } from "./state.ts";
import { stackOf, topView } from "./views.ts";

/** What Slack has to say about a viewer's page; the rest of `PageState` is the clouds' and the playground's. */
export type SlackPart = Pick<
  PageState,
  "me" | "users" | "groups" | "botUser" | "channels" | "commands" | "shortcuts" | "messages" | "modal" | "slackFaults"
>;
/** What a page may ask of Slack. A fault is Slack's when its `cloud` is "slack". */
export type SlackAct = Deed | Extract<PageAct, { do: "fault" }>;

export interface Workspace {
  state(user: string): SlackPart;
  /** Resolves when the bot has answered, or Slack has given up on it: then `says` is what the person reads. */
  act(act: SlackAct): Promise<PageAnswer>;
  /** Called at every change, for any viewer; the answer stops it. */
  onChange(told: () => void): () => void;
  readonly traffic: readonly Traffic[];
  readonly shell: SlackShell;
}

export function workspace(shell: SlackShell): Workspace {
  return {
    shell,
    traffic: shell.traffic,
    onChange: (told) => shell.onChange(told),
    state: (user) => slackPart(shell.state(), user),
    async act(act) {
      if (act.do !== "fault") return shell.act(act);
      shell.apply({ kind: "fault", fault: act.fault, armed: act.armed });
      return { ok: true };
    },
  };
}

export function slackPart(state: State, user: string): SlackPart {
  const person = personOf(state, user);
  const channels = person && person.kind !== "deactivated" ? channelsFor(state, person) : [];
  return {
    me: user,
    users: state.people.flatMap((each) => {
      const { id, name, title, kind } = each;
      return kind === "bot" ? [] : [{ id, name, title, kind }];
    }),
    groups: state.groups,
    botUser: { id: app.botUser, name: app.name },
    channels: channels.map((channel) => ({ id: channel.id, name: nameOf(state, channel, person) })),
    shortcuts: state.shortcuts.map(({ name, type, callback }) => ({ name, type, callback })),
    commands: state.commands.map(({ command, description, usage }) => ({ command, description, usage })),
    messages: Object.fromEntries(channels.map((channel) => [channel.id, seenBy(state, channel.id, user)])),
    modal: modalOf(state, user),
    slackFaults: slackFaults(state),
  };
}

/** A direct conversation bears the name of the other side. */
function nameOf(state: State, channel: Channel, person: Person | undefined): string {
  if (!channel.direct) return channel.name;
  const other = channel.members.find((id) => id !== person?.id) ?? "";
  return personOf(state, other)?.name ?? other;
}

function seenBy(state: State, channel: string, user: string): readonly PageMessage[] {
  return messagesIn(state, channel)
    .filter((message) => message.to === undefined || message.to === user)
    .map((message) => ({
      ts: message.ts,
      from: message.user,
      bot: message.user === app.botUser,
      text: message.text,
      blocks: message.blocks,
      ...(message.threadTs ? { threadTs: message.threadTs } : {}),
      ...(message.broadcast ? { broadcast: true } : {}),
      ...(message.to ? { ephemeral: true } : {}),
    }));
}

/** `view.state.values` holds what the person entered as far as it was sent, so that a page that is loaded again can show it. */
function modalOf(state: State, user: string): PageModal | null {
  const top = topView(state, user);
  if (!top) return null;
  const view = { ...top.body, state: { values: top.values } };
  return { viewId: top.id, hash: top.hash, view, errors: top.errors, depth: stackOf(state, user).length - 1 };
}
