/** The reason for a denial, handed in. */
import type { Reply } from "../seams.ts";
import { readValue } from "../views/buttons.ts";
import { denyFields, sayView } from "../views/details.ts";
import { decided } from "./buttons.ts";
import { entered, personOf, type Submission } from "./payload.ts";
import type { CommandTools } from "./tools.ts";

export async function submitDenial(tools: CommandTools, submission: Submission, reply: Reply): Promise<void> {
  const read = readValue(submission.view.private_metadata);
  const request = read === null ? null : await tools.store.get(read.id);
  if (read === null || request === null) {
    return reply({ response_action: "update", view: sayView("Deny", "This request is no longer kept here.") });
  }
  const why = entered(submission.view)[denyFields.why] ?? "";
  const press = { tools, by: personOf(submission), request, attempt: read.attempt };
  const refused = await decided(press, { verdict: "deny", why });
  if (refused !== null) return reply({ response_action: "update", view: sayView("Not denied", refused) });
  await reply({ response_action: "clear" });
}
