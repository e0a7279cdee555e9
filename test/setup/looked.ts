/** The only place for what the page tests measure of a page with the eyes of others: names for screen readers, contrast, things that jump. */
import type { Page } from "playwright-core";

const controls = [
  "button",
  "combobox",
  "textbox",
  "searchbox",
  "radio",
  "checkbox",
  "switch",
  "link",
  "option",
  "dialog",
  "alertdialog",
  "log",
  "DisclosureTriangle",
  "region",
  "listbox",
  "article",
];

/** Roles of what a screen reader meets without a name, as Chromium itself computes both. */
export async function namelessControls(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Accessibility.enable");
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const met = nodes.filter(({ ignored, role }) => !ignored && controls.includes(String(role?.value)));
  if (met.length < 3) throw new Error("hardly anything was met: the tree was not read");
  return met.filter(({ name }) => String(name?.value ?? "").trim() === "").map(({ role }) => String(role?.value));
}

/** From now on: how much jumped by itself, as Chromium counts it; what follows a press and mere scrolling are left out. https://web.dev/articles/cls */
export async function watchShifts(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    Object.assign(window, { shifted: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        Object.assign(window, { shifted: Reflect.get(window, "shifted") + Reflect.get(entry, "value") });
      }
    }).observe({ type: "layout-shift" });
  });
  return async () => {
    // A shift is told with the frame that shows it.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    return page.evaluate((): number => Reflect.get(window, "shifted"));
  };
}

/** Texts with less contrast than WCAG's AA asks for: 4.5, or 3 where they are large. https://www.w3.org/TR/WCAG22/#contrast-minimum */
export function faintTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    type Colour = readonly [number, number, number, number];
    const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    if (brush === null) throw new Error("there is no canvas");
    const read = (css: string): Colour => {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = css;
      brush.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0, a = 0] = brush.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a]: Colour, [r2, g2, b2]: Colour): Colour => {
      const mix = (top: number, below: number) => top * a + below * (1 - a);
      return [mix(r, r2), mix(g, g2), mix(b, b2), 1];
    };
    const light = (colour: Colour) => {
      const [r = 0, g = 0, b = 0] = colour.slice(0, 3).map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element: Element): Colour => {
      const own = read(getComputedStyle(element).backgroundColor);
      if (own[3] === 1) return own;
      const parent = element.parentElement;
      return over(own, parent === null ? read("canvas") : ground(parent));
    };
    const faint = (element: Element): string | null => {
      const style = getComputedStyle(element);
      const below = ground(element);
      const [one, other] = [light(over(read(style.color), below)), light(below)];
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      const size = Number.parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio >= (large ? 3 : 4.5)) return null;
      return `${ratio.toFixed(1)} ${element.tagName}.${element.className} “${element.textContent?.slice(0, 40)}”`;
    };
    const written = [...document.querySelectorAll("body *")].filter((element) => {
      const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      const off = element.closest(":disabled, [aria-hidden=true], option, script, style") !== null;
      return own && !off && element.getClientRects().length > 0;
    });
    if (written.length < 20) throw new Error("hardly any text was met");
    return [...new Set(written.map(faint).filter((one) => one !== null))];
  });
}
