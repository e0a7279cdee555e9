import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket, type Server as TcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterEach, describe, expect, test } from "vitest";
import { realProbe } from "../src/probe.ts";
import { realClock } from "../src/real.ts";
import type { Clock } from "../src/seams.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const probe = realProbe(realClock());

/** A clock on which patience ends when the test says so. */
function byHand(): { clock: Clock; end(): void } {
  let end = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { clock: { ...realClock(), after: () => over }, end };
}

function listening(server: TcpServer | InstanceType<typeof ssh2.Server>): Promise<number> {
  closers.push(() => server.close());
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

interface SshSeen {
  logins: number;
  ident: string;
}

/** An SSH server with a host key of its own, as a reinstalled server has. */
async function sshServer(kind: "ed25519" | "ecdsa" | "rsa", algorithms?: object) {
  const options = { ed25519: undefined, ecdsa: { bits: 256 }, rsa: { bits: 2048 } }[kind];
  const make = () => ssh2.utils.generateKeyPairSync(kind as "ed25519", options as never);
  let keys = make();
  // Now and then the library makes a key that it cannot read itself.
  while (ssh2.utils.parseKey(keys.private) instanceof Error) keys = make();
  const seen: SshSeen = { logins: 0, ident: "" };
  const server = new ssh2.Server({ hostKeys: [keys.private], ...algorithms }, (client, { header }) => {
    seen.ident = header.versions.software;
    client.on("authentication", (login) => {
      seen.logins += 1;
      login.reject();
    });
    client.on("error", () => {});
  });
  const blob = Buffer.from(keys.public.split(" ")[1] ?? "", "base64");
  const hostKey = `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
  return { port: await listening(server), hostKey, seen, publicKey: keys.public };
}

function tcpServer(behave: (socket: Socket) => void): Promise<number> {
  return listening(
    createServer((socket) => {
      closers.push(() => socket.destroy());
      socket.on("error", () => {});
      behave(socket);
    }),
  );
}

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  closers.splice(0);
  return port;
}

describe("an SSH server", () => {
  test.each([
    { kind: "ed25519", called: "ED25519" },
    { kind: "ecdsa", called: "ECDSA" },
    { kind: "rsa", called: "RSA" },
  ] as const)("answers with the fingerprint of its $called host key, as ssh shows it", async ({ kind, called }) => {
    const server = await sshServer(kind);
    expect(await probe("127.0.0.1", server.port, "ssh")).toEqual({
      open: true,
      hostKey: server.hostKey,
      hostKeyKind: called,
    });
  });

  test("is left before anybody is asked to log in, and can tell from its log who knocked", async () => {
    const server = await sshServer("ed25519");
    await probe("127.0.0.1", server.port, "ssh");
    expect(server.seen).toEqual({ logins: 0, ident: "reinstall-bot" });
  });

  test("that has no algorithm in common with us still answers, without a key", async () => {
    const server = await sshServer("rsa", { algorithms: { kex: ["diffie-hellman-group1-sha1"] } });
    expect(await probe("127.0.0.1", server.port, "ssh")).toEqual({ open: true });
  });

  test("that names itself and then hangs answers, without a key", async () => {
    const { clock, end } = byHand();
    const port = await tcpServer((socket) => {
      socket.write("SSH-2.0-OpenSSH_9.6\r\n");
      // What follows the line with our own name is sent only once theirs was read.
      let heard = "";
      socket.on("data", (bytes) => {
        heard += bytes.toString("latin1");
        if (/^SSH-2.0-reinstall-bot\r\n./s.test(heard)) end();
      });
    });
    expect(await realProbe(clock)("127.0.0.1", port, "ssh")).toEqual({ open: true });
  });

  test.each([
    { how: "in two pieces", before: "", firstBytes: 2 },
    { how: "behind a line that welcomes people", before: "Authorized use only\r\n", firstBytes: 255 },
  ])("that greets $how still shows its key", async ({ before, firstBytes }) => {
    const server = await sshServer("ed25519");
    const port = await tcpServer((socket) => {
      const behind = connect(server.port, "127.0.0.1");
      closers.push(() => behind.destroy());
      behind.on("error", () => {});
      socket.setNoDelay(true);
      socket.on("data", (bytes) => behind.write(bytes));
      let later = Promise.resolve();
      const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 50));
      const say = (bytes: string | Buffer) => {
        later = later.then(() => void socket.write(bytes)).then(pause);
      };
      if (before !== "") say(before);
      behind.once("data", (bytes: Buffer) => {
        say(bytes.subarray(0, firstBytes));
        say(bytes.subarray(firstBytes));
        behind.on("data", say);
      });
    });
    expect(await probe("127.0.0.1", port, "ssh")).toMatchObject({ open: true, hostKey: server.hostKey });
  });

  const keygen = spawnSync("ssh-keygen", ["-?"]).error === undefined;
  test.skipIf(!keygen)("has the fingerprint that ssh-keygen prints for the same key", async () => {
    const server = await sshServer("ed25519");
    const folder = mkdtempSync(join(tmpdir(), "hostkey-"));
    closers.push(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "key.pub"), server.publicKey);
    const printed = execFileSync("ssh-keygen", ["-l", "-f", join(folder, "key.pub")], { encoding: "utf8" });
    const probed = await probe("127.0.0.1", server.port, "ssh");
    expect(probed).toMatchObject({ open: true });
    if (probed.open) expect(printed).toContain(`${probed.hostKey} `);
    if (probed.open) expect(printed).toContain(`(${probed.hostKeyKind})`);
  });
});

describe("what does not answer is told apart", () => {
  test("a closed port refuses", async () => {
    expect(await probe("127.0.0.1", await closedPort(), "ssh")).toEqual({ open: false, why: "refused" });
    expect(await probe("127.0.0.1", await closedPort(), "rdp")).toEqual({ open: false, why: "refused" });
  });

  test("a port that takes the line and says nothing is silent, once patience is over", async () => {
    const { clock, end } = byHand();
    const port = await tcpServer((socket) => void socket.on("data", end));
    expect(await realProbe(clock)("127.0.0.1", port, "ssh")).toEqual({ open: false, why: "silent" });
  });

  test("something else than SSH on port 22 is no SSH server", async () => {
    const port = await tcpServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await probe("127.0.0.1", port, "ssh")).toEqual({ open: false, why: "silent" });
  });

  test("a line that is cut at once is silent", async () => {
    const port = await tcpServer((socket) => socket.destroy());
    expect(await probe("127.0.0.1", port, "ssh")).toEqual({ open: false, why: "silent" });
  });

  test("a line that is not taken before patience is over is no answer", async () => {
    const { clock, end } = byHand();
    const { port } = await sshServer("ed25519");
    end();
    expect(await realProbe(clock)("127.0.0.1", port, "ssh")).toEqual({ open: false, why: "no-answer" });
    expect(await realProbe(clock)("127.0.0.1", port, "rdp")).toEqual({ open: false, why: "no-answer" });
  });
});

test("Remote Desktop answers when its port takes a connection", async () => {
  const port = await tcpServer(() => {});
  expect(await probe("127.0.0.1", port, "rdp")).toEqual({ open: true });
});
