/** The form is handed in: checked within 2 seconds, and the request is stored before Slack is answered. */

import { type Notice, type Order, type Server, serverKey } from "../clouds/cloud.ts";
import { brokenRules } from "../clouds/password.ts";
import { replace } from "../flows/decide.ts";
import { boundTo } from "../flows/tools.ts";
import { shortName } from "../line.ts";
import { standing } from "../people.ts";
import { isOpen, keyOf, type Request } from "../request.ts";
import type { Reply } from "../seams.ts";
import { Secret } from "../secret.ts";
import type { Records } from "../storeport.ts";
import type { Chosen } from "../views/form.ts";
import { asksSize, readSize } from "../views/formdisk.ts";
import { blockIds } from "../views/formfields.ts";
import { type Asked, type FormMeta, readAsked, readMeta, readPasswordMeta } from "../views/formmeta.ts";
import { passwordFields, passwordPage } from "../views/passwordpage.ts";
import { mayNotAskInPlain } from "../views/refused.ts";
import { plural } from "../views/text.ts";
import { whyNotIn } from "./open.ts";
import { entered, personOf, type Submission } from "./payload.ts";
import { orderOf, readChosen, refOf, toSubmit } from "./readings.ts";
import type { CommandTools } from "./tools.ts";

type Errors = Readonly<Record<string, string>>;
interface Ready {
  order: Order;
  server: Server;
  chosen: Chosen;
  asked: Asked;
}

export async function submitForm(tools: CommandTools, submission: Submission, reply: Reply): Promise<void> {
  const meta = readMeta(submission.view.private_metadata);
  const asked = readAsked(meta, entered(submission.view));
  const checked = await check(tools, submission, asked, meta);
  if ("errors" in checked) return reply({ response_action: "errors", errors: checked.errors });
  if (checked.order.login.kind === "typed") {
    const rules = checked.chosen.choices.password;
    if (rules === undefined) return reply(fieldError(blockIds.server(), "No password can be set here."));
    return reply({
      response_action: "push",
      view: passwordPage(meta, checked.asked, checked.order, rules, checked.server.name),
    });
  }
  await create(tools, submission, meta, checked, null, reply);
}

/** The last page: the typed password, checked, sealed, and gone from memory. */
export async function submitPassword(tools: CommandTools, submission: Submission, reply: Reply): Promise<void> {
  const { meta, asked } = readPasswordMeta(submission.view.private_metadata);
  const typed = entered(submission.view)[passwordFields.password] ?? "";
  const checked = await check(tools, submission, asked, meta);
  if ("errors" in checked) return reply(fieldError(passwordFields.block, Object.values(checked.errors).join(" ")));
  const rules = checked.chosen.choices.password;
  const broken = rules === undefined ? ["No password can be set here."] : brokenRules(rules, typed);
  if (broken.length > 0) return reply(fieldError(passwordFields.block, broken.join(" ")));
  await create(tools, submission, meta, checked, new Secret(typed), reply);
}

function fieldError(block: string, says: string): Record<string, unknown> {
  return { response_action: "errors", errors: { [block]: says } };
}

