/** The only place where a password is held in clear. */
import { inspect } from "node:util";

const hidden = "[secret]";

/** A text whose every printed form is "[secret]"; opened only inside an adapter's call and the one-time view. */
export class Secret {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  open(): string {
    return this.#text;
  }
  toString(): string {
    return hidden;
  }
  toJSON(): string {
    return hidden;
  }
  [inspect.custom](): string {
    return hidden;
  }
}
