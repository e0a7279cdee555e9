/** The only place that says what can be made to go wrong in the simulated ECS, and for how long. */
import type { HuaweiState } from "./huawei-state.ts";
import { gatewayError } from "./huawei-wire.ts";
import type { Fault, SimReply } from "./sim.ts";

const faults = {
  refused: "Next reinstall is refused (disk type sold out)",
  fails: "Next reinstall is accepted, then fails",
  hangs: "Next reinstall is accepted and never ends",
  throttled: "Next reinstall is throttled (429 APIGW.0308)",
  "throttled-1503": "Next reinstall is throttled (429 Common.1503)",
  "throttled-202": "Next reinstall is throttled (202 Common.0024)",
  lost: "Next reinstall takes effect, its answer is lost",
  internal: "Next reinstall takes effect, the answer is 500",
  "never-arrives": "Next reinstall never arrives",
  stale: "Next reinstall: the server goes on looking as before for a while",
  "job-vanishes": "Next reinstall: its job can no longer be found",
  "stop-ignored": "Soft stops are ignored",
  stock: "Next start fails for lack of stock",
  "image-fails": "Next private image fails",
  "image-quota": "The quota of private images is used up",
  "quota-zero": "EVS disk quota is used up",
  "call-throttled": "Next call of any kind is throttled (429 APIGW.0308)",
  down: "The whole cloud is down",
  "down-hangs": "The whole cloud is down: no call is answered",
} as const;
export type FaultId = keyof typeof faults;

/** These stay until they are switched off; all others disarm themselves when they have fired. */
const lasting: ReadonlySet<string> = new Set<FaultId>([
  "stop-ignored",
  "quota-zero",
  "image-quota",
  "down",
  "down-hangs",
]);

export function faultsOf(state: HuaweiState): readonly Fault[] {
  return Object.entries(faults).map(([id, label]) => ({ id, label, armed: state.armed.includes(id) }));
}

export function arm(state: HuaweiState, fault: string, armed: boolean): HuaweiState {
  if (!Object.hasOwn(faults, fault)) throw new Error(`The simulated ECS has no fault "${fault}".`);
  const others = state.armed.filter((each) => each !== fault);
  return { ...state, armed: armed ? [...others, fault] : others };
}

export function isArmed(state: HuaweiState, fault: FaultId): boolean {
  return state.armed.includes(fault);
}

/** Whether the fault strikes now; a single one is spent by that. */
export function strikes(state: HuaweiState, fault: FaultId): readonly [HuaweiState, boolean] {
  if (!isArmed(state, fault)) return [state, false];
  return [lasting.has(fault) ? state : arm(state, fault, false), true];
}

/** What the gateway answers to whoever asks too often. */
export function tooMany(state: HuaweiState): SimReply {
  return gatewayError(state, 429, "APIGW.0308", "The throttling threshold has been reached");
}