async function check(
  tools: CommandTools,
  submission: Submission,
  asked: Asked,
  meta: FormMeta,
): Promise<Ready | { errors: Errors }> {
  const at = (says: string) => ({ errors: { [blockIds.server()]: says } });
  const there = meta.channel === "" ? await whyNotIn(tools, asked.channel ?? "") : null;
  if (there !== null) return { errors: { [blockIds.channel()]: there } };
  const ref = refOf(tools, asked);
  if (ref === null) return at("Choose a server from the list, or type its id.");
  const [may, reading] = await Promise.all([
    standing(tools.slack, tools.rule, personOf(submission)),
    readChosen(tools, asked, toSubmit),
  ]);
  if (!may.mayRequest) {
    return at(mayNotAskInPlain(may.because.request ?? "not-named", tools.rule.name));
  }
  if ("says" in reading) return at(reading.says);
  const { chosen } = reading;
  if (chosen.server.power === "gone") return at("The cloud no longer has this server.");
  const lost = lostLogin(asked, reading.asked, chosen);
  if (lost !== null) return { errors: { [blockIds.login(reading.asked)]: lost } };
  const unlicensed = lostLicence(asked, reading.asked, chosen);
  if (unlicensed !== null) return { errors: { [blockIds.licence(reading.asked)]: unlicensed } };
  const gone = lostImage(asked, reading.asked, chosen);
  if (gone !== null) return { errors: { [blockIds.imageChoice(reading.asked)]: gone } };
  const order = orderOf(ref, reading.asked, chosen, meta.id);
  if (order === null) return at("Choose an image and a login first.");
  const size = readSize(asked.disk, chosen.choices.diskGrowth);
  if ("says" in size) return { errors: { [sizeBlock(asked, chosen)]: size.says } };
  if (order.backup === undefined) {
    return {
      errors: {
        [blockIds.backup(reading.asked)]:
          "Say what becomes of the data: an image first, backed up already, or nothing to keep.",
      },
    };
  }
  const errors = refusals(reading.asked, chosen);
  if (Object.keys(errors).length > 0) return { errors };
  if (order.login.kind === "key-pair" && !chosen.keyPairs?.some(({ id }) => id === asked.keyPair)) {
    return {
      errors: { [blockIds.login(reading.asked)]: whyNoKeyPair(chosen) },
    };
  }
  return { order, server: chosen.server, chosen, asked: reading.asked };
}

/** A login that was chosen and cannot be had any more is never quietly another one. */
function lostLogin(asked: Asked, now: Asked, { choices }: Chosen): string | null {
  if (asked.login === undefined || asked.login === now.login) return null;
  const why = choices.logins.find(({ kind }) => kind === asked.login)?.refused;
  return `${why ?? "This login is not offered here."} Choose another login.`;
}

/** Nor is a licence: it decides who pays. */
function lostLicence(asked: Asked, now: Asked, { choices }: Chosen): string | null {
  if (asked.licence === undefined || asked.licence === now.licence) return null;
  const next = choices.licences.length === 0 ? "There is none to choose now; open the form again." : "Choose another.";
  return `This licence is no longer offered here. ${next}`;
}

function whyNoKeyPair({ keyPairs, keyPairsSay, choices }: Chosen): string {
  const isEmpty = keyPairs === null || keyPairs.length === 0;
  const none = isEmpty ? choices.noKeyPair : undefined;
  return keyPairsSay ?? none ?? "The cloud does not have this key pair here. Choose one that it has.";
}

/** Nor is an image: backup and image may have been chosen faster than the form was drawn for them. */
function lostImage(asked: Asked, now: Asked, { choices }: Chosen): string | null {
  if (asked.imageChoice === now.imageChoice) return null;
  if (asked.imageChoice === "same" && choices.sameImage !== "ok") return choices.sameImage.refused;
  return "An image made now from this server needs the backup that makes it. Choose that backup, or another image.";
}

/** Where the form does not ask for a size, what is wrong with the disk is wrong with the server. */
function sizeBlock(asked: Asked, { choices }: Chosen): string {
  return asksSize(choices.diskGrowth) ? blockIds.disk(asked) : blockIds.server();
}

/** Each refusal at the field it is about. */
function refusals(asked: Asked, chosen: Chosen): Errors {
  const blocks: Readonly<Record<Notice["at"], string>> = {
    server: blockIds.server(),
    disk: sizeBlock(asked, chosen),
    image: asked.imageChoice === "other" ? blockIds.image(asked) : blockIds.imageChoice(asked),
    login: blockIds.login(asked),
    licence: blockIds.licence(asked),
  };
  const errors: Record<string, string> = {};
  for (const { kind, at, says } of [...chosen.refusals, ...chosen.notices]) {
    const block = blocks[at];
    if (kind === "refused" && !errors[block]?.includes(says))
      errors[block] = [errors[block], says].filter(Boolean).join(" ");
  }
  return errors;
}

