/** The slash commands as data: the manifest names them to Slack, the dispatch table answers them, and a test keeps the two in step. */

export interface CommandName {
  command: `/${string}`;
  /** What Slack shows while it is typed. */
  description: string;
  usage: string;
}

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
