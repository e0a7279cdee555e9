/** The only place that fills the form in: a submission as Slack shapes it, of the form as somebody wants it, of one that the bot filled, or of the page for the password. */
import type { View } from "../src/seams.ts";
import { formId } from "../src/views/form.ts";
import { fields } from "../src/views/formfields.ts";
import { type Asked, readMeta, serverValue, writeMeta } from "../src/views/formmeta.ts";
import { passwordFields, passwordId } from "../src/views/passwordpage.ts";
import { type Flow, from } from "./people.ts";
import type { FlowPlan } from "./plan.ts";
import { channel } from "./slack.ts";
import type { SimCloud } from "./truth.ts";

const reason = "root fs corrupt after a failed kernel upgrade";

/** What somebody hands in, and the request that it is to become. */
export interface Wish {
  id: string;
  payload: object;
}

export function formWish({ plan, id, server }: Flow, sim: SimCloud, user: string, password: string): Wish {
  const asks = plan.image === "same" ? ("same" as const) : ("other" as const);
  const meta = { id, channel, asks };
  const asked: Asked = {
    server: serverValue({ account: sim.account.name, region: sim.account.regions[0] ?? "", id: server }),
    ...imageOf(plan.image, sim),
    login: plan.login,
    ...(plan.login === "key-pair" ? { keyPair: sim.keyPair } : {}),
    ...(plan.grows ? { disk: String(sim.largerGb(server)) } : {}),
    backup: plan.backup,
    ...(plan.backup === "have" ? { where: "nightly snapshot of 03:00" } : {}),
    reason,
  };
  if (plan.login === "typed") return passwordWish({ private_metadata: writeMeta({ meta, asked }) }, id, user, password);
  return {
    id,
    payload: handed(user, { callback_id: formId, private_metadata: writeMeta(meta), values: valuesOf(asked) }),
  };
}

function imageOf(image: FlowPlan["image"], sim: SimCloud): Pick<Asked, "imageChoice" | "image"> {
  if (image === "same" || image === "made-now") return { imageChoice: image };
  return { imageChoice: "other", image: image === "own" ? sim.ownImage : sim.otherImage };
}

/**
 * The form that the bot opened, as it stands: everything that it begins with is left so, and the loss is understood. Null when it is
 * not filled yet, or is about something else that its person asked for.
 */
export function shownWish(view: View | null, { id: request, server }: Flow, user: string): Wish | null {
  if (view?.callback_id !== formId) return null;
  const meta = String(view["private_metadata"]);
  const { id, replaces = request } = readMeta(meta);
  const values: Record<string, object> = {};
  for (const block of view["blocks"] as readonly Input[]) {
    const { element } = block;
    if (block.type !== "input" || element === undefined) continue;
    values[block.block_id ?? ""] = { [element.action_id]: standing(element) };
  }
  const isMine = replaces === request && JSON.stringify(values["server"] ?? "").includes(`/${server}"`);
  return isMine ? { id, payload: handed(user, { callback_id: formId, private_metadata: meta, values }) } : null;
}

interface Input {
  type: string;
  block_id?: string;
  element?: {
    type: string;
    action_id: string;
    initial_option?: object;
    initial_value?: string;
    options?: readonly object[];
  };
}

function standing({ type, initial_option, initial_value, options }: NonNullable<Input["element"]>): object {
  if (type === "checkboxes") return { type, selected_options: options };
  return { type, selected_option: initial_option ?? null, value: initial_value ?? null };
}

/** The page on which the password is typed. */
export function passwordWish(view: { private_metadata: unknown }, id: string, user: string, password: string): Wish {
  const values = { [passwordFields.block]: { [passwordFields.password]: textValue(password) } };
  const meta = String(view.private_metadata);
  return { id, payload: handed(user, { callback_id: passwordId, private_metadata: meta, values }) };
}

function handed(
  user: string,
  { values, ...view }: { callback_id: string; private_metadata: string; values: object },
): object {
  return { ...from("view_submission", user), view: { id: "V0", hash: "1", ...view, state: { values } } };
}

function valuesOf(asked: Asked): object {
  return {
    server: { [fields.server]: chosen(asked.server) },
    choice: { [fields.imageChoice]: chosen(asked.imageChoice) },
    image: { [fields.image]: chosen(asked.image) },
    disk: { [fields.disk]: textValue(asked.disk) },
    login: { [fields.login]: chosen(asked.login) },
    key: { [fields.keyPair]: chosen(asked.keyPair) },
    backup: { [fields.backup]: chosen(asked.backup) },
    where: { [fields.where]: textValue(asked.where) },
    reason: { [fields.reason]: textValue(asked.reason) },
  };
}

function chosen(value: string | undefined): object {
  return { type: "static_select", selected_option: value === undefined ? null : { value } };
}

export function textValue(value: string | undefined): object {
  return { type: "plain_text_input", value: value ?? null };
}
