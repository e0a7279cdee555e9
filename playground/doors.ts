/** The only place that plays the ports of simulated servers: SSH with a host key that each reinstall makes anew, and the way there from the bot. */
import { createServer as createWebServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import ssh2 from "ssh2";

/** What stands behind an address just now. */
export interface Guest {
  /** Another word after each reinstall. */
  system: string;
  up: boolean;
  windows: boolean;
}

export interface Doors {
  /** A module for the bot's process, so that its probe comes here. */
  route: string;
  close(): void;
}

interface Door {
  system: string;
  server: Server;
  port: Promise<number>;
}

/** Nobody owns the servers' addresses, so an open port of theirs is one of this machine, opened when it is first asked for. */
export async function openDoors(guestAt: (address: string) => Guest | null): Promise<Doors> {
  const doors = new Map<string, Door>();

  async function portOf(address: string, wanted: number): Promise<number | null> {
    const guest = guestAt(address);
    if (!guest?.up || wanted !== (guest.windows ? 3389 : 22)) return null;
    const known = doors.get(address);
    if (known?.system === guest.system) return known.port;
    known?.server.close();
    const server = guest.windows ? createServer((socket) => socket.on("error", () => {})) : sshServer();
    const door = { system: guest.system, server, port: listening(server) };
    doors.set(address, door);
    return door.port;
  }

  const desk = createWebServer((asked, answer) => {
    const [, address = "", wanted = ""] = (asked.url ?? "").split("/");
    portOf(address, Number(wanted)).then(
      (port) => answer.writeHead(port === null ? 404 : 200).end(String(port)),
      () => answer.writeHead(500).end(),
    );
  });
  const route = routeBy(`http://127.0.0.1:${await listening(desk)}`);
  const close = (): void => {
    for (const { server } of [...doors.values(), { server: desk }]) server.close();
    desk.closeAllConnections();
  };
  return { route, close };
}

/** Nobody gets in: it only shows its key. */
function sshServer(): Server {
  const ssh = new ssh2.Server({ hostKeys: [hostKey()] }, (client) => {
    client.on("authentication", (login) => login.reject());
    client.on("error", () => {});
  });
  return createServer((socket) => ssh.injectSocket(socket));
}

/** Now and then the library makes a key that it cannot read itself. */
function hostKey(): string {
  for (;;) {
    const { private: key } = ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(key) instanceof Error)) return key;
  }
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/**
 * The network of the simulated servers, as the bot's process meets it: whoever calls an address that is set aside for
 * documentation is connected to the port that the desk names, or refused. `connecting` is set at once, since callers
 * take a socket that is not connecting for one that is connected.
 */
function routeBy(desk: string): string {
  const module = `
    import net from "node:net";
    import { syncBuiltinESMExports } from "node:module";
    const direct = net.connect;
    net.connect = (...words) => {
      const [{ host = "", port }] = words;
      if (!/^(203\\.0\\.113|198\\.51\\.100)\\.\\d+$/.test(host)) return direct(...words);
      const socket = new net.Socket();
      socket.connecting = true;
      const refused = () => socket.destroy(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
      fetch("${desk}/" + host + "/" + port)
        .then((answer) => (answer.ok ? answer.text() : null))
        .then((found) => (found === null ? refused() : socket.destroyed || socket.connect(Number(found), "127.0.0.1")))
        .catch(refused);
      return socket;
    };
    syncBuiltinESMExports();`;
  return `data:text/javascript,${encodeURIComponent(module)}`;
}
