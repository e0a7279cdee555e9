/** The only place that says how one logs in to a Tencent Cloud server after a reinstall. https://www.tencentcloud.com/document/api/213/15753#LoginSettings */
import type { Secret } from "../secret.ts";
import type { Choices, ChosenImage, ImageKind, Login, Os, Server } from "./cloud.ts";
import type { PasswordRules } from "./password.ts";
import { growthOf } from "./tencent-growth.ts";

/** Everything the form offers beside server and image. The order is the form's. */
export function choicesOf(server: Server, image: ChosenImage | null): Choices {
  const os = image?.os ?? server.os;
  const user = userOf(server, image);
  return {
    // The list of images has no type for the marketplace's.
    imageKinds: ["public", "private", "shared"],
    sameImage: server.image.id === "" ? { refused: "Tencent Cloud does not say which image this server uses." } : "ok",
    logins: loginsOf(os, image?.kind),
    password: { ...passwordRules[os.family], ...(os.family === "windows" ? userRule(user) : {}) },
    licences: [],
    ...grows(server, image),
    noKeyPair: "No key pair in this region: create or import one in the console under SSH Keys, then ask again.",
    user,
  };
}

function grows(server: Server, image: ChosenImage | null): Pick<Choices, "diskGrowth"> {
  const diskGrowth = growthOf(server, image);
  return diskGrowth === undefined ? {} : { diskGrowth };
}

function loginsOf(os: Os, kind: ImageKind | undefined): Choices["logins"] {
  const noKeys = os.family === "windows" ? { refused: "Windows servers do not take key pairs." } : {};
  const noOwn = ownLoginRefused(kind);
  return [
    { kind: "key-pair", ...noKeys },
    { kind: "generated" },
    {
      kind: "keep-image",
      ...(noOwn === null ? {} : { refused: noOwn }),
      means:
        "The users, passwords and keys stored in the image apply. The bot does not know them: nobody can log in who does not know the image's user and password.",
    },
    { kind: "provider", means: `${sentTo} Old passwords and keys are gone.` },
    { kind: "typed" },
  ];
}

/** Where the password goes, and who may read it. The API never returns it; another sentence of the same page asks to reset it first, hence what to do when none comes. */
export const sentTo =
  "Tencent Cloud makes a new password and sends it to the account's message centre in its console. Whoever may read messages there can use it; the bot never sees it. If none comes, reset it in the console.";

/** KeepImageLogin is for private, shared and imported images; of the marketplace's nothing is said, so they count as outside. Null when this kind has a login of its own. */
export function ownLoginRefused(kind: ImageKind | undefined): string | null {
  if (kind === "private" || kind === "shared") return null;
  if (kind === "public") return "Public images have no login of their own. A custom or shared image has.";
  if (kind === "market") return "Tencent Cloud keeps the login of custom and shared images only.";
  return "Only custom and shared images have a login of their own, and the kind of this image could not be read.";
}

/** https://www.tencentcloud.com/document/product/213/5436 */
export function userOf(server: Server, image: ChosenImage | null): string {
  if (image === null || image.id === server.image.id) {
    if (server.loginUser !== undefined) return server.loginUser;
  }
  const os = image?.os ?? server.os;
  if (os.family === "windows") return "Administrator";
  return /ubuntu/i.test(`${os.name} ${image?.name ?? ""}`) ? "ubuntu" : "root";
}

const symbols = "()`~!@#$%^&*-+=|{}[]:;',.?/";
/**
 * What ResetInstance asks for. No leading "/" and no user name are asked for by ResetInstancesPassword alone; both are kept here, so that
 * a password that is taken now can also be set again later.
 */
const common = { maxLength: 30, symbols, forbidden: [], notFirst: "/", sequenceMax: 0, user: null };
const linux: PasswordRules = { ...common, os: "Linux", minLength: 8, kindsMin: 2 };
const windows: PasswordRules = { ...common, os: "Windows", minLength: 12, kindsMin: 3 };

/** An unknown system gets the stricter ones, which fit both. */
export const passwordRules: Readonly<Record<Os["family"], PasswordRules>> = {
  linux,
  windows,
  unknown: { ...common, minLength: 12, kindsMin: 3 },
};

function userRule(name: string): Pick<PasswordRules, "user"> {
  return { user: { name, reversed: false, runMax: 0 } };
}

/** LoginSettings of an order, or why it cannot be sent. */
export function loginSettings(login: Login, secret: Secret | undefined): { settings: object } | { missing: string } {
  switch (login.kind) {
    case "key-pair":
      return { settings: { KeyIds: [login.id] } };
    case "generated":
    case "typed":
      if (secret === undefined) return { missing: "The password is no longer kept, so nothing was sent. Ask again." };
      return { settings: { Password: secret.open() } };
    case "keep-image":
      return { settings: { KeepImageLogin: "TRUE" } };
    case "provider":
      // Without any login the cloud makes a password and sends it to the account's message centre.
      return { settings: {} };
  }
}
