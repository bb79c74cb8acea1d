import { type Problem, type Refused, refused } from '../errors';
import type { Rule } from '../policy';
import { executionName, isClosed, type Run } from '../run';
import { subjectOf } from '../wish';
import { type Acting, type Answer, ruleOf } from './acting';
import { type DoorParts, hasTimeFor } from './parts';

/**
 * A checked change of a run by a person, and a look soon after it; a refusal is written down beside the run. `known`:
 * the record as it was just read; `after`: what the change entails.
 */
export async function change(
  parts: DoorParts,
  acting: Acting,
  what: string,
  decide: (run: Run, rule: Rule) => Run | Refused,
  { known, after }: { known?: Run | undefined; after?: (run: Run) => Promise<void> } = {},
): Promise<Answer> {
  const { runs, policy, clock } = parts;
  const { run: id, by, from } = acting;
  let refusal: Refused | undefined;
  const transition = (now: Run): Run => {
    const rule = ruleOf(policy, now);
    const changed = rule ? decide(now, rule) : refused('no-rule', { database: subjectOf(now.request) });
    refusal = 'ok' in changed ? changed : undefined;
    return 'ok' in changed ? now : changed;
  };
  const run = await runs.update(id, transition, known ?? (await runs.load(id)));
  if (run === undefined) return refused('unknown-run', { run: id });
  if (refusal) {
    const at = clock.now();
    const hash = run.planHash === undefined ? {} : { planHash: run.planHash };
    const detail = `${what}: ${refusal.problem.code}`;
    // Whoever is refused is told so whether or not it could be written down.
    const event = { at, what: 'refused' as const, by, detail, ...hash, ...(from !== undefined && { from }) };
    const written = async (): Promise<void> => runs.refused(id, event, await runs.refusals(id));
    await written().catch(() => undefined);
    return refusal;
  }
  await Promise.all([after?.(run), lookSoon(parts, id)]);
  return { ok: true, run };
}

/** Somebody has changed the run: whoever waits with it sees that now, and not when he looks again by himself. */
export async function lookSoon(parts: DoorParts, id: string): Promise<void> {
  const { runs, ticks, clock } = parts;
  if (!hasTimeFor(parts, 1)) return;
  await Promise.all([
    runs.lookAt(id, clock.now()),
    ticks.send([{ tick: { kind: 'run', run: id, depth: 0 }, delaySeconds: 0 }]),
  ]);
}

export async function startIfReopened(parts: DoorParts, before: Run, run: Run): Promise<void> {
  if (isClosed(before) && hasTimeFor(parts, 1)) await parts.executions.start(executionName(run), run.id);
}

/** Ends a request that waited and has lost its database to a rescue. `waiting`: its record as it was just read. */
export async function voidWaiting(
  parts: DoorParts,
  waiting: Run,
  { why, by }: { why: Problem; by: string },
): Promise<void> {
  const { runs, clock } = parts;
  const voided = (now: Run): Run =>
    now.stop || isClosed(now)
      ? now
      : { ...now, status: 'stopping', stop: { kind: 'cancelled', at: clock.now(), by, problem: why } };
  await runs.update(waiting.id, voided, waiting);
}

/** A closed run that goes on: the next execution of its name is a recovery. */
export function reopened(run: Run): Run {
  if (!isClosed(run)) return run;
  const { closedAt: _, ...rest } = run;
  return { ...rest, recoveries: run.recoveries + 1 };
}
