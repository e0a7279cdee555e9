/** The only place that says what the page and the stand-ins tell each other. The page holds nothing that is not in here. */
import type { Fault, PanelServer } from "../clouds/sim.ts";

/** A person of the simulated workspace. */
export interface PageUser {
  id: string;
  name: string;
  /** "on-call engineer", "approver" … */
  title: string;
  kind: "member" | "guest" | "external" | "deactivated";
}

export interface PageMessage {
  ts: string;
  /** The parent's ts, for a reply. */
  threadTs?: string;
  /** Shown in the channel too, though it is a reply. */
  broadcast?: boolean;
  /** User id, or the bot's. */
  from: string;
  bot: boolean;
  text: string;
  blocks: readonly unknown[];
  /** Only the viewer sees it. */
  ephemeral?: boolean;
}

export interface PageModal {
  viewId: string;
  hash: string;
  /** The view as the bot gave it. */
  view: Readonly<Record<string, unknown>>;
  /** block_id → message, from the last refused submission. */
  errors: Readonly<Record<string, string>>;
  /** How many views lie below this one. */
  depth: number;
}

/** Everything the page shows to one viewer; sent whole at every change. */
export interface PageState {
  me: string;
  users: readonly PageUser[];
  groups: readonly { id: string; handle: string; users: readonly string[] }[];
  botUser: { id: string; name: string };
  channels: readonly { id: string; name: string }[];
  shortcuts: readonly { name: string; type: "global" | "message"; callback: string }[];
  commands: readonly { command: string; description: string; usage: string }[];
  /** By channel id, oldest first; ephemeral ones are already only the viewer's. */
  messages: Readonly<Record<string, readonly PageMessage[]>>;
  /** The viewer's open modal (top of its stack), or null. */
  modal: PageModal | null;
  clouds: readonly { cloud: string; title: string; servers: readonly PanelServer[]; faults: readonly Fault[] }[];
  slackFaults: readonly Fault[];
  bot: { state: "running" | "starting" | "stopped" | "absent"; kills: number; starts: number };
  /** Milliseconds since 1970 as the stand-ins see it. */
  now: number;
  speed: number;
}

/** What the page asks for, by `POST /page/act`. */
export type PageAct =
  | { do: "say"; user: string; channel: string; text: string; threadTs?: string }
  /** Slash command text as typed, e.g. "/reinstall web-01". */
  | { do: "command"; user: string; channel: string; text: string }
  /** A button, select, radio or checkbox of a message or of the open modal; `action` as Slack puts it into `actions[0]` without `action_ts`. */
  | {
      do: "press";
      user: string;
      in: { message: string; channel: string } | { view: string };
      action: Readonly<Record<string, unknown>>;
      /** `view.state.values` as it stands, for presses in a modal. */
      values?: Readonly<Record<string, unknown>>;
    }
  | {
      do: "suggest";
      user: string;
      view: string;
      actionId: string;
      blockId: string;
      value: string;
      values?: Readonly<Record<string, unknown>>;
    }
  /** From the shortcuts menu, or from the menu of a message. */
  | { do: "shortcut"; user: string; callback: string; on?: { message: string; channel: string } }
  | { do: "submit"; user: string; view: string; values: Readonly<Record<string, unknown>> }
  /** Cancel (`all: false`: this view) or ✕ (`all: true`: the whole stack). */
  | { do: "close"; user: string; view: string; all: boolean }
  | { do: "fault"; cloud: string; fault: string; armed: boolean }
  | { do: "console"; cloud: string; server: string; what: "stop" | "start" | "reinstall" | "delete" }
  | { do: "kill-bot" };

/** What comes back. `says` is what Slack would show the person, e.g. that the command failed with `operation_timeout`. */
export type PageAnswer =
  | { ok: true; options?: readonly unknown[]; optionGroups?: readonly unknown[] }
  | { ok: false; says: string };

/** Addresses of the page's own server. */
export const paths = { socket: "/page/socket", act: "/page/act" } as const;
