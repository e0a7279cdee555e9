/** The only place that says how one logs in to a Tencent Cloud server after a reinstall. https://www.tencentcloud.com/document/api/213/15753#LoginSettings */
import type { Secret } from "../secret.ts";
import type { Choices, ChosenImage, Login, Os, PasswordRules, Server } from "./cloud.ts";
import { growthOf } from "./tencent-growth.ts";

/** Everything the form offers beside server and image. The order is the form's. */
export function choicesOf(server: Server, image: ChosenImage | null): Choices {
  const os = image?.os ?? server.os;
  const user = userOf(server, image);
  return {
    // The list of images has no type for the marketplace's.
    imageKinds: ["public", "private", "shared"],
    sameImage: server.image.id === "" ? { refused: "Tencent Cloud does not say which image this server uses." } : "ok",
    logins: [
      os.family === "windows"
        ? { kind: "key-pair", refused: "Windows servers do not take key pairs." }
        : { kind: "key-pair" },
      { kind: "generated" },
      { kind: "typed" },
    ],
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
