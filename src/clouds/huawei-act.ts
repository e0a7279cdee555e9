/** The only place that puts an order to ECS into words: stop, start, reinstallos and changeos. */

import type { Secret } from "../secret.ts";
import type { Act, Answer, Order, Server } from "./cloud.ts";
import { answerOf } from "./huawei-answers.ts";
import type { Ecs } from "./huawei-call.ts";
import { projectOf } from "./huawei-call.ts";
import { keyPairRefused } from "./huawei-login.ts";
import { sites } from "./huawei-sites.ts";
import { percentEncoded } from "./wire-id.ts";

export async function sendTo(ecs: Ecs, act: Act, server: Server, at: number): Promise<Answer> {
  const { region, id } = server.ref;
  const jobPath = `/v1/${projectOf(ecs.account, region)}/jobs/{job}`;
  if (act.kind === "converge") {
    const servers = [{ id }];
    const body =
      act.act === "stop" ? { "os-stop": { type: act.hard ? "HARD" : "SOFT", servers } } : { "os-start": { servers } };
    return answerOf(ecs.act({ service: "ecs", region, path: "/v1/{project}/cloudservers/action" }, body, at), jobPath);
  }
  const login = loginOf(ecs, act.order, server, act.secret);
  if ("refused" in login) return { refused: { code: "login", requestId: "", says: login.refused } };
  const { path, body } = wipeOf(ecs, act.order, server, login.fields);
  return answerOf(ecs.act({ service: "ecs", region, path }, body, at), jobPath);
}

/**
 * The operation follows from the image: the one the server has is put back, another is changed to. Neither has a client token.
 * https://support.huaweicloud.com/eu/api-ecs/ecs_02_0201.html, https://docs.otc.t-systems.com/elastic-cloud-server/api-ref/apis_recommended/status_management/
 */
function wipeOf(ecs: Ecs, order: Order, server: Server, login: Readonly<Record<string, string>>) {
  const isSame = order.image.id === server.image.id;
  // The v2 paths are for images with Cloud-Init, which is every public one.
  const version = ecs.account.noCloudInitImages?.includes(order.image.id) ? "v1" : "v2";
  const mode = sites[ecs.account.site].mode;
  const fields = {
    ...login,
    ...(mode ? { mode } : {}),
    ...(order.licence ? { metadata: { BYOL: String(order.licence === "byol") } } : {}),
  };
  const path = `/${version}/{project}/cloudservers/${percentEncoded(server.ref.id)}/${isSame ? "reinstallos" : "changeos"}`;
  if (isSame) return { path, body: { "os-reinstall": fields } };
  // A prepaid server whose price changes waits for a payment in the console unless this is said.
  const pay = server.facts["chargingMode"] === "1" ? { isAutoPay: "true" } : {};
  return { path, body: { "os-change": { imageid: order.image.id, ...fields, ...pay } } };
}

type LoginFields = { fields: Readonly<Record<string, string>> } | { refused: string };

function loginOf(ecs: Ecs, order: Order, server: Server, secret: Secret | undefined): LoginFields {
  const { account } = ecs;
  const login = order.login;
  if (login.kind === "key-pair") {
    const why = keyPairRefused(account, order.image.id === server.image.id);
    if (why) return { refused: why };
    return { fields: { keyname: login.id, ...(account.userId ? { userid: account.userId } : {}) } };
  }
  const keyPairsOnly = sites[account.site].keyPairsOnly;
  if (keyPairsOnly) return { refused: keyPairsOnly };
  if (!secret) return { refused: "There is no password for this order, and ECS resets the login at every reinstall." };
  return { fields: { adminpass: secret.open() } };
}
