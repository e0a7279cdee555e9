/** The only place that says which call of JD Cloud's carries out an act. */
import type { Secret } from "../secret.ts";
import type { Act, Login, Server } from "./cloud.ts";
import type { JdAction } from "./jdcloud-errors.ts";
import { markOf } from "./jdcloud-mark.ts";

export type ActCall = { action: JdAction; body: object } | { missing: string };

export function callOf(act: Act, server: Server, marks: boolean): ActCall {
  if (act.act === "start") return { action: "startInstance", body: {} };
  if (act.act === "stop") return { action: "stopInstance", body: stopBody(server) };
  const login = loginBody(act.order.login, act.secret);
  if ("missing" in login) return login;
  const hostname = marks ? { hostname: markOf(act.id, server, act.order.image.os.family) } : {};
  // The image is named even when it stays: what was approved is what is sent.
  return { action: "rebuildInstance", body: { imageId: act.order.image.id, ...login.fields, ...hostname } };
}

/**
 * A stop without charging gives CPU and memory away, and the server may not start again; there is no forced stop.
 * On a dedicated host JD Cloud refuses any word on charging. https://docs.jdcloud.com/cn/virtual-machines/api/stopinstance
 */
function stopBody(server: Server): object {
  return server.facts["dedicated"] === "yes" ? {} : { chargeOnStopped: "keepCharging" };
}

/** https://docs.jdcloud.com/cn/virtual-machines/api/rebuildinstance */
function loginBody(login: Login, secret: Secret | undefined): { fields: object } | { missing: string } {
  switch (login.kind) {
    case "key-pair":
      return { fields: { keyNames: [login.id], passWordAuth: "no" } };
    case "generated":
    case "typed":
      return secret === undefined
        ? { missing: "The password is no longer kept, so nothing was sent. Ask again." }
        : { fields: { password: secret.open() } };
    default:
      return {
        missing: "JD Cloud asks for a new password at every rebuild, or a key pair on Linux. Nothing was sent.",
      };
  }
}
