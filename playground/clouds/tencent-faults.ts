/** The only place that says what can be made to go wrong in simulated Tencent Cloud. The ids are promises to tests and to the page. */
import type { Fault } from "./sim.ts";
import { never, type TencentState } from "./tencent-state.ts";

/** `times`: how often it fires before it disarms itself; null for one that stays until it is switched off. */
const faults = {
  "reset-refused": { label: "Next reinstall is refused (cloud disks sold out)", times: 1 },
  "reset-fails": { label: "Next reinstall is accepted, then fails", times: 1 },
  "reset-hangs": { label: "Next reinstall is accepted and never ends", times: 1 },
  "reset-throttled": { label: "Next three reinstall calls are throttled", times: 3 },
  "reset-answer-lost": { label: "Next reinstall takes effect, its answer is lost", times: 1 },
  "reset-answer-500": { label: "Next reinstall takes effect, the answer is HTTP 500", times: 1 },
  "reset-answer-internal-error": { label: "Next reinstall takes effect, the answer is InternalError", times: 1 },
  "reset-never-arrives": { label: "Next reinstall never arrives (connection cut)", times: 1 },
  "reset-stale": { label: "Next reinstall: the old good state shows for long", times: 1 },
  "reset-keeps-size": { label: "Next reinstall: the system disk does not grow", times: 1 },
  "price-fails": { label: "Prices cannot be worked out", times: null },
  "price-throttled": { label: "Questions for prices are throttled", times: null },
  "price-hangs": { label: "Questions for prices are not answered", times: null },
  "disk-unavailable": { label: "No zone takes a bigger system disk", times: null },
  "soft-stop-ignored": { label: "Next soft stop is ignored by the server", times: 1 },
  "start-refused": { label: "Next start is refused (sold out)", times: 1 },
  "image-fails": { label: "Next custom image fails", times: 1 },
  "image-quota": { label: "The quota of custom images is used up", times: null },
  "call-throttled": { label: "Next call of any kind is throttled", times: 1 },
  down: { label: "The cloud is down: every call fails", times: null },
  "down-hangs": { label: "The cloud is down: no call is answered", times: null },
} as const satisfies Readonly<Record<string, { label: string; times: number | null }>>;

export type FaultId = keyof typeof faults;

export function listFaults(state: TencentState): readonly Fault[] {
  return Object.entries(faults).map(([id, { label }]) => ({ id, label, armed: Object.hasOwn(state.armed, id) }));
}

export function armFault(state: TencentState, id: string, armed: boolean): TencentState {
  if (!isFault(id)) throw new Error(`Simulated Tencent Cloud has no fault "${id}".`);
  const { [id]: _, ...others } = state.armed;
  return { ...state, armed: armed ? { ...others, [id]: faults[id].times ?? never } : others };
}

function isFault(id: string): id is FaultId {
  return Object.hasOwn(faults, id);
}

/** Whether an armed fault strikes here and now; it is one time less armed afterwards. */
export function fires(state: TencentState, id: FaultId): readonly [TencentState, boolean] {
  const left = state.armed[id];
  if (left === undefined) return [state, false];
  const { [id]: _, ...others } = state.armed;
  return [{ ...state, armed: left > 1 ? { ...others, [id]: left - 1 } : others }, true];
}
