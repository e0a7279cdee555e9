/** `/reinstall-status`: what is open, what finished lately, or one request in detail. Only the person who asked sees it. */
import { searchable } from "../line.ts";
import type { Request } from "../request.ts";
import type { Reply } from "../seams.ts";
import { detailLines } from "../views/details.ts";
import { helpText } from "../views/help.ts";
import { statusText } from "../views/status.ts";
import { outside } from "../views/text.ts";
import type { Command } from "./payload.ts";
import type { CommandTools } from "./tools.ts";

const latestMax = 10;

export async function statusCommand(tools: CommandTools, command: Command, reply: Reply): Promise<void> {
  const text = command.text.trim();
  await reply({ response_type: "ephemeral", text: await answer(tools, command, text) });
}

async function answer(tools: CommandTools, command: Command, text: string): Promise<string> {
  if (/^(help|\?|-h|--help)$/i.test(text)) return helpText(command.command);
  const open = tools.store.hot();
  const finished = tools.store.latest(200);
  if (text === "") return statusText(open, finished.slice(0, latestMax), tools.traitsOf);
  const byId = /^r[a-z2-7]{10}$/.test(text) ? await tools.store.get(text) : null;
  if (byId !== null) return detailLines(byId, tools.traitsOf(byId)).join("\n");
  const all = [...new Map([...open, ...finished].map((request) => [request.id, request])).values()];
  const [match] = all.filter((request) => isAbout(request, searchable(text))).sort((a, b) => b.askedAt - a.askedAt);
  if (match !== undefined) return detailLines(match, tools.traitsOf(match)).join("\n");
  return `No open or recent request matches “${outside(text, 60)}”. \`/reinstall-status\` lists the open and the latest finished ones.`;
}

function isAbout(request: Request, text: string): boolean {
  const { drawn, order } = request;
  const names = [drawn.name, order.server.id, ...drawn.ips.public, ...drawn.ips.private];
  return names.some((name) => searchable(name) === text);
}
