/** The only place that gathers the images a form offers: by kind, the fitting ones only, with what is left out and why. */

import { type Cloud, type Image, ImageKind, type Server } from "../clouds/cloud.ts";
import { searchable } from "../line.ts";
import { limits } from "../views/blocks.ts";
import type { LeftOut } from "../views/form.ts";
import { imageOption } from "../views/formimage.ts";
import { type Asked, readServerValue } from "../views/formmeta.ts";
import { refOf, within } from "./readings.ts";
import type { CommandTools } from "./tools.ts";

/** Slack waits 3 seconds for suggestions. */
const suggestMs = 2300;

interface Group {
  label: string;
  found: readonly Image[];
  more: boolean;
}

export async function imageOptions(
  tools: CommandTools,
  server: string,
  text: string,
): Promise<Record<string, unknown>> {
  const asked: Asked = { server, imageChoice: "other" };
  const ref = readServerValue(server) === null ? null : refOf(tools, asked);
  const cloud = ref === null ? undefined : tools.account(ref.account)?.cloud;
  if (ref === null || cloud === undefined) return { options: [] };
  const work = async () => {
    const reading = await cloud.server(ref);
    const [groups, byId] = await Promise.all([imageGroups(cloud, reading, text), imageById(cloud, reading, text)]);
    const listed = groups.some(({ found }) => found.some(({ id }) => id === byId?.id));
    return byId === null || listed ? groups : [{ label: "By id", found: [byId], more: false }, ...groups];
  };
  const groups = await within(tools.clock, suggestMs, work(), cloud.traits.title).catch(() => []);
  const shown = groups
    .map((group) => ({ ...group, fits: ranked(group.found, text) }))
    .filter((group) => group.fits.length > 0);
  if (shown.length === 0) return { options: [] };
  return {
    option_groups: shown.map((group) => ({
      label: { type: "plain_text", text: group.label + (group.more ? " (type more to narrow down)" : "") },
      options: group.fits.slice(0, limits.options).map(imageOption),
    })),
  };
}

/** What the typeahead does not offer for this server, gathered by reason: how many, and why. */
export async function leftOut(cloud: Cloud, server: Server): Promise<readonly LeftOut[]> {
  const groups = await imageGroups(cloud, server, "");
  const reasons = new Map<string, LeftOut>();
  for (const { name, id, unusable } of groups.flatMap(({ found }) => found)) {
    if (unusable === undefined) continue;
    // Reasons that differ in a size or a name only are one reason.
    const key = unusable.replaceAll(/\d+/g, "#").replaceAll(name, "").replaceAll(id, "");
    const before = reasons.get(key);
    reasons.set(key, {
      count: (before?.count ?? 0) + 1,
      example: before?.example ?? name,
      says: before?.says ?? unusable,
    });
  }
  return [...reasons.values()].sort((a, b) => b.count - a.count);
}

async function imageGroups(cloud: Cloud, server: Server, text: string): Promise<readonly Group[]> {
  const kinds = ImageKind.options.filter((kind) => cloud.choices(server, null).imageKinds.includes(kind));
  return Promise.all(
    kinds.map(async (kind) => ({ label: kindWords[kind], ...(await cloud.images(server, kind, text)) })),
  );
}

/** An image that no list shows (of the marketplace, shared anew) is taken by its id, and then told why it may not fit. */
async function imageById(cloud: Cloud, server: Server, text: string): Promise<Image | null> {
  const id = text.trim();
  const looksLikeId = /^(img-[a-z0-9]{4,}|[0-9a-f]{8}-[0-9a-f-]{27})$/i.test(id);
  return looksLikeId ? cloud.image(server, id).catch(() => null) : null;
}

/** Those that fit, the text in the name first: a number that happens to stand in an id is not what was meant. */
function ranked(found: readonly Image[], text: string): readonly Image[] {
  const words = searchable(text);
  const rank = ({ name }: Image): number => {
    const lower = searchable(name);
    if (lower.includes(words)) return 0;
    return words.split(" ").every((word) => lower.includes(word)) ? 1 : 2;
  };
  return found
    .filter((image) => fits(image) || isMeant(image, text))
    .map((image) => ({ image, rank: rank(image) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ image }) => image);
}

/** Who types the whole name or the id of an image that does not fit is shown it, with the reason. */
function isMeant({ id, name }: Image, text: string): boolean {
  const wanted = searchable(text);
  return id.toLowerCase() === wanted || searchable(name) === wanted;
}

function fits({ unusable }: Image): boolean {
  return unusable === undefined;
}

const kindWords: Readonly<Record<ImageKind, string>> = {
  public: "Public images",
  private: "Custom (private) images",
  shared: "Shared images",
  market: "Marketplace images",
};
