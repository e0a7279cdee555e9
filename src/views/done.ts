/** The only place for the last reply: that it is done, how that is known, how to log in, what to mount again. */
import type { Traits } from "../clouds/cloud.ts";
import { shortName } from "../line.ts";
import type { Of } from "../request.ts";
import { grownLines } from "./grown.ts";
import { doorOf, doorWords, readyAt } from "./probe.ts";
import { remountOf } from "./remount.ts";
import { code, link, outside, person, plural } from "./text.ts";
import { madeBackup, olderBackups, serverName, took } from "./words.ts";

export function doneLines(request: Of<"done">, traits: Traits): readonly string[] {
  const found = doorOf(request);
  const answers = found?.door.is === "open" ? `, ${doorWords(found.door, found.step)}` : "";
  const lasted = took(request, readyAt(request));
  return [
    `✅ *${serverName(request)} is back:* ${outside(shortName(request.order.image.name, request.order.image.id, 100))}, ${outside(request.found.state)}${answers}.${lasted === null ? "" : ` It took ${lasted}.`}`,
    proof(request, traits),
    ...(found === null || answers !== "" ? [] : [`*Not checked to the end:* ${doorWords(found.door, found.step)}.`]),
    ...logIn(request),
    ...getIn(request),
    ...lost(request, traits),
    ...grownLines(request),
    ...disks(request),
    ...backup(request),
  ].filter((line) => line !== "");
}

function proof(request: Of<"done">, traits: Traits): string {
  if (request.settledBy !== undefined) {
    return `That it was this order is the word of ${person(request.settledBy)}; ${traits.title} reports the image and state above.`;
  }
  return `${traits.title} reports that our order succeeded.`;
}

function logIn(request: Of<"done">): readonly string[] {
  const { login, image } = request.order;
  const address = request.found.ips.public[0] ?? request.found.ips.private[0];
  const isWindows = image.os.family === "windows";
  const named = "user" in login ? login.user : request.found.loginUser;
  const user = named ?? (isWindows ? "Administrator" : "root");
  const who = login.kind === "keep-image" ? "a user of the image" : code(user);
  const how = howTo(request);
  const to = address === undefined ? "" : ` to ${code(address)}`;
  if (isWindows) return [`*Log in* by Remote Desktop${to} as ${who}${how}.`];
  if (address === undefined) return [`*Log in* as ${who}${how}; the server shows no IP address.`];
  return [
    login.kind === "keep-image"
      ? `*Log in* by SSH${to} as ${who}${how}.`
      : `*Log in* ${code(`ssh ${user}@${address}`)}${how}.`,
    `*The host key has changed:* ${code(`ssh-keygen -R ${address}`)}, then ${expected(request)}.`,
  ];
}

/** What `ssh` will ask about, as the bot saw it from where it runs. */
function expected(request: Of<"done">): string {
  const door = doorOf(request)?.door;
  if (door?.hostKey === undefined) return "accept the new one";
  return `expect ${code(door.hostKey)}${door.hostKeyKind === undefined ? "" : ` (${outside(door.hostKeyKind)})`}`;
}

/** What this cloud asks of whoever logs in first. */
function getIn(request: Of<"done">): readonly string[] {
  return request.notices.filter(({ code: about }) => about === "get-in").map(({ says }) => outside(says, 300));
}

/** Where there is a password, it can be forgotten. */
function lost({ order }: Of<"done">, { lostPassword: { says, url } }: Traits): readonly string[] {
  if (order.login.kind === "key-pair") return [];
  return [`*Password forgotten?* ${outside(says)}${url === "" ? "" : ` ${link(url)}`}`];
}

function howTo(request: Of<"done">): string {
  const { login, image } = request.order;
  // On Windows a key pair does not log in: it opens the password, as the cloud's own words say.
  if (login.kind === "key-pair" && image.os.family === "windows") return "";
  if (login.kind === "key-pair") return ` with key pair ${code(login.name)}`;
  if (login.kind === "generated") {
    const shown = request.secret?.showUntil !== undefined;
    return ` with the generated password${shown ? `, which ${person(request.askedBy)} opens by *Show password* in this thread` : ""}`;
  }
  if (login.kind === "typed") return " with the password that was typed";
  if (login.kind === "provider") return " with the password that the cloud sent";
  return ", with that user's password or key";
}

function backup(request: Of<"done">): readonly string[] {
  const made = madeBackup(request);
  return made === "" ? [] : [`${made} Undo asks to reinstall from it.${olderBackups(request)}`];
}

function disks(request: Of<"done">): readonly string[] {
  const { dataDisks } = request.found;
  const remount = remountOf(request);
  if (remount === null) return [];
  const ids = dataDisks.map((disk) => `${code(disk.id)} (${disk.sizeGb} GB)`).join(", ");
  return [
    `*Mount again* ${plural(dataDisks.length, "data disk")}: ${ids}. Their data was not touched.`,
    ...remount.short,
    "The rest of the recipe is behind Details.",
  ];
}
