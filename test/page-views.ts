/** The parts that the tests of forms put together, and what they read from the page. */
import type { Locator, Page } from "playwright-core";
import type { PageAct } from "../playground/page/contract.ts";
import { plain } from "./page-fixture.ts";
import type { Shown } from "./page-show.ts";

export const option = (text: string, more: object = {}) => ({ text: plain(text), value: text.toLowerCase(), ...more });
export const input = (id: string, label: string, element: object, more: object = {}) => ({
  type: "input",
  block_id: id,
  label: plain(label),
  element: { action_id: id, ...element },
  ...more,
});
export const server = input(
  "server",
  "Server",
  { type: "external_select", min_query_length: 2 },
  { dispatch_action: true },
);
export const images = ["Ubuntu 22.04", "Ubuntu 24.04", "Debian 12"].map((name) => option(name));
export const image = input("image", "Image", { type: "static_select", options: images });
export const login = input("login", "Log in with", {
  type: "radio_buttons",
  options: [option("Key pair", { description: plain("oncall-2026") }), option("Password")],
  initial_option: option("Key pair", { description: plain("oncall-2026") }),
});
export const why = input(
  "why",
  "Why",
  { type: "plain_text_input", multiline: true },
  { hint: plain("Everybody reads it.") },
);
export const note = input("note", "Note", { type: "plain_text_input" }, { optional: true });
export const size = input(
  "size",
  "Size in GB",
  { type: "number_input", is_decimal_allowed: false, min_value: "51", max_value: "2048", initial_value: "60" },
  { optional: true },
);
export const tick = input("tick", "System disk disk-1", { type: "checkboxes", options: [option("I understand")] });

export function view(blocks: readonly object[], title = "Reinstall a server") {
  return { title: plain(title), submit: plain("Ask"), close: plain("Cancel"), blocks };
}

/** The latest act of a kind. */
export function lastAct<Kind extends PageAct["do"]>(
  shown: Shown,
  kind: Kind,
): Extract<PageAct, { do: Kind }> | undefined {
  return shown.fixture.acts.findLast((act): act is Extract<PageAct, { do: Kind }> => act.do === kind);
}

export function isFocused(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement);
}

export async function describedBy(page: Page, ids: string | null): Promise<string> {
  const texts = (ids ?? "")
    .split(" ")
    .filter(Boolean)
    .map((id) => page.locator(`[id="${id}"]`).textContent());
  return (await Promise.all(texts)).join(" ");
}

export async function activeOption(page: Page, box: Locator): Promise<string | null> {
  return page.locator(`[id="${await box.getAttribute("aria-activedescendant")}"]`).textContent();
}
