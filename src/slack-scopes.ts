/** The only place that says which scopes the bot token needs, and what for; a test keeps the manifests in step. */
export const botScopes = {
  commands: "for the commands and shortcuts themselves",
  "chat:write": "for cards, replies and answers to one person",
  "usergroups:read": "to know who is in the groups that may ask or approve",
  "users:read": "to refuse guests, outsiders and deactivated people",
  "channels:read": "to refuse channels shared with another company",
  "groups:read": "the same for private channels",
  "channels:history": "to find its own message again after a crash",
  "groups:history": "the same in private channels",
} as const satisfies Readonly<Record<string, string>>;
