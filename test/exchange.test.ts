import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { realClock, realExchange } from "../src/real.ts";
import { type HttpRequest, NotSent } from "../src/seams.ts";

const running: Server[] = [];
const exchange = realExchange(realClock());

afterEach(() => {
  for (const server of running.splice(0)) server.close();
});

async function listening(server: Server): Promise<string> {
  running.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function web(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  return listening(createServer(answer));
}

function act(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: "POST", url, headers: { "x-sign": "1" }, body: "order", timeoutMs: 5_000, once: true, ...more };
}

/** What an act did to a server that counts connections and requests. */
async function counted(
  behave: (socket: Socket) => void,
): Promise<{ url: string; seen: { connections: number; requests: number } }> {
  const seen = { connections: 0, requests: 0 };
  const url = await listening(
    createTcpServer((socket) => {
      seen.connections += 1;
      socket.on("error", () => {});
      socket.on("data", (bytes) => {
        seen.requests += bytes.toString().split("POST ").length - 1;
        behave(socket);
      });
    }),
  );
  return { url, seen };
}

describe("an act", () => {
  test("carries method, headers and body, and brings back status, lower-case headers and body", async () => {
    const url = await web((request, response) => {
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () =>
        response.writeHead(202, { "X-Request-Id": "7f2a" }).end(`${request.headers["x-sign"]} ${body}`),
      );
    });
    const answer = await exchange(act(`${url}/reset?a=1`));
    expect(answer).toMatchObject({ status: 202, body: "1 order" });
    expect(answer.headers["x-request-id"]).toBe("7f2a");
  });

  const breaks: readonly { says: string; behave: (socket: Socket) => void }[] = [
    { says: "the connection breaks after the request", behave: (socket) => socket.destroy() },
    { says: "the peer closes without an answer", behave: (socket) => socket.end() },
    {
      says: "the answer stops half-way",
      behave: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"),
    },
    { says: "the answer is not HTTP", behave: (socket) => socket.end("nonsense\r\n\r\n") },
  ];
  test.each(breaks)("is sent once when $says, and nobody is told that it never left", async ({ behave }) => {
    const { url, seen } = await counted(behave);
    const failure = await exchange(act(url)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(NotSent);
    expect(seen).toEqual({ connections: 1, requests: 1 });
  });

  const answers = [
    { status: "307 Temporary Redirect", header: "location: /elsewhere\r\n" },
    { status: "421 Misdirected Request", header: "" },
    { status: "503 Service Unavailable", header: "retry-after: 0\r\n" },
  ];
  test.each(answers)("is sent once when the answer is $status", async ({ status, header }) => {
    const { url, seen } = await counted((socket) =>
      socket.end(`HTTP/1.1 ${status}\r\n${header}content-length: 0\r\n\r\n`),
    );
    expect((await exchange(act(url))).status).toBe(Number(status.slice(0, 3)));
    expect(seen).toEqual({ connections: 1, requests: 1 });
  });

  test("takes a connection of its own each time", async () => {
    const { url, seen } = await counted((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
    await exchange(act(url));
    await exchange(act(url));
    expect(seen).toEqual({ connections: 2, requests: 2 });
  });

  test("ends at its time-out, not knowing", async () => {
    const { url, seen } = await counted(() => {});
    const failure = await exchange(act(url, { timeoutMs: 200 })).catch((error: unknown) => error);
    expect(failure).not.toBeInstanceOf(NotSent);
    expect(String(failure)).toContain("no answer within 200 ms");
    expect(seen.requests).toBe(1);
  });

  test("ends at its time-out when the answer never ends", async () => {
    const { url } = await counted((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"));
    await expect(exchange(act(url, { timeoutMs: 200 }))).rejects.toThrow("no answer within 200 ms");
  });

  test("goes past a proxy named in the environment", async () => {
    const url = await web((_, response) => response.end("direct"));
    process.env["http_proxy"] = "http://127.0.0.1:1";
    try {
      expect((await exchange(act(url))).body).toBe("direct");
    } finally {
      process.env["http_proxy"] = "";
    }
  });
});

describe("it is known not to have left", () => {
  test.each([true, false])("when nobody listens (once: %s)", async (once) => {
    const url = await web((_, response) => response.end());
    await new Promise((resolve) => running.pop()?.close(resolve));
    await expect(exchange(act(url, { once }))).rejects.toThrow(NotSent);
  });

  test.each([true, false])("when the name does not exist (once: %s)", async (once) => {
    await expect(exchange(act("http://no-such-host.invalid/", { once }))).rejects.toThrow(NotSent);
  });

  test("when no secure connection comes about", async () => {
    const { url } = await counted((socket) => socket.end("not tls"));
    await expect(exchange(act(url.replace("http:", "https:")))).rejects.toThrow(NotSent);
  });

  test("when the time is over before the handshake is", async () => {
    const { url, seen } = await counted(() => {});
    await expect(exchange(act(url.replace("http:", "https:"), { timeoutMs: 200 }))).rejects.toThrow(NotSent);
    expect(seen.requests).toBe(0);
  });
});

test("an answer past 8 MB is refused", async () => {
  const part = Buffer.alloc(1024 * 1024, 120);
  const url = await web((_, response) => {
    for (let n = 0; n < 9; n += 1) response.write(part);
    response.end();
  });
  await expect(exchange(act(url, { once: false }))).rejects.toThrow(/size/i);
  await expect(exchange(act(url))).rejects.toThrow(/size/i);
});

describe("the clock's wait", () => {
  test("does not end early", async () => {
    const clock = realClock();
    const from = clock.mono();
    await clock.after(20);
    expect(clock.mono() - from).toBeGreaterThanOrEqual(19);
  });

  test("ends at once with the signal's reason, even where a timer could not count that far", async () => {
    const stop = new AbortController();
    const waiting = realClock().after(90 * 24 * 3_600_000, stop.signal);
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(realClock().after(1, stop.signal)).rejects.toThrow("enough");
  });
});
