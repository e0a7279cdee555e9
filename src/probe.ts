/** The only place that knocks at a server's own door: whether a port answers from here, and which host key SSH shows. It never logs in. */
import { createHash } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { Client } from "ssh2";
import type { Clock, Probe, Probed } from "./seams.ts";

/** One try, short enough for a bot that is asked to stop; how often and how long in all is the flow's affair. */
const tryMaxMs = 5_000;

export function realProbe(clock: Clock, maxMs: number = tryMaxMs): Probe {
  return async (address, port, speaks) => {
    // The library is read when it is first needed, since it would make every start longer; and before there is a line to listen to.
    const client = speaks === "ssh" ? new (await import("ssh2")).default.Client() : null;
    const over = new AbortController();
    const seen: Seen = { connected: false, greeted: false };
    const socket = connect({ host: address, port });
    try {
      const late = clock.after(maxMs, over.signal).catch(() => undefined);
      await Promise.race([late, client === null ? hear(socket, seen) : hearSsh(client, socket, seen)]);
      return verdict(seen, speaks);
    } finally {
      over.abort();
      socket.destroy();
    }
  };
}

/** What was learnt until the end, whichever way it ended. */
interface Seen {
  connected: boolean;
  greeted: boolean;
  key?: Buffer;
  /** The key exchange went through, so the key shown is one that the server really holds. */
  proved?: boolean;
  error?: unknown;
}

function verdict(seen: Seen, speaks: "ssh" | "rdp"): Probed {
  if (speaks === "rdp" && seen.connected) return { open: true };
  // A greeting may come in pieces, or behind lines that welcome people; the key exchange is past all that.
  if (seen.greeted || seen.proved) {
    return seen.proved && seen.key !== undefined ? { open: true, ...fingerprint(seen.key) } : { open: true };
  }
  if (seen.connected) return { open: false, why: "silent" };
  return { open: false, why: whyNot(seen.error) };
}

function hear(socket: Socket, seen: Seen): Promise<void> {
  return new Promise((resolve) => {
    socket.on("connect", () => {
      seen.connected = true;
      resolve();
    });
    socket.on("error", (error) => {
      seen.error = error;
      resolve();
    });
  });
}

/** The handshake up to the host key. It ends before anybody is asked to log in. */
function hearSsh(client: Client, socket: Socket, seen: Seen): Promise<void> {
  return new Promise((resolve) => {
    const end = (error?: unknown): void => {
      seen.error ??= error;
      resolve();
    };
    socket.once("connect", () => {
      seen.connected = true;
    });
    client.on("handshake", () => {
      seen.proved = true;
      end();
    });
    // It stays on after the end: the library tells of a line that we cut as an error.
    client.on("error", end);
    client.on("close", () => end());
    const hostVerifier = (key: Buffer): boolean => {
      seen.key = key;
      return true;
    };
    client.connect({ sock: socket, username: "probe", ident: "reinstall-bot", hostVerifier, readyTimeout: 0 });
    socket.once("data", (bytes: Buffer) => {
      seen.greeted = bytes.subarray(0, 4).toString("latin1") === "SSH-";
    });
  });
}

/** As `ssh` prints it: the digest without padding, and the kind, which stands at the head of the key. https://www.rfc-editor.org/rfc/rfc4253#section-6.6 */
function fingerprint(key: Buffer): { hostKey: string; hostKeyKind: string } {
  const digest = createHash("sha256").update(key).digest("base64").replace(/=+$/, "");
  const name = key.subarray(4, 4 + key.readUInt32BE(0)).toString("latin1");
  return { hostKey: `SHA256:${digest}`, hostKeyKind: name.replace(/^ssh-/, "").replace(/-.*$/, "").toUpperCase() };
}

function whyNot(error: unknown): "refused" | "no-answer" | "no-route" {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ECONNREFUSED") return "refused";
  return ["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL"].includes(code) ? "no-route" : "no-answer";
}
