/** The only place where the server is compared with what was approved, field by field. */
import type { Facts } from "../clouds/cloud.ts";
import { readName } from "../line.ts";
import type { Failure, Of, Started } from "../request.ts";
import { edit, editStep } from "./edit.ts";
import { failAttempt } from "./end.ts";
import { hold } from "./hold.ts";
import { judged, ordered, stepOf } from "./steps.ts";
import type { Turn } from "./turn.ts";

/** The first step: nothing has changed since approval, and the cloud would still take the order. */
export async function recheck(turn: Turn): Promise<number> {
  const { tools, request, cloud, server, now } = turn;
  const wrong = await mismatch(turn);
  if (wrong !== null) return wrong;
  const notices = await cloud.notices(judged(ordered(request), server), server);
  const refused = notices.find((notice) => notice.kind === "refused");
  if (refused !== undefined) {
    await edit(tools, request, (r) =>
      failAttempt(r as Of<"running">, failure(turn, refused.says, refused.code, true), server),
    );
    return now;
  }
  const wait = notices.find((notice) => notice.kind === "wait");
  if (wait !== undefined) return hold(turn, wait.says, wait.code);
  await editStep(tools, request, "recheck", {
    state: "done",
    startedAt: turn.step.startedAt ?? now,
    endedAt: now,
    says: "the same disk, image and OS as approved",
  });
  return now;
}

/** Ends the attempt when this is not the server that was approved, and waits while it is busy; null when all is as it was. */
export async function mismatch(turn: Turn): Promise<number | null> {
  const { tools, request, server, now, cloud } = turn;
  if (server.power === "gone") {
    const says = `${cloud.traits.title} no longer has a server with this id.`;
    await edit(tools, request, (r) => failAttempt(r as Of<"running">, failure(turn, says, "gone", false), server));
    return now;
  }
  const changed = differences(sealed(request), server.identity);
  if (changed.length > 0) {
    const says = "The server is no longer the one that was approved. Ask again to have it approved as it is now.";
    const why = { ...failure(turn, says, "changed", false), changed };
    await edit(tools, request, (r) => failAttempt(r as Of<"running">, why, server));
    return now;
  }
  if (server.power === "busy") {
    return hold(turn, `The server is busy (${server.state}); another operation is in progress.`, "busy");
  }
  if (server.power === "unknown") {
    return hold(turn, `${cloud.traits.title} reports a state I do not know: ${server.state}.`, "unknown-state");
  }
  return null;
}

/** What the reading is compared with: the card's; only a reinstall of ours that the cloud had taken explains another disk, as read at its failure. */
function sealed(request: Started): Facts {
  const ours = request.attempts.slice(0, -1).findLast((one) => stepOf(one, "reinstall")?.receipt !== undefined);
  return ours?.last?.identity ?? request.drawn.identity;
}

/** A name in a stored reading may be as the cloud wrote it, with signs that nobody sees. */
export function differences(before: Facts, now: Facts): NonNullable<Failure["changed"]> {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return fields
    .filter((field) => readName(before[field]) !== readName(now[field]))
    .map((field) => ({ field, before: before[field] ?? "", now: now[field] ?? "" }));
}

function failure(turn: Turn, says: string, code: string, retry: boolean): Failure {
  return { at: turn.now, step: turn.id, says, code, requestId: "", erased: "nothing", retry };
}
