/** The slash commands as data: the manifest names them to Slack, the dispatch table answers them, and a test keeps the two in step. */

export interface CommandName {
  command: `/${string}`;
  /** What Slack shows while it is typed. */
  description: string;
  usage: string;
}

export interface ShortcutName {
  /** At most 24 characters, beginning with a verb. */
  name: string;
  type: "global" | "message";
  callback: string;
  description: string;
}

/** Shortcuts as data, for the same two. */
export const shortcuts = [
  {
    name: "Reinstall a server",
    type: "global",
    callback: "reinstall",
    description: "Reinstall a cloud server; a second person approves",
  },
  {
    name: "Reinstall a server here",
    type: "message",
    callback: "reinstall-here",
    description: "Reinstall a cloud server and report in this message's thread",
  },
] as const satisfies readonly ShortcutName[];

export const commands = [
  {
    command: "/reinstall",
    description: "Reinstall the operating system of a cloud server; a second person approves",
    usage: "[server name, id or IP] | help",
  },
  {
    command: "/change-os",
    description: "Reinstall a cloud server with another image; a second person approves",
    usage: "[server name, id or IP] | help",
  },
  {
    command: "/reinstall-status",
    description: "Show open and recently finished reinstalls, or one in detail",
    usage: "[request or server] | help",
  },
] as const satisfies readonly CommandName[];
