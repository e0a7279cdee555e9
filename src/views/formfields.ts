/** The only place for the names of the form's inputs. */
import type { Asked } from "./formmeta.ts";

/** Action ids of the inputs, promises to Slack; no two inputs of the form share one. */
export const fields = {
  server: "server",
  imageChoice: "image-choice",
  image: "image",
  disk: "disk-size",
  login: "login",
  keyPair: "key-pair",
  licence: "licence",
  backup: "backup",
  where: "backup-where",
  channel: "channel",
  reason: "reason",
  understood: "understood",
} as const;

/** Inputs keep what was typed as long as block and action ids stay; another server or image is another block. */
export const blockIds = {
  server: () => "server",
  imageChoice: (asked: Asked) => `image-choice:${asked.server}`,
  image: (asked: Asked) => `image:${asked.server}`,
  disk: (asked: Asked) => `disk-size:${asked.server}`,
  login: (asked: Asked) => `login:${asked.server}:${asked.image ?? ""}`,
  keyPair: (asked: Asked) => `key-pair:${asked.server}`,
  licence: (asked: Asked) => `licence:${asked.server}:${asked.image ?? ""}`,
  backup: (asked: Asked) => `backup:${asked.server}`,
  where: () => "backup-where",
  channel: () => "channel",
  reason: () => "reason",
  understood: (asked: Asked) => `understood:${asked.server}`,
} as const;
