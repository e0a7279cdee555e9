/** The only place that says what custom images, made as backups, are to the rest of the bot. */
import type { Answer, Receipt, Refusal, Server } from "./cloud.ts";

/** What can be seen of a custom image that is being made. */
export type Made =
  | { is: "none" }
  | { is: "working"; says?: string | undefined }
  | { is: "done"; image: { id: string; name: string } }
  | { is: "failed"; refusal: Refusal };

/** Custom images as backups. An image is found again by its name, so making one twice is noticed. */
export interface Backups {
  /** Null when the account has room for one more image of this server; else a sentence. Throws `CloudDown`. */
  room(server: Server): Promise<string | null>;
  /** Sent once, signed with `at` (ms). Throws when nobody knows whether it took. */
  make(server: Server, name: string, at: number): Promise<Answer>;
  find(server: Server, name: string, receipt: Receipt | null): Promise<Made>;
}
