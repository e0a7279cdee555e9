/** The only place that says what an order may be that leaves the bot. */
import type { Attempt, Started } from "../src/request.ts";
import type { CloudWorld } from "./clouds.ts";
import { secretForms } from "./leaks.ts";
import { groups } from "./slack.ts";
import type { Wanted } from "./wanted.ts";
import type { World } from "./world.ts";

/** After this an order that was saved is not sent any more: too much may have changed. */
const leavesWithinMs = 60_000;

/** How long a reading that an order is based on may lag behind the truth. */
const staleMs = 90_000;

/** Whether an order that leaves is stored, approved, and of the server as it was approved. */
export function covered(
  world: World,
  cloud: CloudWorld,
  request: Started,
  attempt: Attempt,
  wanted: Wanted,
  body: string,
): void {
  const step = attempt.steps.find(({ id }) => id === "reinstall");
  if (!world.clockWasWrong && world.time.now - (step?.signedAt ?? 0) > leavesWithinMs) {
    world.broken("a reinstall leaves long after it was saved");
  }
  if (step?.state !== "acting") world.broken(`a reinstall is sent while the stored step is ${step?.state}`);
  const first = request.approvals[0];
  const approvers = groups["S0APPROVERS"] ?? [];
  if (first === undefined || first.by.user === request.askedBy.user || !approvers.includes(first.by.user)) {
    world.broken("a reinstall is sent without the approval of another person who may give it");
  }
  const { login, diskGb, backup } = request.order;
  if (!asksFor(world, login, wanted, body)) world.broken("a reinstall with another login is sent");
  if (wanted.sizeGb !== (diskGb ?? null)) world.broken("a reinstall with another size of the system disk is sent");
  const truth = cloud.truth(request.order.server.id);
  if (truth === null) return;
  const made = madeBy(request);
  const wiped = cloud.sent.some((one) => one.request === request.id && one.fate === "taken");
  const isSaved = made.some((image) => cloud.sim.isUsable(cloud.state, image, world.time.now));
  if (backup?.kind === "image" && !wiped && !isSaved)
    world.broken("a reinstall is sent before the image that is to be made first can be used");
  if (!meant(request).includes(wanted.image ?? truth.image)) world.broken("a reinstall with another image is sent");
  const sealed = (request.attempts.at(-2)?.last ?? request.drawn).systemDisk?.id ?? "";
  const swapped = cloud.swapped.get(request.order.server.id) ?? Number.POSITIVE_INFINITY;
  if (world.time.now - swapped > staleMs && sealed !== truth.disk) {
    world.broken("a system disk is wiped that is not the approved one");
  }
}

function asksFor(world: World, login: Started["order"]["login"], wanted: Wanted, body: string): boolean {
  const passwords = secretForms(body);
  const isPassword = login.kind === "typed" || login.kind === "generated";
  if (wanted.login !== (isPassword ? "password" : login.kind)) return false;
  if (!isPassword) return passwords.length === 0 && (login.kind !== "key-pair" || wanted.keyPair === login.id);
  const typed = passwords.includes(world.canary);
  return passwords.length > 0 && typed === (login.kind === "typed");
}

/** Some order is written down as about to be sent, and has not left. */
export function isOrderSaved(world: World): boolean {
  const sent = world.clouds.flatMap((cloud) => cloud.sent);
  return [...world.durable.hot.values()].some((stored) => {
    if (stored.status !== "running") return false;
    const { id, attempts } = stored.whole() as Started;
    const last = attempts.at(-1);
    const isActing = last?.steps.some((step) => step.id === "reinstall" && step.state === "acting") === true;
    return isActing && !sent.some(({ request, attempt }) => request === id && attempt === last?.n);
  });
}

/** The images that this request had made. */
function madeBy({ attempts }: Started): readonly string[] {
  const steps = attempts.flatMap((attempt) =>
    attempt.steps.filter(({ id, state }) => id === "backup" && state === "done"),
  );
  return steps.flatMap(({ receipt }) => receipt?.facts?.["image"] ?? []);
}

/** The images that this order may install: the approved one, or one made of the server in the same request. */
export function meant(request: Started): readonly string[] {
  const { id } = request.order.image;
  return id === "made-now" ? madeBy(request) : [id];
}
