/** The only place that says where Tencent Cloud's sites and regions differ. */

export type TencentSite = "mainland" | "international";

interface SiteFacts {
  /** Host of a region's CVM API. https://www.tencentcloud.com/document/api/213/33222 */
  host(region: string): string;
  support: { name: string; url: string };
  /** In which prices are told. https://cloud.tencent.com/document/api/213/15753#ItemPrice and https://www.tencentcloud.com/document/api/213/15753#ItemPrice */
  currency: "CNY" | "USD";
  /** Resetting the instance password: the document that the one on reinstalling points to. */
  lostPasswordUrl: string;
}

export const sites: Readonly<Record<TencentSite, SiteFacts>> = {
  mainland: {
    host: regionalHost,
    support: { name: "Tencent Cloud ticket", url: "https://console.cloud.tencent.com/workorder/category" },
    currency: "CNY",
    lostPasswordUrl: "https://cloud.tencent.com/document/product/213/16566",
  },
  international: {
    host: (region) => (isFinancial(region) ? regionalHost(region) : "cvm.intl.tencentcloudapi.com"),
    support: { name: "Tencent Cloud ticket", url: "https://console.tencentcloud.com/workorder/category" },
    currency: "USD",
    lostPasswordUrl: "https://www.tencentcloud.com/document/product/213/16566",
  },
};

function regionalHost(region: string): string {
  return `cvm.${region}.tencentcloudapi.com`;
}

/** The financial zones answer at their own host only. */
function isFinancial(region: string): boolean {
  return region.endsWith("-fsi");
}

/**
 * Regions where Linux may become Windows and the other way round: mainland China, Hong Kong not included.
 * https://www.tencentcloud.com/document/product/213/4933. A region that is not listed here counts as outside.
 */
const crossSystemRegions: ReadonlySet<string> = new Set([
  "ap-guangzhou",
  "ap-guangzhou-open",
  "ap-shenzhen",
  "ap-shenzhen-fsi",
  "ap-qingyuan",
  "ap-shanghai",
  "ap-shanghai-fsi",
  "ap-nanjing",
  "ap-hangzhou-ec",
  "ap-hefei-ec",
  "ap-fuzhou-ec",
  "ap-jinan-ec",
  "ap-beijing",
  "ap-beijing-fsi",
  "ap-tianjin",
  "ap-shijiazhuang-ec",
  "ap-shenyang-ec",
  "ap-wuhan-ec",
  "ap-changsha-ec",
  "ap-zhengzhou-ec",
  "ap-xian-ec",
  "ap-chengdu",
  "ap-chongqing",
]);

export function allowsCrossSystem(region: string): boolean {
  return crossSystemRegions.has(region);
}
