/** The only place that says what a row of Tencent Cloud's two tables is: pre-flight (`tencent-preflight.ts`) and card (`tencent-card.ts`). */
import { shortName } from "../line.ts";
import type { Image, Notice, Order, Server } from "./cloud.ts";

/** What a row looks at. Without an order only the server is judged; with one, a missing image is one that no longer exists. */
export interface Case {
  server: Server;
  order: Order | null;
  image: Image | null;
}

export interface Row {
  code: string;
  kind: Notice["kind"];
  at: Notice["at"];
  /** The document it comes from. */
  source: string;
  when(given: Case): boolean;
  says(given: Case): string;
}

/** What a table says of a case, in its order. */
export function told(rows: readonly Row[], given: Case): readonly Notice[] {
  return rows
    .filter((row) => row.when(given))
    .map(({ kind, at, code, says }) => ({ kind, at, code, says: says(given) }));
}

/** From Linux to Windows or back. An unknown system is left to the cloud. */
export function crossSystem({ server, image }: Case): boolean {
  const families = [server.os.family, image?.os.family ?? "unknown"];
  return !families.includes("unknown") && families[0] !== families[1];
}

export function nameOf(server: Server): string {
  return shortName(server.name, server.ref.id);
}
