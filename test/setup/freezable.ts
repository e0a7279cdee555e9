/** The only place that plays a network which loses a connection without a word to either side. */
import { createServer, connect as dial, type Server, type Socket } from "node:net";

export interface Freezable {
  url: string;
  /** From now on nothing passes, in either direction, and nobody is told. */
  freeze(): void;
  thaw(): void;
  close(): void;
}

/** A way to the server at `url` through this machine. */
export async function freezable(url: string): Promise<Freezable> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let frozen = false;
  const hold = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    if (frozen) socket.pause();
  };
  const server: Server = createServer((near) => {
    const far = dial(Number(target.port), target.hostname);
    near.on("data", (bytes) => far.write(bytes));
    far.on("data", (bytes) => near.write(bytes));
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    hold(near);
    hold(far);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const all = (what: "pause" | "resume" | "destroy") => {
    for (const socket of sockets) socket[what]();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    freeze() {
      frozen = true;
      all("pause");
    },
    thaw() {
      frozen = false;
      all("resume");
    },
    close() {
      all("destroy");
      server.close();
    },
  };
}
