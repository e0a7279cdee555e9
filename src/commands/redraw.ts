/** The only place that draws an open form anew: whoever presses twice in a moment gets the picture of the latest press, and no older one over it. */
import { type Clock, type Slack, SlackBusy, SlackRefused, SlackUnclear, type View } from "../seams.ts";

export interface Shown {
  id: string;
  /** Slack's name for the picture that was pressed. */
  hash?: string | undefined;
}
/** Draws, and puts the picture where the press was made, unless a later press of the same form has come meanwhile. https://docs.slack.dev/surfaces/modals */
export type Redraw = (shown: Shown, draw: () => Promise<View>) => Promise<void>;

/** A form that stays on its old picture is a dead end. */
const waitsMs = [1_000, 3_000, 6_000];
const busyMaxMs = 10_000;

export function redrawer({ slack, clock }: { slack: Slack; clock: Clock }): Redraw {
  const latest = new Map<string, object>();
  return async (shown, draw) => {
    const mine = {};
    const isLatest = (): boolean => latest.get(shown.id) === mine;
    latest.set(shown.id, mine);
    try {
      await put(shown, await draw(), isLatest);
    } finally {
      if (isLatest()) latest.delete(shown.id);
    }
  };

  async function put({ id, hash }: Shown, view: View, isLatest: () => boolean): Promise<void> {
    const waits = [...waitsMs];
    let known = hash;
    while (isLatest()) {
      try {
        await slack.update({ viewId: id }, view, known);
        return;
      } catch (cause) {
        if (!isLatest()) return;
        const waitMs = waits.shift();
        // An earlier press was drawn after this one was made, and this one knows more.
        if (known !== undefined && cause instanceof SlackRefused && cause.code === "hash_conflict") known = undefined;
        else if (waitMs === undefined || !mayPass(cause)) throw cause;
        else await clock.after(cause instanceof SlackBusy ? Math.min(cause.retryAfterMs, busyMaxMs) : waitMs);
      }
    }
  }
}

function mayPass(cause: unknown): boolean {
  return cause instanceof SlackBusy || cause instanceof SlackUnclear;
}
