/** The only place that reads Tencent Cloud's images and says which of them this server can take. */
import { searchable } from "../line.ts";
import { type Cloud, CloudDown, type Image, type ImageKind, type Server } from "./cloud.ts";
import type { Cvm } from "./tencent-call.ts";
import { allPages, found, type Page } from "./tencent-pages.ts";
import { unusable } from "./tencent-preflight.ts";
import { ImagePage, imageFrom, WireImage } from "./tencent-wire.ts";

const foundMax = 100;

const imageTypes: Readonly<Record<ImageKind, string | null>> = {
  public: "PUBLIC_IMAGE",
  private: "PRIVATE_IMAGE",
  shared: "SHARED_IMAGE",
  // Marketplace images can be installed, yet the list has no type for them.
  market: null,
};

/** The cloud knows no such instance type any more; then the images are listed without asking whether they fit it. */
const typeUnknown = /InstanceTypeNotFound|InvalidInstanceType|SpecifiedInstanceType|ZoneNotSupported/;

/** https://www.tencentcloud.com/document/product/213/33272 (DescribeImages). Its filters must all fit, so the text is looked for here, in name, id and OS. */
export async function images(cvm: Cvm, server: Server, kind: ImageKind, text: string): ReturnType<Cloud["images"]> {
  const type = imageTypes[kind];
  if (type === null) return { found: [], more: false };
  const all = await allPages((page) =>
    imagePage(cvm, server, { ...page, Filters: [{ Name: "image-type", Values: [type] }] }),
  );
  if (all.error !== null && all.items.length === 0) throw all.error;
  const words = searchable(text).split(" ");
  const fitting = found(WireImage, all.items)
    .filter((each) => {
      const where = searchable([each.ImageId, each.ImageName, each.OsName, each.Platform].join(" "));
      return words.every((word) => where.includes(word));
    })
    .map((each) => judged(server, imageFrom(each)))
    .sort(
      (a, b) => Number(a.unusable !== undefined) - Number(b.unusable !== undefined) || a.name.localeCompare(b.name),
    );
  return { found: fitting.slice(0, foundMax), more: fitting.length > foundMax || all.unread !== null };
}

function judged(server: Server, image: Image): Image {
  const why = unusable(server, image);
  return why === undefined ? image : { ...image, unusable: why };
}

/** Only images that the server's type can run, as long as the cloud knows that type. */
async function imagePage(cvm: Cvm, server: Server, params: object): Promise<Page> {
  const type = server.facts["type"] ?? "";
  const ask = async (more: object): Promise<Page> => {
    const body = { ...params, ...more };
    const { TotalCount, ImageSet } = await cvm.read(server.ref.region, "DescribeImages", body, ImagePage);
    return { total: TotalCount, items: ImageSet ?? [] };
  };
  if (type === "") return ask({});
  return ask({ InstanceType: type }).catch((error: unknown) => {
    if (error instanceof CloudDown && typeUnknown.test(error.code)) return ask({});
    throw error;
  });
}

/** https://www.tencentcloud.com/document/product/213/33272. Asked once more without the type, to tell an image that does not fit from one that is gone. */
export async function image(cvm: Cvm, server: Server, id: string): Promise<Image | null> {
  const params = { ImageIds: [id], Offset: 0, Limit: 1 };
  const none = (error: unknown): Page => {
    if (error instanceof CloudDown && error.code.startsWith("InvalidImageId.")) return { total: 0, items: [] };
    throw error;
  };
  const [fits] = found(WireImage, (await imagePage(cvm, server, params).catch(none)).items);
  if (fits !== undefined) return judged(server, imageFrom(fits));
  const typeless = { ...server, facts: { ...server.facts, type: "" } };
  const [other] = found(WireImage, (await imagePage(cvm, typeless, params).catch(none)).items);
  if (other === undefined) return null;
  const known = imageFrom(other);
  return judged(server, { ...known, facts: { ...known.facts, fits: "no" } });
}
