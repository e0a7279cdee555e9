/** The only place that turns the error codes of ECS, IMS, EVS and the API gateway into plain words, and says which of them leave it open whether an order took. */

/** "No" by the provider's own word; throttled, so nothing happened and it may be sent later; or nobody knows. */
export type Verdict = "refused" | "later" | "unclear";

interface Meaning {
  /** Parted by spaces. */
  codes: string;
  says: string;
  verdict?: Verdict;
}

export const unknownSays = "The cloud refused this with a code that the bot does not know.";

export interface Explained {
  says: string;
  verdict: Verdict;
  known: boolean;
}

/** What a code means. The message only tells apart what ECS puts under one code. */
export function explain(code: string, message: string): Explained {
  if (code === "Ecs.0005" && /flavor does not match/i.test(message)) {
    return { says: mismatchSays, verdict: "refused", known: true };
  }
  const found = meanings.find((each) => each.codes.split(" ").includes(code));
  if (found) return { says: found.says, verdict: found.verdict ?? "refused", known: true };
  // Every 4xx with a code of the services themselves is a refusal; a code from anywhere else proves nothing.
  return { says: unknownSays, verdict: /^(Ecs|IMG|Common|Pdp|EVS)\./.test(code) ? "refused" : "unclear", known: false };
}

const mismatchSays =
  "The image does not fit the flavour of this server (processor architecture or memory). Choose another image.";

