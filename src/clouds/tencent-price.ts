/** The only place that asks Tencent Cloud what a bigger system disk costs. The same question tells whether the cloud would take it. https://www.tencentcloud.com/document/api/213/33252 */
import * as z from "zod";
import { CloudDown, type Notice, type Order, type Server } from "./cloud.ts";
import { growsTo } from "./growth.ts";
import type { Cvm } from "./tencent-call.ts";

const amount = z.number().nonnegative().nullish();
/** https://www.tencentcloud.com/document/api/213/15753#ItemPrice: a price for each unit where it is paid as one goes, a sum where it is paid in advance. */
const ItemPrice = z.object({
  UnitPrice: amount,
  UnitPriceDiscount: amount,
  UnitPriceDiscountSecondStep: amount,
  UnitPriceDiscountThirdStep: amount,
  ChargeUnit: z.string().nullish(),
  OriginalPrice: amount,
  DiscountPrice: amount,
});
type ItemPrice = z.infer<typeof ItemPrice>;
const PriceAnswer = z.object({ Price: z.object({ InstancePrice: ItemPrice }) });

interface Question {
  order: Order;
  server: Server;
  currency: string;
  hurryMs: number | undefined;
}

/** Nothing for an order that leaves the disk as it is. Never throws for a cloud that cannot be asked: then it is said that the price is not known. */
export async function priceNotices(cvm: Cvm, question: Question): Promise<readonly Notice[]> {
  const { order, server, currency, hurryMs } = question;
  const sizeGb = growsTo(order, server);
  if (sizeGb === null || server.power === "gone") return [];
  const unpriced = "for this type of disk the API tells none between Linux and Windows";
  if (crosses(order, server) && !pricedAcross.has(server.systemDisk?.type ?? ""))
    return [unknownPrice(sizeGb, unpriced)];
  const params = { InstanceId: server.ref.id, ImageId: order.image.id, SystemDisk: { DiskSize: sizeGb } };
  try {
    const { Price } = await cvm.read(server.ref.region, "InquiryPriceResetInstance", params, PriceAnswer, hurryMs);
    const words = priceWords(Price.InstancePrice, currency);
    return [
      words === null
        ? unknownPrice(sizeGb, "the answer names none")
        : price(`${words} for the server as reinstalled with ${sizeGb} GB.`),
    ];
  } catch (error) {
    if (!(error instanceof CloudDown)) throw error;
    return [refusal(error, sizeGb) ?? unknownPrice(sizeGb, whyUnknown(error))];
  }
}

/** Between Linux and Windows prices are told for these types only. */
const pricedAcross: ReadonlySet<string> = new Set(["CLOUD_BSSD", "CLOUD_PREMIUM", "CLOUD_SSD"]);

function crosses(order: Order, server: Server): boolean {
  const families = [server.os.family, order.image.os.family];
  return !families.includes("unknown") && families[0] !== families[1];
}

function price(says: string): Notice {
  return { kind: "price", at: "disk", code: "price", says };
}

function unknownPrice(sizeGb: number, why: string): Notice {
  return price(`The price with ${sizeGb} GB could not be read: ${why}. The console shows it.`);
}

const units: Readonly<Record<string, string>> = { HOUR: "hour", GB: "GB" };

/** What is to be paid, and how often; null when the answer names no price. */
function priceWords(item: ItemPrice, currency: string): string | null {
  const { UnitPrice, UnitPriceDiscount, OriginalPrice, DiscountPrice } = item;
  const each = UnitPriceDiscount ?? UnitPrice ?? null;
  if (each !== null) {
    const later = laterWords(item);
    const unit = units[item.ChargeUnit ?? ""] ?? item.ChargeUnit;
    return `${figure(each)} ${currency}${unit ? ` per ${unit}` : ""}${later}${without(UnitPrice, each)}`;
  }
  const sum = DiscountPrice ?? OriginalPrice ?? null;
  return sum === null ? null : `${figure(sum)} ${currency} in total, paid in advance${without(OriginalPrice, sum)},`;
}

/** Long use may be cheaper: from 96 hours on, and from 360. */
function laterWords({ UnitPriceDiscountSecondStep: second, UnitPriceDiscountThirdStep: third }: ItemPrice): string {
  const steps = [
    ...(typeof second === "number" ? [`${figure(second)} after 96 hours`] : []),
    ...(typeof third === "number" ? [`${figure(third)} after 360`] : []),
  ];
  return steps.length === 0 ? "" : ` (${steps.join(", ")})`;
}

function without(full: number | null | undefined, paid: number): string {
  return typeof full === "number" && full > paid ? ` (${figure(full)} without discount)` : "";
}

/** As the cloud told it, without the tail that binary fractions bring. */
function figure(value: number): string {
  return String(Number(value.toFixed(6)));
}

/** Codes by which the reinstall itself would be refused, by the field that they are about. The rest says nothing about the reinstall. */
const refusalsAt: readonly (readonly [code: RegExp, at: Notice["at"]])[] = [
  [/^ResourceInsufficient\.CloudDisk/, "disk"],
  [/^InvalidParameterValue$/, "disk"],
  [/^InvalidImageId\./, "image"],
  [/^InvalidParameterValue\.InvalidImage/, "image"],
  [/^MissingParameter\.MonitorService$/, "image"],
  [/^UnsupportedOperation\.(InvalidImage|ModifyEncryption|RawLocalDisk|InstanceTypeNotSupportGrid)/, "image"],
  [/^InvalidInstanceId\./, "server"],
  [/^InvalidParameterValue\.(InstanceIdMalformed|InstanceTypeNotFound|ZoneNotSupported)$/, "server"],
  [/^ResourcesSoldOut\./, "server"],
];

function refusal({ code, says }: CloudDown, sizeGb: number): Notice | null {
  const at = refusalsAt.find(([known]) => known.test(code))?.[1];
  if (at === undefined) return null;
  const size = `Tencent Cloud does not take ${sizeGb} GB for this system disk. Ask for another size, or leave it as it is.`;
  return { kind: "refused", at, code: `price-${at}`, says: at === "disk" ? size : says };
}

function whyUnknown({ code }: CloudDown): string {
  if (/^(UnauthorizedOperation|AuthFailure)/.test(code)) return "the bot's key may not ask for it";
  if (code.startsWith("RequestLimitExceeded")) return "Tencent Cloud is asked too often just now";
  if (/^(no-answer|http-|unexpected-answer)/.test(code)) return "Tencent Cloud does not answer in time or not clearly";
  return `Tencent Cloud answers ${code}`;
}
