/** The only place for the faults that are planted on purpose, to see that the simulation finds each. None of them is in the sources. */

export interface Edit {
  file: string;
  /** Must stand in the file exactly once, so that a mutant which no longer bites is noticed. */
  find: string;
  replace: string;
}
export interface Mutant extends Edit {
  name: string;
  /** The seed that found it last, among those that the tests play. */
  seed: number;
  /** What is guarded twice must be broken twice. */
  also?: Edit;
}

export const mutants: readonly Mutant[] = [
  {
    name: "resend after a time-out",
    seed: 3,
    file: "src/flows/reinstall.ts",
    find: `return doubt(turn, "The order was sent and no clear answer came.");`,
    replace: `return notSent(turn, "It is sent again.");`,
  },
  {
    name: "resend after a restart",
    seed: 315,
    file: "src/flows/reinstall.ts",
    find: `      return found(turn);`,
    replace: `      return order(turn);`,
  },
  {
    name: "act before save",
    seed: 3,
    file: "src/flows/reinstall.ts",
    find: `  const expected = expectedFor(tools.store.latest(finishedMax), request);`,
    replace: `  const expected = expectedFor(tools.store.latest(finishedMax), request);
  const early = cloud.send({ kind: "once", act: "reinstall", id: actId(request), order: request.order, ...made.secret }, server, now);
  early.catch(() => undefined);
  const started = tools.clock.mono();`,
  },
  {
    name: "no recheck of the disk",
    seed: 2,
    file: "src/flows/recheck.ts",
    find: `  if (changed.length > 0) {`,
    replace: `  if (changed.length > 99) {`,
  },
  {
    // Compared once after approval, and no more just before the order: a restart may lie between.
    name: "no recheck after a restart",
    seed: 51,
    file: "src/flows/reinstall.ts",
    find: `  const wrong = await mismatch(turn);`,
    replace: `  const wrong = null;`,
  },
  {
    name: "accept a stale good state",
    seed: 168,
    file: "src/flows/reinstall.ts",
    find: `  const look = await lookAt(cloud, request, step, server);`,
    replace: `  const look = server.power === "running" ? ({ is: "done", proof: "receipt" } as Look) : await lookAt(cloud, request, step, server);`,
  },
  {
    name: "adopt a stranger's reinstall",
    seed: 38,
    file: "src/flows/settle.ts",
    find: `  if (look.is === "done" && look.proof !== "state")`,
    replace: `  if (look.is === "unclear") return proved(doubt, { state: "done", endedAt: now, proof: "mark" });
  if (look.is === "done" && look.proof !== "state")`,
  },
  {
    name: "own approval allowed",
    seed: 37,
    file: "src/flows/decide.ts",
    find: `  if (sameUser(request.askedBy, policy.by)) return { refused: "own-request" };`,
    replace: ``,
  },
  {
    name: "count presses instead of people",
    seed: 2,
    file: "src/flows/decide.ts",
    find: `  if (stopped !== null) return stopped;
  const attempt = newAttempt(1,`,
    replace: `  if (stopped !== null && (stopped as { refused: string }).refused !== "own-request") return stopped;
  const presses = [...request.approvals, { by: policy.by, at: policy.now, rule: request.rule }];
  if (presses.length < 2 && stopped !== null) return { next: { ...raise(request), approvals: presses } };
  const attempt = newAttempt(1,`,
  },
  {
    name: "another image than the approved one",
    seed: 2,
    file: "src/flows/decide.ts",
    find: `  return { next: { ...raise(request), status: "running", approvals, attempts: [attempt] } };`,
    replace: `  const order = { ...request.order, image: { ...request.order.image, id: request.drawn.image.id } };
  return { next: { ...raise(request), order, status: "running", approvals, attempts: [attempt] } };`,
  },
  {
    name: "take the server as it is now for the one that was approved",
    seed: 2,
    file: "src/flows/recheck.ts",
    find: `  const wrong = await mismatch(turn);
  if (wrong !== null) return wrong;
  const notices`,
    replace: `  if (differences(sealed(request), server.identity).length > 0) {
    await edit(tools, request, (r) => ({ ...r, drawn: server }) as typeof r);
    return now;
  }
  const notices`,
  },
  {
    name: "erase before the image is ready",
    seed: 5,
    file: "src/flows/backup.ts",
    find: `      return waitOn(turn, made.says);`,
    replace: `      return finish(turn, "done");`,
    also: {
      file: "src/flows/backup.ts",
      find: `  if (wish?.kind !== "image" || wiped) return null;`,
      replace: `  if (wish !== undefined) return null;`,
    },
  },
  {
    name: "forget the size that was approved",
    seed: 14,
    file: "src/clouds/tencent.ts",
    find: `  const SystemDisk = sizeGb === null ? {} : { SystemDisk: { DiskSize: sizeGb } };`,
    replace: `  const SystemDisk = sizeGb === null ? {} : { SystemDisk: { DiskSize: sizeGb + 10 } };`,
  },
  {
    name: "let a step that failed be to do again",
    seed: 4,
    file: "src/flows/end.ts",
    find: `        ? { ...step, state: "failed", endedAt: failure.at }`,
    replace: `        ? { ...step, state: "todo", endedAt: failure.at }`,
  },
  {
    name: "change a request and leave the old one open",
    seed: 18,
    file: "src/commands/submit.ts",
    find: `    const put = replaced === null ? [request] : [replaced, request];`,
    replace: `    const put = [request];`,
    also: {
      file: "src/store-records.ts",
      find: `    if (stands || keys.has(key)) throw`,
      replace: `    if (keys.has(key)) throw`,
    },
  },
  {
    name: "take a denial and store nothing",
    seed: 1,
    file: "src/commands/denial.ts",
    find: `  const refused = await decided(press, { verdict: "deny", why });`,
    replace: `  const refused = request.id < "rj" ? null : await decided(press, { verdict: "deny", why });`,
  },
  {
    name: "let the requester settle what is in doubt",
    seed: 3,
    file: "src/flows/decide.ts",
    find: `  if (sameUser(request.askedBy, policy.by)) return { refused: "not-for-requester" };`,
    replace: ``,
    also: {
      file: "src/flows/decide.ts",
      find: `  if (!policy.mayApprove) return { refused: "not-approver", because: policy.because.approve ?? "not-named" };
  const said_`,
      replace: `  const said_`,
    },
  },
  {
    name: "let anybody abandon",
    seed: 115,
    file: "src/flows/decide.ts",
    find: `  if (!concerned(request, policy)) return notConcerned(request, policy);
  return { next: abandoned(`,
    replace: `  return { next: abandoned(`,
  },
  {
    name: "tell that the cloud accepted before it did",
    seed: 2,
    file: "src/views/replies.ts",
    find: `    receipt === undefined
      ? []`,
    replace: `    attempt.steps.every(({ state }) => state === "todo" || state === "done")
      ? []`,
    also: {
      file: "src/views/replies.ts",
      find: `(request \${code(receipt.id)})`,
      replace: `(request \${code(receipt?.id ?? "")})`,
    },
  },
  {
    name: "take an unclear search for one that found nothing",
    seed: 72,
    file: "src/publish.ts",
    find: `    if (cause instanceof SlackRefused) return null;
    throw cause;`,
    replace: `    return null;`,
  },
  {
    name: "take the form and store nothing",
    seed: 1,
    file: "src/commands/submit.ts",
    find: `    const put = replaced === null ? [request] : [replaced, request];`,
    replace: `    const put = request.id < "rj" ? [] : replaced === null ? [request] : [replaced, request];`,
  },
  {
    name: "acknowledge a press and do nothing",
    seed: 2,
    file: "src/commands/buttons.ts",
    find: `  const policy = await policyOf(tools, by);
  const outcome`,
    replace: `  if (request.id < "rj") return null;
  const policy = await policyOf(tools, by);
  const outcome`,
  },
  {
    name: "say nothing in the thread",
    seed: 2,
    file: "src/views/replies.ts",
    find: `  if (first !== undefined) return [reply("approved", { lines: [\`Approved by \${person(first.by)}.\`] })];`,
    replace: `  if (first !== undefined) return [];`,
  },
  {
    name: "send after a stall, signed anew",
    seed: 3,
    file: "src/flows/reinstall.ts",
    find: `  if (tools.clock.mono() - turn.beganAt > stallMs)`,
    replace: `  if (turn.beganAt < 0)`,
    also: {
      file: "src/flows/reinstall.ts",
      find: `    answer = await cloud.send(act, server, now);`,
      replace: `    answer = await cloud.send(act, server, tools.clock.now());`,
    },
  },
  {
    name: "drop the lock",
    seed: 3,
    file: "src/store.ts",
    find: `    unlock = await options.disk.lock();`,
    replace: `    unlock = async () => {};`,
  },
  {
    name: "ack before durable",
    seed: 2,
    file: "src/commands/buttons.ts",
    find: `  const refused = await decided(press, verdictOf(press));
  await reply();`,
    replace: `  await reply();
  const refused = await decided(press, verdictOf(press));`,
  },
  {
    name: "skip the sync",
    seed: 1,
    file: "src/store-adapter.ts",
    find: `    await disk.append(logName(at.generation), bytes);
    await disk.sync(logName(at.generation));`,
    replace: `    await disk.append(logName(at.generation), bytes);`,
  },
  {
    name: "tell “done” early",
    seed: 42,
    file: "src/flows/reinstall.ts",
    find: `{ state: "waiting", receipt: answer.accepted }`,
    replace: `{ state: "done", proof: "receipt", endedAt: now, receipt: answer.accepted }`,
  },
  {
    name: "leave the server stopped",
    seed: 84,
    file: "src/flows/end.ts",
    find: `  if (how.putBack && mustPutBack(`,
    replace: `  if (!how.putBack && mustPutBack(`,
  },
  {
    name: "take a reading from before the stop for the start that puts back",
    seed: 3029,
    file: "src/flows/power.ts",
    find: `isDoubted && !(await provedToRun(turn))`,
    replace: `isDoubted && server.power !== "running"`,
  },
  {
    name: "forget to shred",
    seed: 3,
    file: "src/store-commit.ts",
    find: `      if (changes.some((entry) => entry.dropsSecret)) putOff(shred, tools.shredAfterMs);`,
    replace: ``,
  },
  {
    name: "post without looking first",
    seed: 8,
    file: "src/publish.ts",
    find: `  if (isIntended && !isUntried) {`,
    replace: `  if (isIntended && !isUntried && key === "") {`,
  },
  {
    name: "take for never sent what may have been",
    seed: 1,
    file: "src/shown.ts",
    find: `      untried.get(id)?.delete(key);
      tell(id, key, { digest: ofNoPicture });`,
    replace: `      tell(id, key, { digest: ofNoPicture });`,
  },
  {
    name: "post before the intent is stored",
    seed: 1,
    file: "src/publish.ts",
    find: `  if (!isUntried) await note(`,
    replace: `  if (post?.gaveUp !== undefined) await note(`,
    also: {
      file: "src/shown.ts",
      find: `    if (missing.length === 0) return request;`,
      replace: `    if (missing.length >= 0) return request;`,
    },
  },
  {
    name: "retry without end",
    seed: 49,
    file: "src/flows/decide.ts",
    find: `  return attempt.failure?.retry === true && sends(request) < sendsMax && attempt.n < sendsMax;`,
    replace: `  return attempt.failure?.retry === true;`,
    also: { file: "src/flows/end.ts", find: `failure.retry && attempt.n < 2`, replace: `failure.retry` },
  },
  {
    name: "conclude “never arrived” too soon",
    seed: 200,
    file: "src/flows/settle.ts",
    find: `  if (now >= over && watched && (`,
    replace: `  if ((`,
  },
  {
    name: "keep the password after a denial",
    seed: 27,
    file: "src/flows/decide.ts",
    find: `  return { next: { ...forget(raise(request)), status: "denied", endedAt: policy.now, endedBy: policy.by, why } };`,
    replace: `  return { next: { ...raise(request), status: "denied", endedAt: policy.now, endedBy: policy.by, why } };`,
  },
  {
    name: "another password than the one that was typed",
    seed: 4,
    file: "src/flows/reinstall.ts",
    find: `      return { secret: { secret: tools.sealer.open(request.secret.sealed, boundTo(request)) } };`,
    replace: `      return { secret: { secret: generate(cloud.choices(server, request.order.image).password ?? ({} as never), tools.random) } };`,
  },
  {
    name: "a password in what is told",
    seed: 3,
    file: "src/flows/reinstall.ts",
    find: `    return doubt(turn, "The order was sent and no clear answer came.");`,
    replace: `    return doubt(turn, "The order was sent and no clear answer came. " + ("secret" in made.secret ? made.secret.secret.open() : ""));`,
  },
];
