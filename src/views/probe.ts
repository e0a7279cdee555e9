/** The only place for what is said of a server's port: being tried, answering, or not answering from where the bot runs. */
import type { Door, Of, Started, Step } from "../request.ts";
import { code, span } from "./text.ts";

/** "port 22 answers", in the middle of a line. */
export function doorWords(door: Door, step: Step): string {
  const port = `port ${door.port}`;
  switch (door.is) {
    case "trying":
      return door.why === undefined ? `trying ${port}` : `${port} does not answer yet; I keep trying for a while`;
    case "open":
      return `${port} answers`;
    case "shut":
      return `${port} ${shutWords(door, step)}`;
    case "untried":
      return `${port} was not tried: the server shows no ${door.from} address`;
  }
}

/** Not answering is no failure: what is known, and what may be the reason. */
function shutWords(door: Door, step: Step): string {
  const tried = `(${span((step.endedAt ?? door.since) - door.since)})`;
  switch (door.why) {
    case "refused":
      return `refuses connections ${tried}: ${service(door)} may not run, or a firewall keeps the bot out`;
    case "silent":
      return `takes connections, but ${service(door)} says nothing ${tried}: it may still be starting`;
    case "no-route":
      return `cannot be reached from here ${tried}: the bot has no route to ${code(door.address ?? "")}`;
    default:
      return `does not answer from here ${tried}: the firewall may keep the bot out`;
  }
}

function service({ speaks }: Door): string {
  return speaks === "ssh" ? "SSH" : "Remote Desktop";
}

/** The door that the end of this request was waiting for. */
export function doorOf(request: Started): { door: Door; step: Step } | null {
  const step = request.attempts.at(-1)?.steps.find(({ id }) => id === "verify");
  return step?.door === undefined ? null : { door: step.door, step };
}

/** When it was ready: trying a port in vain is not part of what the reinstall took. */
export function readyAt(request: Of<"done">): number {
  const found = doorOf(request);
  return found === null || found.door.is === "open" ? request.endedAt : found.door.since;
}
