/** The only place that finds out whether a bot that takes HTTP requests is there: nothing but its open port tells. */

import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import type { Clock } from "../src/seams.ts";

export interface Doorbell {
  answers(): boolean;
  stop(): void;
}

const ringEveryMs = 300;

/** Rings again and again; `changed` is called whenever it is answered for the first time, or no more. */
export function doorbell(port: number, clock: Clock, changed: () => void): Doorbell {
  const over = new AbortController();
  let open = false;
  const keep = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const before = open;
      open = await ring(port);
      if (open !== before) changed();
      await clock.after(ringEveryMs, over.signal);
    }
  };
  keep().catch(() => undefined);
  return { answers: () => open, stop: () => over.abort(new Error("stopped")) };
}

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function ring(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const done = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
  });
}
