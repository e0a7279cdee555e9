/** The only place that fills the form in: a submission as Slack shapes it, of the form itself or of its page for the password. */
import { formId } from "../src/views/form.ts";
import { fields } from "../src/views/formfields.ts";
import { type Asked, serverValue, writeMeta } from "../src/views/formmeta.ts";
import { passwordFields, passwordId } from "../src/views/passwordpage.ts";
import { type Flow, from } from "./people.ts";
import { channel } from "./slack.ts";
import type { SimCloud } from "./truth.ts";

const reason = "root fs corrupt after a failed kernel upgrade";

export function formPayload(flow: Flow, sim: SimCloud, user: string, password: string): object {
  const { plan, id } = flow;
  const meta = { id, channel, asks: plan.image };
  const asked: Asked = {
    server: serverValue({ account: sim.account.name, region: sim.account.regions[0] ?? "", id: flow.server }),
    imageChoice: plan.image,
    ...(plan.image === "other" ? { image: sim.otherImage } : {}),
    login: plan.login,
    ...(plan.login === "key-pair" ? { keyPair: sim.keyPair } : {}),
    backup: plan.backup,
    reason,
  };
  const view = plan.login === "typed" ? passwordPage(meta, asked, password) : wholeForm(meta, asked);
  return { ...from("view_submission", user), view: { id: "V0", hash: "1", ...view } };
}

type Meta = Parameters<typeof writeMeta>[0] & { id: string; channel: string; asks: "same" | "other" };

function passwordPage(meta: Meta, asked: Asked, password: string): object {
  const values = { [passwordFields.block]: { [passwordFields.password]: textValue(password) } };
  return { callback_id: passwordId, private_metadata: writeMeta({ meta, asked }), state: { values } };
}

function wholeForm(meta: Meta, asked: Asked): object {
  const values = {
    server: { [fields.server]: chosen(asked.server) },
    choice: { [fields.imageChoice]: chosen(asked.imageChoice) },
    image: { [fields.image]: chosen(asked.image) },
    login: { [fields.login]: chosen(asked.login) },
    key: { [fields.keyPair]: chosen(asked.keyPair) },
    backup: { [fields.backup]: chosen(asked.backup) },
    reason: { [fields.reason]: textValue(reason) },
  };
  return { callback_id: formId, private_metadata: writeMeta(meta), state: { values } };
}

function chosen(value: string | undefined): object {
  return { type: "static_select", selected_option: value === undefined ? null : { value } };
}

export function textValue(value: string): object {
  return { type: "plain_text_input", value };
}
