/** The only place that tries a cloud account without changing anything: in each region its servers, images and key pairs. */
import { count, type Finding } from "./check-finding.ts";
import { type Cloud, CloudDown, type CloudTools, type Server } from "./clouds/cloud.ts";
import { type CloudAccount, openAccount } from "./clouds/clouds.ts";

export async function checkAccount(account: CloudAccount, tools: CloudTools): Promise<readonly Finding[]> {
  const regions = await Promise.all(account.regions.map((region) => checkRegion(account, region, tools)));
  return regions.flat();
}

async function checkRegion(account: CloudAccount, region: string, tools: CloudTools): Promise<readonly Finding[]> {
  const { cloud, name } = openAccount({ ...account, regions: [region] }, tools);
  const server = nobody(account, region);
  const of = `${name} (${cloud.traits.title}), ${region}`;
  const tries = await Promise.all([
    tried("servers", async () => {
      const { found, unread } = await cloud.servers();
      if (unread[0] !== undefined) throw new CloudDown(withoutRegion(unread[0], region), "");
      return count(found.length, "server");
    }),
    tried("public images", async () => publicImages(await cloud.images(server, "public", ""))),
    tried("key pairs", async () => count((await cloud.keyPairs(server)).length, "key pair")),
  ]);
  const read = tries.flatMap((each) => ("read" in each ? [each.read] : []));
  const good = read.length === 0 ? [] : [{ ok: true, of, says: `${read.join(", ")} can be read` }];
  return [...good, ...wrongOf(of, tries)];
}

/** Every region has public images; some clouds answer for a region that is none, with nothing in it. */
function publicImages({ found, more }: Awaited<ReturnType<Cloud["images"]>>): string {
  if (found.length === 0)
    throw new CloudDown("The cloud shows not one, so this is hardly a region of it. Check the region's name.", "");
  return more ? `more than ${count(found.length, "public image")}` : count(found.length, "public image");
}

type Tried = { thing: string } & ({ read: string } | { why: CloudDown });

async function tried(thing: string, read: () => Promise<string>): Promise<Tried> {
  try {
    return { thing, read: await read() };
  } catch (cause) {
    if (cause instanceof CloudDown) return { thing, why: cause };
    throw cause;
  }
}

/** What fails for one reason is one line. */
function wrongOf(of: string, tries: readonly Tried[]): readonly Finding[] {
  const failed = tries.flatMap((each) => ("why" in each ? [each] : []));
  const reasons = [...new Set(failed.map(({ why }) => why.says))];
  return reasons.map((says) => {
    const same = failed.filter(({ why }) => why.says === says);
    const code = same.map(({ why }) => why.code).find((word) => word !== "") ?? "";
    const things = same.map(({ thing }) => thing).join(", ");
    return {
      ok: false,
      of,
      says: [`${things}: ${says}${code === "" ? "" : ` (${code})`}`, advice(code)].join(" ").trim(),
    };
  });
}

/** Where the cloud did not speak itself, its words cannot say what to do. */
function advice(code: string): string {
  if (!/^(no-answer|timeout|http-\d+|HTTP \d+)$/.test(code)) return "";
  return "Check the region's name, and the way from this machine to the cloud (DNS, proxy, firewall); then check again.";
}

function withoutRegion(sentence: string, region: string): string {
  const at = sentence.indexOf(`${region}: `);
  return at < 0 ? sentence : sentence.slice(at + region.length + 2);
}

/** Images and key pairs are asked for beside a server; this one stands for its region alone. */
function nobody({ cloud, site, name }: CloudAccount, region: string): Server {
  const nothing = { tags: {}, identity: {}, trace: {}, facts: {}, dataDisks: [], charge: "", state: "", readAt: 0 };
  return {
    ...nothing,
    ref: { cloud, site, account: name, region, id: "" },
    name: "",
    power: "unknown",
    os: { family: "unknown", name: "" },
    image: { id: "", name: "" },
    ips: { public: [], private: [] },
  };
}
