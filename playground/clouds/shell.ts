/** The only place where simulated clouds meet the network: HTTP on this machine round a pure core. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Clock } from "../../src/seams.ts";
import type { CloudSim, Fault, PanelServer, SimReply, SimRequest } from "./sim.ts";

export interface CloudShell<State> {
  /** Listens on 127.0.0.1, on any free port when none is said; gives "http://127.0.0.1:port". */
  listen(port?: number): Promise<string>;
  /** Cuts every connection, hanging ones too. */
  close(): Promise<void>;
  state(): State;
  /** Somebody changes something in the cloud for which the panel has no switch. */
  arrange(change: (state: State) => State): void;
  panel(): readonly PanelServer[];
  faults(): readonly Fault[];
  passwords(): Readonly<Record<string, string>>;
  arm(fault: string, armed: boolean): void;
  console(server: string, what: "stop" | "start" | "reinstall" | "delete"): void;
  /** Called after every change of the state, but not when mere time moves a server on; gives the way to unsubscribe. */
  onChange(changed: () => void): () => void;
  /** Called when a request has taken its effect and before its answer is sent, which waits for the hook; gives the way to unsubscribe. */
  onRequest(hook: RequestHook): () => void;
  /** Requests that came in and are not answered yet. One that the core leaves hanging counts no more. */
  inFlight(): number;
}

export type RequestHook = (request: SimRequest, reply: SimReply) => void | Promise<void>;

/** As much as the most generous of the clouds takes: 10 MB. https://www.tencentcloud.com/document/api/213/15689 */
const bodyMaxBytes = 10 * 1024 * 1024;

export function cloudShell<State>(
  sim: CloudSim<State>,
  { clock, speed }: { clock: Pick<Clock, "now">; speed: number },
): CloudShell<State> {
  let state = sim.start({ speed, now: clock.now() });
  const hooks = new Set<RequestHook>();
  const watchers = new Set<() => void>();

  function become(next: State): void {
    if (next === state) return;
    state = next;
    for (const changed of watchers) changed();
  }

  const web = webServer(hooks, (request) => {
    const [next, reply] = sim.handle(state, request, clock.now());
    become(next);
    return reply;
  });

  return {
    listen: (port = 0) => listen(web.server, port),
    close: () => close(web.server),
    state: () => state,
    arrange: (change) => become(change(state)),
    panel: () => sim.panel(state, clock.now()),
    faults: () => sim.faults(state),
    passwords: () => sim.passwords(state),
    arm: (fault, armed) => become(sim.arm(state, fault, armed)),
    console: (id, what) => become(sim.console(state, id, what, clock.now())),
    onChange: (changed) => subscribe(watchers, changed),
    onRequest: (hook) => subscribe(hooks, hook),
    inFlight: web.inFlight,
  };
}

/** Takes requests one by one as their bodies are complete; each has its effect at once, and its answer after the hooks. */
function webServer(
  hooks: ReadonlySet<RequestHook>,
  take: (request: SimRequest) => SimReply,
): { server: Server; inFlight(): number } {
  let inFlight = 0;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await read(incoming);
    try {
      const reply = take(request);
      for (const hook of [...hooks]) await hook(request, reply);
      answer(reply, outgoing);
    } catch (error) {
      // A mistake in a core or a hook: said aloud, so that it is not taken for a cloud in trouble.
      answer({ status: 500, headers: {}, body: `The simulation itself broke: ${error}`, how: "answer" }, outgoing);
    }
  }

  const server = createServer((incoming, outgoing) => {
    inFlight += 1;
    serve(incoming, outgoing)
      .catch(() => outgoing.destroy())
      .finally(() => {
        inFlight -= 1;
      });
  });
  return { server, inFlight: () => inFlight };
}

function subscribe<T>(all: Set<T>, one: T): () => void {
  all.add(one);
  return () => {
    all.delete(one);
  };
}

/** The request as the cores take it; throws when it breaks off or is too large, and then nothing has happened. */
async function read(incoming: IncomingMessage): Promise<SimRequest> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming) {
    const piece = Buffer.from(part);
    bytes += piece.length;
    if (bytes > bodyMaxBytes) throw new Error("The body is too large.");
    parts.push(piece);
  }
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]);
  return {
    method: incoming.method ?? "GET",
    path: incoming.url ?? "/",
    headers: Object.fromEntries(headers),
    body: Buffer.concat(parts).toString("utf8"),
  };
}

function answer(reply: SimReply, outgoing: ServerResponse): void {
  if (reply.how === "hang") return;
  if (reply.how === "lost") {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(reply.status, reply.headers);
  outgoing.end(reply.body);
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      if (address && typeof address === "object") resolve(`http://127.0.0.1:${address.port}`);
      else reject(new Error("The simulated cloud has no address."));
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
