/** The only place that says which test files begin first, so that no worker is left alone with a long one at the end. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Longest first, by the beginning of the path below `test`; what is not named follows, the largest file first. */
const long = [
  "simulate",
  "kill/storm",
  "bench",
  "kill/steps",
  "kill/sigterm",
  "kill/",
  "page-",
  "stories/",
  "rules/",
  "http-",
  "check",
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const below = moduleId.slice(moduleId.lastIndexOf("/test/") + "/test/".length);
  const at = long.findIndex((start) => below.startsWith(start));
  return at === -1 ? long.length : at;
}