/** https://docs.otc.t-systems.com/elastic-cloud-server/api-ref/appendix/error_codes.html, https://support.huaweicloud.com/api-ecs/ecs_07_0002.html and the lists of IMS and of the API gateway. */
const meanings: readonly Meaning[] = [
  // Throttled: the order was not taken.
  {
    codes: "APIGW.0308 Common.1503 Common.0024 IMG.0060 IMG.0187",
    says: "Too many calls at once; the cloud asks to try again later.",
    verdict: "later",
  },
  // Said of a server that was seen fit a moment ago: it may be our own order that is being carried out.
  {
    codes: "Ecs.0603 conflictingRequest",
    says: "Another operation is being carried out on this server.",
    verdict: "unclear",
  },
  {
    codes: "Ecs.0100",
    says: "The server is not in a state in which its OS can be reinstalled. Stop it, or wait for the operation in progress.",
    verdict: "unclear",
  },
  // A time-out behind the API: what lies behind it may have gone on.
  {
    codes: "Ecs.1002 Ecs.1201 Ecs.1300 Common.0001 Ecs.0615",
    says: "A part of the cloud did not answer in time. If it happens twice, ask customer service.",
    verdict: "unclear",
  },
  // The server
  { codes: "Ecs.0114 Ecs.0614 IMG.0005 itemNotFound", says: "The cloud has no such server in this region." },
  { codes: "Ecs.0605", says: "The server is locked. Unlock it (or let whoever locked it do so) and ask again." },
  {
    codes: "Ecs.0030",
    says: "The server is frozen, usually for an unpaid bill. Settle that in the billing centre first.",
  },
  { codes: "Ecs.0105 Ecs.0503", says: "The server has no system disk. Attach one and ask again." },
  {
    codes: "Ecs.0017 Ecs.0101 Ecs.0102 Ecs.0103 Ecs.0111",
    says: "A disk of this server is in no state to be detached or attached. Look at its disks in the console.",
  },
  { codes: "Ecs.0073", says: "The system disk is being backed up. Wait until that is done." },
  {
    codes: "Ecs.0226 Ecs.0227",
    says: "The server could not be started. Look at it in the console; customer service can help.",
  },
  // Stock, quotas and money
  { codes: "Ecs.0021", says: "The EVS disk quota is used up: a new system disk is made before the old one goes." },
  { codes: "Ecs.0044", says: "Disks of this type are sold out at the moment. Try again later." },
  { codes: "Ecs.0319", says: "There is no capacity for this flavour just now. Try again later." },
  {
    codes: "Ecs.0001 Ecs.0022 Ecs.0042 Ecs.0050 Ecs.0104 Ecs.0118 Ecs.0302 Ecs.0308 Ecs.0913",
    says: "A quota of the project is used up (servers, disks or network cards). Ask for more, or free some.",
  },
  { codes: "Ecs.0013", says: "The quota of elastic IPs is used up. Ask for more, or free some." },
  {
    codes: "Ecs.0067 IMG.0239",
    says: "The balance of the account is too low. Top it up and ask again.",
  },
  {
    codes: "Ecs.0066 Ecs.0068 Ecs.0069 Ecs.0070 Ecs.0071 IMG.0238 IMG.0241 IMG.0242",
    says: "The account is restricted (verification, payment method, budget or suspension). Its owner must settle that.",
  },
  // The image
  {
    codes: "Ecs.0031 Ecs.0304 IMG.0027 IMG.0066 IMG.0086 IMG.0121 IMG.0144",
    says: "The image no longer exists here. Choose another image.",
  },
  { codes: "Ecs.0032 IMG.0046", says: "The image is not active. Wait until it is, or choose another." },
  {
    codes: "Ecs.0048 Ecs.0034 Ecs.0306",
    says: "The backup behind this full-server image cannot be used. Choose another image.",
  },
  { codes: "Ecs.0006 Ecs.0707", says: "The marketplace image has no product any more. Choose another image." },
  {
    codes: "Ecs.0007",
    says: "The image cannot be installed this way: its attributes are invalid, or it lacks Cloud-Init. For an image without Cloud-Init, list its id under noCloudInitImages.",
  },
  {
    codes: "Ecs.0008 Ecs.0029",
    says: "The flavour of this server is no longer offered, so its OS cannot be reinstalled. Resize it first.",
  },
  {
    codes: "Ecs.0058 Ecs.0074 Ecs.0075 IMG.0047 IMG.0106",
    says: "This account may not use that image. Choose another.",
  },
  { codes: "Ecs.0090", says: "Bring-your-own-licence is not possible here. Choose the licence from the system." },
  { codes: "Ecs.0208", says: "The cloud could not update the image data of the server. Try again." },
  // Login
  { codes: "Ecs.0011", says: "The password does not meet the rules of ECS. Choose another." },
  {
    codes: "Ecs.0314",
    says: "The key pair does not exist for the configured user. Choose another, or make one in the console.",
  },
  // Disks
  {
    codes: [
      "Ecs.0015 Ecs.0037 Ecs.0043 Ecs.0046 Ecs.0051 Ecs.0052 Ecs.0053 Ecs.0057 Ecs.0121 Ecs.0311",
      "Ecs.0909 Ecs.0911",
    ].join(" "),
    says: "The disks of this server do not fit its flavour or the image. Choose another image.",
  },
  {
    codes: "Ecs.0025 Ecs.0912",
    says: "The disk encryption key cannot be used. Give EVS the right to it, or choose another image.",
  },
  {
    codes: "Ecs.0202 Ecs.0203 Ecs.0205 Ecs.0402 Ecs.0405 Ecs.0617",
    says: "The cloud could not make, attach or release a disk. Try again; if it fails twice, ask customer service.",
  },
  // Rights
  {
    codes: "Ecs.0003 Ecs.0110 Pdp.0001 IMG.0026 IMG.0161 forbidden APIGW.0302 APIGW.0305 EVS.0011",
    says: "The access key may not do this. It needs the rights to list servers, images, key pairs and disks, and to stop, start, reinstall (rebuild) and change the OS of servers.",
  },
  {
    codes: "APIGW.0301 APIGW.0303 Common.0013 Ecs.0004 Ecs.1100 IMG.0087 IMG.0064 IMG.0065",
    says: "The cloud does not accept the access key: wrong id or secret, or the clock of this machine is off by more than 15 minutes.",
  },
  {
    codes: "Ecs.0023 Common.0018 IMG.0030 IMG.0067 IMG.0104 IMG.0108 IMG.0145 APIGW.0101",
    says: "The configured project does not belong to this region or key. Check `project` in the configuration.",
  },
  // Form of the call
  {
    codes: [
      "Ecs.0005 Ecs.0000 Common.0002 badRequest IMG.0001 IMG.0007 IMG.0017 IMG.0024 IMG.0025 IMG.0031",
      "IMG.0122 IMG.0192",
    ].join(" "),
    says: "The cloud does not take this order for this server: a value does not fit it. Choose another image or login.",
  },
  // Network of the server
  {
    codes: [
      "Ecs.0010 Ecs.0012 Ecs.0014 Ecs.0038 Ecs.0039 Ecs.0064 Ecs.0085 Ecs.0086 Ecs.0106 Ecs.0201",
      "Ecs.0210 Ecs.0211 Ecs.0212 Ecs.0213 Ecs.0214 Ecs.0216 Ecs.0217 Ecs.0307 Ecs.0309 Ecs.0310",
      "Ecs.0322 Ecs.0323 Ecs.0401 Ecs.0502 Ecs.0507 Ecs.0618 Ecs.0919 Ecs.1200",
    ].join(" "),
    says: "The network of the server is in the way (address, subnet, port or network card). Look at it in the console.",
  },
  // Inside the cloud
  {
    codes: [
      "Ecs.0002 Ecs.0204 Ecs.0207 Ecs.0209 Ecs.0219 Ecs.0221 Ecs.0301 Ecs.0303 Ecs.0313 Ecs.0315",
      "Ecs.0320 Ecs.0321 Ecs.0403 Ecs.0501 Ecs.0611 Ecs.0616 Ecs.1000 Ecs.1001 Common.0011 Common.0020",
      "Common.0021 Common.0022 Common.0025 Common.0026 Common.0999 IMG.0014 IMG.0018 IMG.0023 IMG.0061",
      "IMG.0137 IMG.0138 IMG.0154 IMG.0155 IMG.0191",
    ].join(" "),
    says: "Something inside the cloud failed. Try again; if it fails twice, ask customer service.",
  },
];
