import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { commands, shortcuts } from "../src/commands/names.ts";
import { slackPath } from "../src/http-line.ts";
import { botScopes } from "../src/slack-scopes.ts";
import { invite } from "../src/views/help.ts";

const manifest: unknown = parse(readFileSync("manifest.yml", "utf8"));
const httpManifest: unknown = parse(readFileSync("manifest.http.yml", "utf8"));

/** Slack's own schema, as far as this app needs it. https://github.com/slackapi/manifest-schema */
const text = (min: number, max: number) => z.string().min(min).max(max);
const Address = z.url({ protocol: /^https$/ });
const Scopes = z.array(text(1, 50)).max(255);
const Manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal([1, 2]), minor_version: z.int().optional() }).optional(),
  display_information: z.strictObject({
    name: text(1, 35),
    description: text(1, 140).optional(),
    background_color: z
      .string()
      .regex(/^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$/)
      .optional(),
    long_description: text(175, 4_000).optional(),
  }),
  features: z.strictObject({
    bot_user: z.strictObject({ display_name: text(1, 80), always_online: z.boolean().optional() }),
    app_home: z
      .strictObject({
        home_tab_enabled: z.boolean().optional(),
        messages_tab_enabled: z.boolean().optional(),
        messages_tab_read_only_enabled: z.boolean().optional(),
      })
      .optional(),
    slash_commands: z
      .array(
        z.strictObject({
          command: text(2, 32).regex(/^\//),
          url: Address.optional(),
          description: text(1, 2_000),
          usage_hint: text(1, 1_000).optional(),
          should_escape: z.boolean().optional(),
        }),
      )
      .min(1)
      .max(50),
    shortcuts: z
      .array(
        z.strictObject({
          name: text(1, 24),
          type: z.enum(["message", "global"]),
          callback_id: text(1, 255),
          description: text(1, 150),
        }),
      )
      .max(10),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: Scopes }) }),
  settings: z.strictObject({
    interactivity: z.strictObject({
      is_enabled: z.literal(true),
      request_url: Address.optional(),
      message_menu_options_url: Address.optional(),
    }),
    org_deploy_enabled: z.boolean().optional(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.literal(false),
  }),
});

/** https://docs.slack.dev/reference/methods: what a bot token needs for each method the bot calls. */
const scopesFor: Readonly<Record<string, readonly string[]>> = {
  "auth.test": [],
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "chat.postEphemeral": ["chat:write"],
  "views.open": [],
  "views.push": [],
  "views.update": [],
  "users.info": ["users:read"],
  "usergroups.users.list": ["usergroups:read"],
  "conversations.info": ["channels:read", "groups:read"],
  "conversations.history": ["channels:history", "groups:history"],
  "conversations.replies": ["channels:history", "groups:history"],
  // With the app-level token, whose scope no manifest can hold.
  "apps.connections.open": [],
};

function methodsCalled(): readonly string[] {
  const files = readdirSync("src").filter((name) => name.startsWith("slack"));
  const source = files.map((name) => readFileSync(`src/${name}`, "utf8")).join("\n");
  const families = "auth|chat|views|users|usergroups|conversations|bots|team|files|pins|reactions|apps|assistant";
  return [...new Set(source.match(new RegExp(`(?<=")(?:${families})\\.[a-zA-Z.]+(?=")`, "g")))].sort();
}

describe("the manifest", () => {
  test("keeps Slack's schema, for Socket Mode without any address", () => {
    expect(Manifest.safeParse(manifest).error?.issues ?? []).toEqual([]);
    expect(Manifest.parse(manifest).settings.socket_mode_enabled).toBe(true);
    expect(JSON.stringify(manifest)).not.toMatch(/https?:/);
  });

  test("for HTTP is the same with the bot's one address at everything that Slack sends", () => {
    const http = Manifest.parse(httpManifest);
    const { request_url, message_menu_options_url, ...interactivity } = http.settings.interactivity;
    const commandUrls = http.features.slash_commands.map(({ url }) => url);
    for (const url of [...commandUrls, request_url, message_menu_options_url])
      expect(url).toBe(`https://bot.example.com${slackPath}`);
    expect({
      ...http,
      features: { ...http.features, slash_commands: http.features.slash_commands.map(({ url: _, ...rest }) => rest) },
      settings: { ...http.settings, interactivity, socket_mode_enabled: true },
    }).toEqual(manifest);
    expect(http.settings.socket_mode_enabled).toBe(false);
  });

  const broken: readonly { says: string; change: (good: z.infer<typeof Manifest>) => void }[] = [
    {
      says: "a name of 36 characters",
      change: (good) => void Object.assign(good.display_information, { name: "x".repeat(36) }),
    },
    {
      says: "a command without a slash",
      change: (good) => void Object.assign(good.features.slash_commands[0] ?? {}, { command: "reinstall" }),
    },
    { says: "an unknown key", change: (good) => void Object.assign(good.settings, { socket_mode: true }) },
    {
      says: "a short long description",
      change: (good) => void Object.assign(good.display_information, { long_description: "short" }),
    },
  ];
  test.each(broken)("with $says would be caught", ({ change }) => {
    const changed = Manifest.parse(structuredClone(manifest));
    change(changed);
    expect(Manifest.safeParse(changed).success).toBe(false);
  });

  test("names the commands that the bot answers, in the same words", () => {
    const named = Manifest.parse(manifest).features.slash_commands;
    expect(named.map(({ command, description, usage_hint }) => ({ command, description, usage: usage_hint }))).toEqual(
      commands,
    );
  });

  test("names the shortcuts that the bot answers, in the same words", () => {
    const named = Manifest.parse(manifest).features.shortcuts;
    expect(
      named.map(({ name, type, callback_id, description }) => ({ name, type, callback: callback_id, description })),
    ).toEqual(shortcuts);
  });

  test("gives the bot the name by which it asks to be invited", () => {
    for (const each of [manifest, httpManifest]) {
      expect(invite).toBe(`/invite @${Manifest.parse(each).features.bot_user.display_name}`);
    }
    expect(readFileSync("README.md", "utf8")).toContain(`\`${invite}\``);
  });

  test("leaves a server's name as it was typed", () => {
    expect(Manifest.parse(manifest).features.slash_commands.map((each) => each.should_escape)).toEqual(
      commands.map(() => false),
    );
  });

  test("asks for exactly the scopes that the bot's calls need", () => {
    const methods = methodsCalled();
    expect(methods).toEqual(Object.keys(scopesFor).sort());
    const needed = new Set(["commands", ...methods.flatMap((method) => scopesFor[method] ?? ["?"])]);
    expect(Manifest.parse(manifest).oauth_config.scopes.bot.toSorted()).toEqual([...needed].sort());
    expect(Object.keys(botScopes).sort()).toEqual([...needed].sort());
  });
});
