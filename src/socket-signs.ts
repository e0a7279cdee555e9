/** The only place that hears whether Slack is still at the other end of a Socket Mode connection: whatever comes over that very socket counts. A call of the Web API would go another way and prove nothing about it. */
import { channel } from "node:diagnostics_channel";
import type { Clock } from "./seams.ts";

export interface Signs {
  /** Resolves when nothing came for so long; the library's own pings ask for a sign every two seconds. */
  silence(maxMs: number): Promise<void>;
  stop(): void;
}

/** https://undici.nodejs.org/#/docs/api/DiagnosticsChannel: told for every WebSocket of the process, so the one that opened last is meant. */
const opened = channel("undici:websocket:open");
const frames = [channel("undici:websocket:ping"), channel("undici:websocket:pong")];

/** `onSign` is told at every sign; messages are reported by whoever reads them, through `heard`. */
export function signsOfLife(clock: Clock, onSign: () => void): Signs & { heard(): void } {
  let socket: unknown = null;
  let lastAt = clock.mono();
  const over = new AbortController();
  const heard = (): void => {
    lastAt = clock.mono();
    onSign();
  };
  const onOpen = (message: unknown): void => {
    socket = socketOf(message);
  };
  const onFrame = (message: unknown): void => {
    if (socket !== null && socketOf(message) === socket) heard();
  };
  opened.subscribe(onOpen);
  for (const frame of frames) frame.subscribe(onFrame);
  return {
    heard,
    async silence(maxMs) {
      for (let wait = maxMs; wait > 0; wait = lastAt + maxMs - clock.mono()) await clock.after(wait, over.signal);
    },
    stop() {
      over.abort(new Error("stopped listening"));
      opened.unsubscribe(onOpen);
      for (const frame of frames) frame.unsubscribe(onFrame);
    },
  };
}

function socketOf(message: unknown): unknown {
  return typeof message === "object" && message !== null && "websocket" in message ? message.websocket : null;
}
