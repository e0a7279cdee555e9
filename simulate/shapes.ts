/** The only place that lists the shapes a flow can take, each to be cut off at every single call it makes. */
import { cases } from "../test/setup/cases.ts";
import { type FlowPlan, type Login, loginsOf, type Plan } from "./plan.ts";

interface Shape {
  name: string;
  flow?: Partial<FlowPlan>;
  once?: Plan["once"];
  stopFirst?: boolean;
}

const shapes: readonly Shape[] = [
  { name: "it goes well" },
  { name: "it goes well with another image and a generated password", flow: { image: "other", login: "generated" } },
  { name: "it goes well with a typed password", flow: { login: "typed" } },
  { name: "it is denied", flow: { decides: "deny", login: "typed" } },
  { name: "nobody decides", flow: { decides: "nobody", login: "typed" } },
  { name: "it is withdrawn", flow: { decides: "withdraw" } },
  { name: "an image is made first", flow: { backup: "image" } },
  { name: "it fails and is retried", once: ["reinstall fails"] },
  { name: "it is refused and retried", once: ["order refused"] },
  { name: "it is refused and abandoned", flow: { afterFailure: "abandon" }, once: ["order refused"] },
  { name: "its answer is lost", once: ["answer lost"] },
  { name: "it never arrives", once: ["order never arrives"] },
  { name: "it is throttled", once: ["cloud throttled"] },
  { name: "the server is stopped first", stopFirst: true, flow: { image: "other" } },
  { name: "the server is stopped first and put back", stopFirst: true, once: ["order refused"] },
  {
    name: "the server is stopped first and cannot be put back",
    stopFirst: true,
    once: ["order refused", "start refused"],
  },
  { name: "the server is stopped first and it is cancelled", stopFirst: true, flow: { cancels: true } },
];

export interface ShapeOf {
  name: string;
  plan: Plan;
}

/** Every shape on every cloud that offers the login it needs. */
export function allShapes(): readonly ShapeOf[] {
  return cases.flatMap((of, cloud) =>
    shapes
      .filter(({ flow, stopFirst }) => offers(cloud, flow?.login) && (stopFirst !== true || !("never" in of.stopping)))
      .map((shape, at) => ({
        name: `${of.title}: ${shape.name}`,
        plan: planFor(shape, cloud, 1000 * (cloud + 1) + at),
      })),
  );
}

function offers(cloud: number, login: Login | undefined): boolean {
  return login === undefined || loginsOf(cloud).includes(login);
}

function planFor({ flow, once, stopFirst }: Shape, cloud: number, seed: number): Plan {
  const usual: FlowPlan = {
    n: 0,
    cloud,
    server: 0,
    image: "same",
    login: "key-pair",
    backup: "none",
    requester: "engineer",
    asksAfterMs: 1000,
    decides: "approve",
    cancels: false,
    afterFailure: "retry",
    errs: false,
  };
  return {
    seed,
    flows: [{ ...usual, ...flow }],
    rates: {},
    timed: [],
    ...(once === undefined ? {} : { once }),
    faultsUntilMs: 0,
    pollMs: 60_000,
    stopFirst: stopFirst ?? false,
    slow: 0,
    approvalMs: 10 * 60_000,
  };
}