/** One change: the request is new, its server has no other open one, and it is durable before the form closes. */
async function create(
  tools: CommandTools,
  submission: Submission,
  meta: FormMeta,
  { order, server, chosen, asked }: Ready,
  typed: Secret | null,
  reply: Reply,
): Promise<void> {
  const askedBy = personOf(submission);
  const now = tools.clock.now();
  const bare: Request = {
    v: 1,
    id: meta.id,
    revision: 1,
    status: "pending",
    channel: meta.channel || (asked.channel ?? ""),
    ...(meta.thread === undefined ? {} : { threadTs: meta.thread }),
    askedBy,
    askedAt: now,
    reason: asked.reason ?? "",
    order,
    drawn: server,
    notices: [...chosen.notices],
    rule: tools.rule.name,
    approvers: { users: [...tools.rule.approvers.users], groups: [...tools.rule.approvers.groups] },
    remindAt: now + Math.floor(tools.rule.approvalMs / 2),
    expiresAt: now + tools.rule.approvalMs,
    approvals: [],
    posts: [],
  };
  const secret =
    typed === null ? undefined : { sealed: tools.sealer.seal(typed, boundTo(bare)), kind: "typed" as const };
  const request = secret === undefined ? bare : { ...bare, secret };
  const other = await tools.store.change<Request | null>((records) => {
    const same = records.get(request.id);
    // The same form handed in twice is one request; handed in with something else it is told what stands.
    if (same !== null)
      return { put: [], give: sameWish(same, request) && samePassword(tools, same, typed) ? null : same };
    const old = meta.replaces === undefined ? null : records.get(meta.replaces);
    const replaced = old === null ? null : replace(old, askedBy, request.id, now);
    const open = records.openFor(serverKey(order.server));
    if (open !== null && open.id !== replaced?.id) return { put: [], give: open };
    // The change comes too late: two requests at once, or two reinstalls, are not what was asked for.
    const stands = replaced === null ? latestOf(records, old) : null;
    if (stands !== null && (isOpen(stands) || stands.status === "done")) return { put: [], give: stands };
    const put = replaced === null ? [request] : [replaced, request];
    return { put, give: null, by: `${askedBy.team}/${askedBy.user}`, rule: tools.rule.name };
  });
  const block = typed === null ? blockIds.server() : passwordFields.block;
  const first = other?.id === request.id && typed !== null ? " It keeps the password that was typed first." : "";
  if (other !== null) return reply(fieldError(block, `${alreadyOpen(other, now)}${first}`));
  await reply({ response_action: "clear" });
  tools.store.due(request.id);
  if (meta.replaces !== undefined) tools.store.due(meta.replaces);
}

/** What became of a request that is to be changed: it may have been changed already, in another window. */
function latestOf(records: Records, request: Request | null): Request | null {
  return request?.status === "replaced" ? latestOf(records, records.get(request.replacedBy)) : request;
}

function sameWish(a: Request, b: Request): boolean {
  const wish = ({ order, reason, channel }: Request) => JSON.stringify([order, reason, channel]);
  return wish(a) === wish(b);
}

/** A password that is gone by now was used; nobody types another one into the same page then. */
function samePassword({ sealer }: CommandTools, { secret, ...stored }: Request, typed: Secret | null): boolean {
  return typed === null || secret?.kind !== "typed" || sealer.holds(secret.sealed, boundTo(stored), typed);
}

function alreadyOpen(request: Request, now: number): string {
  const minutes = Math.max(1, Math.round((now - request.askedAt) / 60_000));
  const name = shortName(request.drawn.name, keyOf(request));
  if (request.status === "done")
    return `${name} was reinstalled meanwhile, as it was asked before. /reinstall-status ${request.id} shows it. Nothing was asked twice; /reinstall asks anew.`;
  return `${name} already has an open request (${request.status}, asked ${plural(minutes, "minute")} ago). /reinstall-status ${request.id} shows it. Nothing was asked twice.`;
}
