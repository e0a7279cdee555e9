/** The only place that writes docs/config.md: out of the very schemas that read the configuration. */
import { z } from "zod";
import { File } from "../src/config.ts";
import { Kept, Tokens } from "../src/config-env.ts";

const opening = `# Configuration

Written by \`node scripts/config-docs.mjs\` from the schemas in \`src/config*.ts\`; a test keeps it in step. Change the schemas, not this page.

The bot reads one YAML file, \`config.yml\` (or the one that \`REINSTALL_CONFIG\` names), and the environment. \`config.example.yml\` is a good beginning. Every mistake in either is printed at once, with where it stands and what is expected; \`npm start -- --check\` then tries everything that they name.

Nothing secret belongs into the file: keys are named there and read from the environment.`;

interface Shape {
  description?: string;
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  properties?: Readonly<Record<string, Shape>>;
  required?: readonly string[];
  items?: Shape;
  prefixItems?: readonly Shape[];
  anyOf?: readonly Shape[];
  oneOf?: readonly Shape[];
}

export function configReference(): string {
  const file = shapeOf(File);
  const entry = (name: string): Shape => file.properties?.[name] ?? {};
  const parts = [
    opening,
    `## config.yml\n\n${table(file)}`,
    ...choicesOf(entry("slack")).map((shape) => `### slack, \`mode: ${word(shape, "mode")}\`\n\n${table(shape)}`),
    ...choicesOf(entry("accounts").items ?? {}).map(
      (shape) => `### accounts[], \`cloud: ${word(shape, "cloud")}\`\n\n${table(shape)}`,
    ),
    ...(entry("rules").prefixItems ?? []).map((shape) => `### rules[]\n\n${table(shape)}`),
    `### logins\n\n${table(entry("logins"))}`,
    `## Environment\n\n${table(withOthers(shapeOf(Tokens), shapeOf(Kept)))}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** What other files read of the environment. */
function withOthers(...shapes: readonly Shape[]): Shape {
  const others: Record<string, Shape> = {
    REINSTALL_CONFIG: { description: "Another place for `config.yml`.", default: "config.yml" },
    REINSTALL_HEALTH_PORT: { description: "A port on this machine for `GET /healthz`; none unless it is set." },
    "those under `credentials`": { description: "The variables that `config.yml` names for each account." },
  };
  return {
    properties: Object.assign({}, ...shapes.map(({ properties }) => properties), others),
    required: shapes.flatMap(({ required = [] }) => required),
  };
}

function shapeOf(schema: z.ZodType): Shape {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }) as Shape;
}

function choicesOf({ oneOf, anyOf }: Shape): readonly Shape[] {
  return oneOf ?? anyOf ?? [];
}

function word(shape: Shape, name: string): string {
  return String(shape.properties?.[name]?.const ?? "");
}

function table({ properties = {}, required = [] }: Shape): string {
  const rows = Object.entries(properties).flatMap(([name, shape]) => rowsOf(name, shape, required.includes(name)));
  return ["| key | value | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

/** A small object inside is written out below its own name. */
function rowsOf(name: string, shape: Shape, isRequired: boolean): readonly string[] {
  const key = /^[\w.]+$/.test(name) ? `\`${name}\`` : name;
  const row = `| ${key} | ${valuesOf(shape)} | ${defaultOf(shape, isRequired)} | ${shape.description ?? ""} |`;
  if (name !== "credentials") return [row];
  const inner = Object.entries(shape.properties ?? {});
  return [row, ...inner.flatMap(([each, one]) => rowsOf(`${name}.${each}`, one, true))];
}

function valuesOf(shape: Shape): string {
  if (shape.const !== undefined) return `\`${shape.const}\``;
  if (shape.enum) return shape.enum.map((each) => `\`${each}\``).join(", ");
  if (shape.type === "integer") return `${shape.minimum ?? ""} to ${shape.maximum ?? ""}`;
  if (shape.type === "array") return "list";
  if (shape.type === "boolean") return "`true`, `false`";
  if (shape.type === "object" || shape.oneOf) return "see below";
  return "text";
}

function defaultOf(shape: Shape, isRequired: boolean): string {
  if (shape.default !== undefined) return `\`${plain(shape.default)}\``;
  return isRequired ? "needed" : "";
}

function plain(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, each]) => `${name}: ${plain(each)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}
