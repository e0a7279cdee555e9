/** The only place for the page on which a password is typed: last, alone, with nothing on it that sends what is typed before it is handed in. */
import type { Choices, Order } from "../clouds/cloud.ts";
import { shortName } from "../line.ts";
import type { View } from "../seams.ts";
import { input, limits, plain, section } from "./blocks.ts";
import { type Asked, type FormMeta, writeMeta } from "./formmeta.ts";
import { code, outside } from "./text.ts";

export const passwordFields = { block: "password", password: "password" } as const;
export const passwordId = "password";

type PasswordRules = NonNullable<Choices["password"]>;

export function passwordPage(meta: FormMeta, asked: Asked, order: Order, rules: PasswordRules, server: string): View {
  const user = "user" in order.login ? order.login.user : "";
  const kinds = `at least ${rules.kindsMin} of: lower case, upper case, digit, symbol`;
  return {
    type: "modal",
    callback_id: passwordId,
    private_metadata: writeMeta({ meta, asked }),
    title: plain("Password", limits.modalTitle),
    submit: plain("Ask for approval", limits.modalTitle),
    close: plain("Back", limits.modalTitle),
    blocks: [
      section(
        `Password for ${code(user)} on *${outside(shortName(server, order.server.id, 80))}* with ${outside(shortName(order.image.name, order.image.id, 80))}.`,
      ),
      input({
        block: passwordFields.block,
        label: "Password",
        hint: `${rules.minLength} to ${rules.maxLength} characters, ${kinds}. Slack cannot hide what you type here; the bot seals it at once and shows it to nobody.`,
        element: { type: "plain_text_input", action_id: passwordFields.password },
      }),
    ],
  };
}
