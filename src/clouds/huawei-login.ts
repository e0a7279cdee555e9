/** The only place that says how one can log in after a reinstall on ECS, and which operating systems have a licence to choose. */
import type { Choices, ChosenImage, Os, Server } from "./cloud.ts";
import type { HuaweiAccount } from "./huawei.ts";
import { sites } from "./huawei-sites.ts";
import type { PasswordRules } from "./password.ts";

export function choicesOf(account: HuaweiAccount, server: Server, image: ChosenImage | null): Choices {
  const site = sites[account.site];
  const os = image?.os ?? server.os;
  const passwordsRefused = site.keyPairsOnly ? { refused: site.keyPairsOnly } : {};
  const isSame = image === null || image.id === server.image.id;
  const key = keyPairRefused(account, isSame);
  return {
    imageKinds: site.imageKinds,
    sameImage: "ok",
    logins: [
      { kind: "key-pair", ...(key ? { refused: key } : {}) },
      { kind: "generated", ...passwordsRefused },
      // Without a password and a key pair a script of one's own must set one: https://support.huaweicloud.com/eu/api-ecs/ecs_02_0201.html
      { kind: "keep-image", refused: "ECS resets the login at every reinstall." },
      { kind: "typed", ...passwordsRefused },
    ],
    ...(site.keyPairsOnly ? {} : { password: passwordRules(os) }),
    licences: licencesOf(os, server, isSame),
    imageHint: imageHintSays,
    noKeyPair: noKeyPairSays,
    user: userOf(os),
  };
}

/** https://docs.otc.t-systems.com/elastic-cloud-server/umn/instances/managing_ecs_os/changing_the_os.html, prerequisites */
export const imageHintSays =
  "Not in the list? An image of another region must be copied here first, one of another account shared with this one, a local file registered as a private image.";

export const noKeyPairSays =
  "No key pair here: key pairs belong to one user in one region. Log in to the console as the configured user, choose this region, open Key Pair, create or import one, then ask again.";

/** ECS wants to know whose key pair it is; at a change of the OS it takes the caller's own. */
export function keyPairRefused(account: HuaweiAccount, isSame: boolean): string | null {
  if (!isSame || account.userId) return null;
  return "For a key pair, a reinstall needs the IAM user id of its owner: add `userId` to this account in the configuration.";
}

export function userOf(os: Os): string {
  return os.family === "windows" ? "Administrator" : "root";
}

/** https://support.huaweicloud.com/eu/api-ecs/ecs_02_0201.html, description of adminpass. */
export function passwordRules(os: Os): PasswordRules {
  return {
    ...(os.family === "windows" ? { os: "Windows" } : {}),
    minLength: 8,
    maxLength: 26,
    kindsMin: 3,
    symbols: "!@$%^-_=+[{}]:,./?~#*",
    forbidden: [],
    notFirst: "",
    sequenceMax: 0,
    // On Windows, no more than two characters of the user's name in a row.
    user: { name: userOf(os), reversed: true, runMax: os.family === "windows" ? 2 : 0 },
  };
}

/** The billed families besides Windows, in a name parted into words. openSUSE is free, so "SUSE" alone does not do. */
const billed: readonly RegExp[] = [
  /\bSUSE\b.*\bEnterprise\b|\bEnterprise\b.*\bSUSE\b|\bSLES\b/i,
  /\bOracle\b.*\bLinux\b|\bLinux\b.*\bOracle\b/i,
  /\bRed ?Hat\b|\bRHEL\b/i,
];

/** Names of images run words and numbers together: "Public_Cloudinit_Oracle_Linux_7.4_64bit_40G", "Enterprise_SLES15_SP5", "OracleLinux8". */
function wordsOf(name: string): string {
  return name.replace(/_/g, " ").replace(/(?<=[a-z])(?=\d|Linux)/gi, " ");
}

/** The one the server has stands first, so that nobody gives up an own licence by leaving the form as it is. */
export function licencesOf(os: Os, server: Server, isSame: boolean): Choices["licences"] {
  const bringsOwn = server.facts["licence"] === "byol";
  // A server that runs on an own licence may keep it with its image, whatever that is called.
  const offered = bringsOwn && isSame ? both : offeredFor(os, server);
  return bringsOwn ? [...offered].reverse() : offered;
}

const both = ["system", "byol"] as const;

function offeredFor(os: Os, server: Server): Choices["licences"] {
  const isWindows = os.family === "windows" || /\bWindows Server\b/i.test(wordsOf(os.name));
  // An own Windows licence counts only on a dedicated host.
  if (isWindows) return server.facts["dedicatedHost"] === "true" ? both : ["system"];
  return billed.some((name) => name.test(wordsOf(os.name))) ? both : [];
}
