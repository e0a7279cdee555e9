/** The only place where tests listen to everything that is printed while something runs. */
import { inspect } from "node:util";
import { vi } from "vitest";

const words = ["debug", "log", "info", "warn", "error", "trace", "dir"] as const;

/** All that reached the console or the standard streams, as one text. Nothing of it is shown. */
export async function overheard(run: () => Promise<unknown>): Promise<string> {
  const heard: string[] = [];
  const hear = (...what: readonly unknown[]): true => {
    heard.push(what.map((each) => (typeof each === "string" ? each : inspect(each, { depth: 20 }))).join(" "));
    return true;
  };
  const spies = [
    ...[process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write").mockImplementation(hear)),
    ...words.map((word) => vi.spyOn(console, word).mockImplementation(hear)),
  ];
  try {
    await run();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return heard.join("\n");
}
