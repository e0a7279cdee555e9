/** The only place for the switches with which a visitor makes Slack misbehave. */
import type { Fault } from "../clouds/sim.ts";
import { arm } from "./api.ts";
import type { State, Trouble } from "./state.ts";

interface Switch {
  id: string;
  label: string;
  method: string;
  how: Trouble;
}
const busy: Trouble = { kind: "throttled", retryAfterS: 5 };
const switches: readonly Switch[] = [
  { id: "post-busy", label: "next message is throttled (429, 5 s)", method: "chat.postMessage", how: busy },
  { id: "update-busy", label: "next edit is throttled (429, 5 s)", method: "chat.update", how: busy },
  { id: "open-busy", label: "next form is throttled (429, 5 s)", method: "views.open", how: busy },
  { id: "any-error", label: "next call fails (503)", method: "*", how: { kind: "status", status: 503 } },
  {
    id: "post-lost",
    label: "next message is posted, its answer is lost",
    method: "chat.postMessage",
    how: { kind: "cut-after" },
  },
  {
    id: "groups-error",
    label: "next look at a user group fails (503)",
    method: "usergroups.users.list",
    how: { kind: "status", status: 503 },
  },
];
/** Happens at once, so it is never armed. */
export const dropSockets = { id: "socket-drop", label: "drop the bot's connections now" } as const;

export function slackFaults(state: State): readonly Fault[] {
  const armed = (each: Switch) => state.armed.some((fault) => isSwitch(fault, each));
  const listed = switches.map((each) => ({ id: each.id, label: each.label, armed: armed(each) }));
  return [...listed, { ...dropSockets, armed: false }];
}

export function throwSwitch(state: State, id: string, armed: boolean): State {
  const found = switches.find((each) => each.id === id);
  if (!found) return state;
  const without = { ...state, armed: state.armed.filter((fault) => !isSwitch(fault, found)) };
  return armed ? arm(without, found.method, found.how) : without;
}

function isSwitch(fault: { method: string; how: Trouble }, each: Switch): boolean {
  return fault.method === each.method && fault.how.kind === each.how.kind;
}
