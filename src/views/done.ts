/** The only place for the last reply: that it is done, how that is known, how to log in, what to mount again. */
import type { Traits } from "../clouds/cloud.ts";
import type { Of } from "../request.ts";
import { code, outside, person, plural } from "./text.ts";
import { serverName, took } from "./words.ts";

export function doneLines(request: Of<"done">, traits: Traits): readonly string[] {
  return [
    `✅ *${serverName(request)} is back:* ${outside(request.order.image.name, 100)}, ${outside(request.found.state)}. It took ${took(request, request.endedAt)}.`,
    proof(request, traits),
    ...logIn(request),
    ...disks(request),
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
  const named = "user" in login ? login.user : request.found.loginUser;
  const how = howTo(request);
  if (image.os.family === "windows") {
    const user = named ?? "Administrator";
    return address === undefined
      ? [`*Log in* by Remote Desktop as ${code(user)}${how}.`]
      : [`*Log in* by Remote Desktop to ${code(address)} as ${code(user)}${how}.`];
  }
  const user = named ?? "root";
  if (address === undefined) return [`*Log in* as ${code(user)}${how}; the server shows no IP address.`];
  return [
    `*Log in* ${code(`ssh ${user}@${address}`)}${how}.`,
    `*The host key has changed:* ${code(`ssh-keygen -R ${address}`)}, then accept the new one.`,
  ];
}

function howTo(request: Of<"done">): string {
  const { login } = request.order;
  if (login.kind === "key-pair") return ` with key pair ${code(login.name)}`;
  if (login.kind === "generated") return " with the generated password";
  if (login.kind === "typed") return " with the password that was typed";
  return "";
}

function disks(request: Of<"done">): readonly string[] {
  const { dataDisks } = request.found;
  if (dataDisks.length === 0) return [];
  const ids = dataDisks.map((disk) => `${code(disk.id)} (${disk.sizeGb} GB)`).join(", ");
  return [`*Mount again* ${plural(dataDisks.length, "data disk")}: ${ids}. Their data was not touched.`];
}
