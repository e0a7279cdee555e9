/** The only place that says what a step's runner is given. */
import type { Cloud, Server } from "../clouds/cloud.ts";
import type { Attempt, Of, Step, StepId } from "../request.ts";
import type { FlowTools } from "./tools.ts";

export interface Turn {
  tools: FlowTools;
  request: Of<"running">;
  cloud: Cloud;
  attempt: Attempt;
  step: Step;
  id: StepId;
  /** Read in this very turn. */
  server: Server;
  now: number;
  /** On the monotonic clock, when `now` was read and the server not yet. */
  beganAt: number;
}
