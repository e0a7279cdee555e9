/** The only place that makes runs faster without changing what they compute: hashes in one call, and a plain signal in place of an event target. */
import { createRequire, syncBuiltinESMExports } from "node:module";

type Data = string | Uint8Array;
type OneShot = (algorithm: string, data: Data, encoding?: string) => string | Buffer;
type Finish = (all: Data, encoding: string) => string | Buffer;

const blockBytes = 64;
const keysMax = 500;
const recentMax = 16;
const shortMax = 2_000;

/** Node makes an object of OpenSSL's for each hash, which costs several times what hashing such short texts does. */
export function makeFast(): void {
  const crypto = createRequire(import.meta.url)("node:crypto") as Record<string, unknown> & { hash: OneShot };
  const oneShot = shortKnown(crypto.hash);
  crypto.hash = oneShot;
  crypto["createHash"] = (algorithm: string) => new Collector((all, encoding) => oneShot(algorithm, all, encoding));
  const keyKnown = keysKnown(oneShot);
  crypto["createHmac"] = (algorithm: string, key: Data) => {
    if (algorithm.toLowerCase() !== "sha256") throw new Error("only SHA-256 is known here");
    return new Collector(keyKnown(key).digestOf);
  };
  syncBuiltinESMExports();
  (globalThis as Record<string, unknown>)["AbortController"] = PlainController;
}

/** A key of bytes is known by being the very same bytes: whoever keeps a derived key never changes it. */
function keysKnown(oneShot: OneShot): (key: Data) => Key {
  const byText = new Map<string, Key>();
  const byBytes = new WeakMap<Uint8Array, Key>();
  return (key) => {
    const found = typeof key === "string" ? byText.get(key) : byBytes.get(key);
    if (found !== undefined) return found;
    const made = keyOf(key, oneShot);
    if (byText.size > keysMax) byText.clear();
    if (typeof key === "string") byText.set(key, made);
    else byBytes.set(key, made);
    return made;
  };
}

/** Whoever signs and whoever looks at the signature hash the same short texts, one right after the other. */
function shortKnown(oneShot: OneShot): OneShot {
  const digestOf = recent((data) => String(oneShot("sha256", data, "hex")));
  return (algorithm, data, encoding = "hex") => {
    if (algorithm !== "sha256" || encoding !== "hex" || typeof data !== "string" || data.length > shortMax)
      return oneShot(algorithm, data, encoding);
    return digestOf(data);
  };
}

/** Found among the latest by comparing: a map would have to hash each text as well. Bytes are found only by being the very same. */
function recent<Value>(make: (data: Data) => Value): (data: Data) => Value {
  const known: { data: Data; value: Value }[] = [];
  let next = 0;
  return (data) => {
    for (const one of known) if (one.data === data) return one.value;
    const value = make(data);
    known[next] = { data, value };
    next = (next + 1) % recentMax;
    return value;
  };
}

/** Most give it one text, at once. */
class Collector {
  #all: Data = "";
  readonly #finish: Finish;
  constructor(finish: Finish) {
    this.#finish = finish;
  }
  update(data: Data): this {
    this.#all = this.#all === "" ? data : joined(this.#all, data);
    return this;
  }
  digest(encoding = "buffer"): string | Buffer {
    return this.#finish(this.#all, encoding);
  }
}

function joined(one: Data, other: Data): Data {
  if (typeof one === "string" && typeof other === "string") return one + other;
  return Buffer.concat([bytesOf(one), bytesOf(other)]);
}

function bytesOf(data: Data): Uint8Array {
  return typeof data === "string" ? Buffer.from(data, "utf8") : data;
}

interface Key {
  digestOf: Finish;
}

/** https://www.rfc-editor.org/rfc/rfc2104 */
function keyOf(key: Data, oneShot: OneShot): Key {
  const given = bytesOf(key);
  const short = given.length > blockBytes ? (oneShot("sha256", given, "buffer") as Buffer) : given;
  const whole = Buffer.alloc(blockBytes);
  whole.set(short);
  const padded = (with_: number) => Buffer.from(whole.map((byte) => byte ^ with_));
  const [inner, outer] = [padded(0x36), padded(0x5c)];
  const known = recent((all) => {
    const within = oneShot("sha256", Buffer.concat([inner, bytesOf(all)]), "buffer") as Buffer;
    const digest = oneShot("sha256", Buffer.concat([outer, within]), "buffer") as Buffer;
    return { digest, hex: digest.toString("hex") };
  });
  return {
    digestOf(all, encoding) {
      const { digest, hex } = known(all);
      if (encoding === "hex") return hex;
      return encoding === "buffer" ? Buffer.from(digest) : digest.toString(encoding as BufferEncoding);
    },
  };
}

class PlainSignal {
  aborted = false;
  reason: unknown;
  readonly #listeners = new Set<() => void>();
  addEventListener(_type: string, listener: () => void): void {
    this.#listeners.add(listener);
  }
  removeEventListener(_type: string, listener: () => void): void {
    this.#listeners.delete(listener);
  }
  end(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }
}

class PlainController {
  readonly signal = new PlainSignal();
  abort(reason: unknown = aborted): void {
    this.signal.end(reason);
  }
}

const aborted = new Error("aborted");
