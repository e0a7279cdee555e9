/** The only place that says what commands are handed. */
import type { Cloud, Traits } from "../clouds/cloud.ts";
import type { FlowTools } from "../flows/tools.ts";
import type { Inventory } from "../inventory.ts";
import type { Named } from "../people.ts";
import type { Request } from "../request.ts";
import type { Slack } from "../seams.ts";
import type { Redraw } from "./redraw.ts";

export interface Rule {
  name: string;
  requesters: Named;
  approvers: Named;
  approvalMs: number;
}

export interface CommandTools extends FlowTools {
  slack: Slack;
  redraw: Redraw;
  rule: Rule;
  inventory: Inventory;
  /** What a cloud is like, also when its account is no longer in the config. */
  traitsOf(request: Request): Traits;
  /** The account of this name; null when the config does not name it. */
  account(name: string): { cloud: Cloud; site: string; word: string; regions: readonly string[] } | null;
  /** Whether a password may be typed in a form. */
  typedLogins: boolean;
}
