/** The only place that seals passwords for the time they must wait, and opens them again. */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import type { Sealed } from "./request.ts";
import type { Random } from "./seams.ts";
import { Secret } from "./secret.ts";

/** What a sealed password belongs to: it opens for nothing else. */
export interface Bound {
  request: string;
  server: string;
  image: string;
  requester: string;
}

/** `key` is 32 bytes in base64, from the environment. `id` is stored beside what the key wraps, so that keys can be changed. */
export interface SealKey {
  id: string;
  key: string;
}
export interface SealKeys {
  current: SealKey;
  older: readonly SealKey[];
}

export interface Sealer {
  /** False without a key: then typed and generated passwords are off. */
  canSeal: boolean;
  seal(secret: Secret, bound: Bound): Sealed;
  /** Throws `SealBroken` when the key is not known, or it was sealed for something else. */
  open(sealed: Sealed, bound: Bound): Secret;
  /** Whether this very password is in the box; throws as `open` does. */
  holds(sealed: Sealed, bound: Bound, secret: Secret): boolean;
  /** The same box under the current key; unchanged when it is under it already. */
  rewrap(sealed: Sealed): Sealed;
}

/** A sealed password cannot be opened; the message says why, without saying anything of it. */
export class SealBroken extends Error {
  override name = "SealBroken";
}

/** A key's id is the beginning of its hash, so that changing keys needs no numbers; the same key named twice is one. */
export function sealKeys({ current, older }: { current: Secret; older: readonly Secret[] }): SealKeys {
  const named = (secret: Secret): SealKey => {
    const key = secret.open().trim();
    const digest = createHash("sha256").update(Buffer.from(key, "base64")).digest("hex");
    return { id: digest.slice(0, keyIdLength), key };
  };
  const first = named(current);
  const others = new Map(older.map(named).map((each) => [each.key, each]));
  others.delete(first.key);
  return { current: first, older: [...others.values()] };
}

/** Tells apart as many keys as anybody will have, and says nothing of a key of 32 random bytes. */
const keyIdLength = 8;
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/** Throws `SealBroken` at once when a key is not 32 bytes or two have one id. */
export function sealer(tools: { keys: SealKeys | null; random: Random }): Sealer {
  const { keys: given, random } = tools;
  const keys = new Map<string, Buffer>();
  for (const each of given === null ? [] : [given.current, ...given.older]) {
    if (keys.has(each.id)) throw new SealBroken(`Two sealing keys have the id "${each.id}". Give each its own.`);
    keys.set(each.id, keyFrom(each));
  }
  function current(): { id: string; key: Buffer } {
    if (given === null) throw new SealBroken("No sealing key is configured, so no password can be kept.");
    return { id: given.current.id, key: keyOf(given.current.id) };
  }
  function keyOf(id: string): Buffer {
    const key = keys.get(id);
    if (key !== undefined) return key;
    throw new SealBroken(
      `The password was sealed with the key "${id}", which is not configured. Add it to the older keys.`,
    );
  }
  function unwrap(sealed: Sealed): Buffer {
    const wrapped = Buffer.from(sealed.wrapped, "base64");
    const key = keyOf(sealed.keyId);
    const opened = decrypt(key, wrapped.subarray(0, ivBytes), wrapped.subarray(ivBytes), purposeOf(sealed.keyId));
    if (opened !== null) return opened;
    throw new SealBroken(`The key "${sealed.keyId}" is not the one with which this password was sealed.`);
  }
  function wrap(dataKey: Buffer): { keyId: string; wrapped: string } {
    const { id, key } = current();
    const iv = random(ivBytes);
    return { keyId: id, wrapped: Buffer.concat([iv, encrypt(key, iv, dataKey, purposeOf(id))]).toString("base64") };
  }
  function open(sealed: Sealed, bound: Bound): Secret {
    const dataKey = unwrap(sealed);
    const iv = Buffer.from(sealed.iv, "base64");
    const text = decrypt(dataKey, iv, Buffer.from(sealed.box, "base64"), boundTo(bound));
    dataKey.fill(0);
    if (text === null) throw new SealBroken("The sealed password does not belong to this request, or was changed.");
    const secret = new Secret(text.toString("utf8"));
    text.fill(0);
    return secret;
  }
  return {
    canSeal: given !== null,
    seal(secret, bound) {
      const dataKey = Buffer.from(random(keyBytes));
      const iv = random(ivBytes);
      const text = Buffer.from(secret.open(), "utf8");
      const box = encrypt(dataKey, iv, text, boundTo(bound));
      const sealed = { ...wrap(dataKey), iv: Buffer.from(iv).toString("base64"), box: box.toString("base64") };
      dataKey.fill(0);
      text.fill(0);
      return sealed;
    },
    open,
    holds: (sealed, bound, secret) => open(sealed, bound).open() === secret.open(),
    rewrap(sealed) {
      if (sealed.keyId === current().id) return sealed;
      const dataKey = unwrap(sealed);
      const next = { ...sealed, ...wrap(dataKey) };
      dataKey.fill(0);
      return next;
    },
  };
}

function keyFrom({ id, key }: SealKey): Buffer {
  const bytes = Buffer.from(key.trim(), "base64");
  if (bytes.length === keyBytes && /^[A-Za-z0-9+/_=-]+$/.test(key.trim())) return bytes;
  throw new SealBroken(
    `The sealing key "${id}" must be ${keyBytes} bytes in base64, and is ${bytes.length}. Make one with: openssl rand -base64 ${keyBytes}`,
  );
}

/** What the box is sealed for goes into its checksum, as a list, so that no two different ones read the same. */
function boundTo({ request, server, image, requester }: Bound): Buffer {
  return Buffer.from(JSON.stringify(["password", request, server, image, requester]));
}
function purposeOf(keyId: string): Buffer {
  return Buffer.from(JSON.stringify(["data key", keyId]));
}

function encrypt(key: Uint8Array, iv: Uint8Array, text: Uint8Array, bound: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: tagBytes }).setAAD(bound);
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

/** Null when anything about it is wrong. */
function decrypt(key: Uint8Array, iv: Uint8Array, box: Buffer, bound: Uint8Array): Buffer | null {
  try {
    const end = box.length - tagBytes;
    const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: tagBytes }).setAAD(bound);
    decipher.setAuthTag(box.subarray(end));
    return Buffer.concat([decipher.update(box.subarray(0, end)), decipher.final()]);
  } catch {
    return null;
  }
}
