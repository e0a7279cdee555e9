/** The only place that says what a simulated cloud is. Each is a pure core; `shell.ts` puts HTTP round it, tests and the simulation call it directly. */

export interface SimRequest {
  method: string;
  /** Path with its query, as on the request line. */
  path: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface SimReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** answer: sent. lost: the connection is cut without an answer, though what was asked took effect. hang: no answer, the connection stays open. */
  how: "answer" | "lost" | "hang";
}

/** What the side panel shows of a server, and what tests read. Words are the provider's own. */
export interface PanelServer {
  id: string;
  name: string;
  region: string;
  /** What this server is there to show, in a few words ("spot instance"); empty for an ordinary one. */
  about: string;
  state: string;
  image: string;
  systemDisk: string;
  operation: string;
  /** How often the system disk was really wiped since the start. */
  reinstalls: number;
}

/** A switch of the panel. `once` faults disarm themselves when they have fired. */
export interface Fault {
  id: string;
  label: string;
  armed: boolean;
}

/** Pure: no clock, no randomness but its own seed in the state, no I/O. States are values: never changed in place once returned. */
export interface CloudSim<State> {
  /** The same word as `cloud:` in the config. */
  cloud: string;
  title: string;
  /** Durations are real ones divided by `speed`. */
  start(options: { speed: number; now: number }): State;
  handle(state: State, request: SimRequest, now: number): readonly [State, SimReply];
  panel(state: State, now: number): readonly PanelServer[];
  faults(state: State): readonly Fault[];
  arm(state: State, fault: string, armed: boolean): State;
  /** Somebody else works in the console: "stop", "start", "reinstall", "delete". */
  console(state: State, server: string, what: "stop" | "start" | "reinstall" | "delete", now: number): State;
  /** Every password now on a server, by server id: for tests that search for leaks and for the panel's "what was set" check. */
  passwords(state: State): Readonly<Record<string, string>>;
}

/** The credentials that every simulated cloud accepts; others are refused as the provider refuses them. */
export const simCredentials = {
  id: "AKIDPLAYGROUND0000000000000000000000",
  secret: "playground-secret-key-0000000000",
} as const;
