/** The only place for what every change of a record has in common: its revision, and the end of its password. */
import type { Request } from "../request.ts";

/** Every change of a record raises its revision. */
export function raise<R extends Request>(request: R): R {
  return { ...request, revision: request.revision + 1 };
}

/** Without the sealed password: for good. */
export function forget<R extends { secret?: unknown }>(request: R): R {
  const { secret: _secret, ...rest } = request;
  return rest as R;
}

/** At an end a typed password goes at once; a generated one that a cloud took may still be opened for its hour. */
export function keepShown<R extends { secret?: { kind: string; showUntil?: number | undefined } | undefined }>(
  request: R,
  now: number,
): R {
  const { secret } = request;
  const stays = secret?.kind === "generated" && (secret.showUntil ?? 0) > now;
  return stays ? request : forget(request);
}
