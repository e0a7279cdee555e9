/** What a helper process does when the first process tells it: it presses, or it is the bot that is pressed, or it lets many flows run. */
import { callsAMinute } from "./flows.ts";
import { type Load, load } from "./load.ts";
import { serve } from "./ours.ts";
import type { Said, Told } from "./stage.ts";

export function help(): void {
  let loading: Load | null = null;
  process.on("disconnect", () => process.exit(0));
  process.on("message", (told: Told) => {
    const doing = async (): Promise<Said> => {
      if (told.do === "serve") return { port: await serve(told.as) };
      if (told.do === "poll") return { calls: await callsAMinute(told.cloud, told.flows) };
      if (told.do === "load") loading = await load(told.payloads);
      if (loading === null) throw new Error("nothing to press with");
      return told.do === "press" ? { got: await loading.press(told.ask) } : { url: loading.url };
    };
    doing().then(
      (said) => process.send?.(said),
      (cause: unknown) =>
        process.send?.({ failed: cause instanceof Error ? (cause.stack ?? cause.message) : "unknown" }),
    );
  });
}
