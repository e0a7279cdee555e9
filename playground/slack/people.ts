/** The only place that says who lives in the simulated workspace, and by which names and tokens the playground's config reaches it. */

export const team = { id: "T0PLAYGROUND", domain: "playground", name: "Playground" } as const;
export const partnerTeam = { id: "T0PARTNER", domain: "partner", name: "Partner" } as const;
export const app = { id: "A0REINSTALL", botId: "B0REINSTALL", botUser: "U0REINSTALLBOT", name: "reinstall" } as const;
export const tokens = {
  bot: ["xoxb", "playground", "bot", "token"].join("-"),
  app: ["xapp", "playground", "app", "token"].join("-"),
  signingSecret: "playground".repeat(4).slice(0, 32),
} as const;

export const userIds = {
  engineer: "U0ENGINEER",
  approver: "U0APPROVER1",
  secondApprover: "U0APPROVER2",
  outsider: "U0OUTSIDER",
  guest: "U0GUEST",
  gone: "U0GONE",
  external: "U0EXTERNAL",
} as const;
export const groupIds = { approvers: "S0APPROVERS", oncall: "S0ONCALL" } as const;
export const channelIds = {
  incident: "C0INCIDENT4211",
  ops: "C0OPS",
  random: "C0RANDOM",
  shared: "C0SHARED",
  hidden: "C0HIDDEN",
  archived: "C0ARCHIVED",
} as const;

export interface Person {
  id: string;
  team: string;
  name: string;
  title: string;
  kind: "member" | "guest" | "external" | "deactivated" | "bot";
}
export interface Group {
  id: string;
  handle: string;
  users: readonly string[];
}
export interface Channel {
  id: string;
  name: string;
  private: boolean;
  direct: boolean;
  archived: boolean;
  /** Shared with another organisation. */
  external: boolean;
  /** People and, where it was invited, the bot. */
  members: readonly string[];
}
export interface Command {
  command: string;
  description: string;
  usage: string;
  /** `should_escape` of the manifest: people, channels and links arrive as `<@U…>`, `<#C…|name>`, `<https://…>`. */
  escape: boolean;
}

export const people: readonly Person[] = [
  { id: userIds.engineer, team: team.id, name: "erin", title: "on-call engineer", kind: "member" },
  { id: userIds.approver, team: team.id, name: "ana", title: "approver", kind: "member" },
  { id: userIds.secondApprover, team: team.id, name: "abel", title: "second approver", kind: "member" },
  {
    id: userIds.outsider,
    team: team.id,
    name: "oscar",
    title: "engineer of another team, in no group",
    kind: "member",
  },
  { id: userIds.guest, team: team.id, name: "gita", title: "guest", kind: "guest" },
  { id: userIds.gone, team: team.id, name: "dario", title: "left the company", kind: "deactivated" },
  { id: userIds.external, team: partnerTeam.id, name: "xenia", title: "partner company", kind: "external" },
  { id: app.botUser, team: team.id, name: app.name, title: "the bot", kind: "bot" },
];

export const groups: readonly Group[] = [
  { id: groupIds.approvers, handle: "oncall-approvers", users: [userIds.approver, userIds.secondApprover] },
  { id: groupIds.oncall, handle: "oncall", users: [userIds.engineer, userIds.approver, userIds.secondApprover] },
];

const staff = [userIds.engineer, userIds.approver, userIds.secondApprover, userIds.outsider];
const ordinary = { private: false, direct: false, archived: false, external: false };

export const channels: readonly Channel[] = [
  { ...ordinary, id: channelIds.incident, name: "incident-4211", members: [...staff, userIds.guest, app.botUser] },
  { ...ordinary, id: channelIds.ops, name: "ops", members: [...staff, app.botUser] },
  { ...ordinary, id: channelIds.random, name: "random", members: staff },
  {
    ...ordinary,
    id: channelIds.shared,
    name: "shared-with-partner",
    external: true,
    members: [...staff, userIds.external, app.botUser],
  },
  {
    ...ordinary,
    id: channelIds.hidden,
    name: "security-cases",
    private: true,
    members: [userIds.engineer, userIds.approver, app.botUser],
  },
  { ...ordinary, id: channelIds.archived, name: "incident-3998", archived: true, members: [...staff, app.botUser] },
  { ...ordinary, id: directId(userIds.engineer), name: "", direct: true, members: [userIds.engineer, app.botUser] },
];

export interface Shortcut {
  name: string;
  type: "global" | "message";
  callback: string;
}

export const commands: readonly Command[] = [
  {
    command: "/reinstall",
    description: "Reinstall the operating system of a server, with a second person's approval",
    usage: "[server] | help",
    escape: false,
  },
];

/** What the manifest of the bot asks for; a method outside of these is refused with `missing_scope`. */
export const scopes: readonly string[] = [
  "commands",
  "chat:write",
  "usergroups:read",
  "users:read",
  "channels:read",
  "groups:read",
  "im:read",
  "im:write",
  "channels:history",
  "groups:history",
  "im:history",
];

/** The direct conversation between a person and the bot. */
export function directId(user: string): string {
  return `D${user.slice(1)}`;
}
