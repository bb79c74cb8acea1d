import { problem, type Refused, refused } from '../errors';
import { mention } from '../policy';
import { canUndo, isClosed, type Run } from '../run';
import { subjectOf, takesName } from '../wish';
import { type Acting, type Answer, ruleOf, stopRefusal } from './acting';
import { change, lookSoon, reopened, startIfReopened, voidWaiting } from './change';
import { takeLockForUndo } from './lock';
import type { DoorParts } from './parts';
import { statusWords } from './status-words';

/** Whether this person may cancel or undo this run, as far as anybody knows before he does. `known`: just read. */
export async function mayStop(parts: DoorParts, input: Acting, known?: Run): Promise<Answer> {
  const run = known ?? (await parts.runs.load(input.run));
  if (run === undefined) return refused('unknown-run', { run: input.run });
  const rule = ruleOf(parts.policy, run);
  if (rule === undefined) return refused('no-rule', { database: subjectOf(run.request) });
  return stopRefusal(run, rule, input) ?? { ok: true, run };
}

/** Stops a run that has not finished; what it made is taken back. */
export async function cancel(parts: DoorParts, input: Acting): Promise<Answer> {
  return change(parts, input, 'cancel', (run, rule) => {
    const refusal = stopRefusal(run, rule, input);
    if (refusal) return refusal;
    const isUnderWay =
      run.finishedAt === undefined && run.stop === undefined && !isClosed(run) && run.status !== 'needs-help';
    if (!isUnderWay) return refused('not-waiting', { run: run.id, status: statusWords(run) });
    const at = parts.clock.now();
    return {
      ...run,
      status: 'stopping',
      stop: { kind: 'cancelled', at, by: input.by, problem: problem('cancelled', { by: mention([input.by]) }) },
    };
  });
}

/** Brings the set-aside original back under its name. */
export async function undo(parts: DoorParts, input: Acting): Promise<Answer> {
  const run = await parts.runs.load(input.run);
  const rule = run && ruleOf(parts.policy, run);
  if (!run) return refused('unknown-run', { run: input.run });
  if (!rule) return refused('no-rule', { database: subjectOf(run.request) });
  const unfit = stopRefusal(run, rule, input) ?? undoRefusal(run);
  if (unfit) return unfit;
  // Beside each other: people wait. Where the name has gone to another database, the lock is given back.
  const [isStillOurs, lock] = await Promise.all([holdsName(parts, run), takeLockForUndo(parts, run)]);
  const giveBack = async (): Promise<void> => {
    if ((await parts.runs.load(run.id))?.stop === undefined) await parts.runs.freeLock(subjectOf(run.request), run.id);
  };
  if (!isStillOurs) {
    if (lock.ok) await giveBack();
    const why = `${subjectOf(run.request)} is another database by now`;
    return refused('too-late-to-undo', { run: run.id, why });
  }
  if (!lock.ok) return lock;
  const by = input.by;
  const decide = (now: Run): Run | Refused => {
    if (!canUndo(now) || now.stop) return refused('not-waiting', { run: now.id, status: statusWords(now) });
    const at = parts.clock.now();
    return {
      ...reopened(now),
      status: 'stopping',
      stop: { kind: 'undone', at, by, problem: problem('undone', { by: mention([by]) }) },
    };
  };
  const { gaveWay } = lock;
  const [answer] = await Promise.all([
    change(parts, input, 'undo', decide, { known: run, after: (now) => startIfReopened(parts, run, now) }),
    gaveWay && voidWaiting(parts, gaveWay, { why: problem('voided', voidedValues(run, by)), by }),
  ]);
  if (!answer.ok) await giveBack();
  if (gaveWay) await lookSoon(parts, gaveWay.id);
  return answer;
}

/** Whether the copy that the run put there still answers under the name. */
async function holdsName(parts: DoorParts, run: Run): Promise<boolean> {
  const id = run.facts.copy?.resourceId;
  const copy = id === undefined ? undefined : await parts.databases.byResourceId(id);
  return copy?.name === subjectOf(run.request);
}

/** Why nothing can be taken back any more, as far as the record tells. */
function undoRefusal(run: Run): Refused | undefined {
  if (!takesName(run.request.target.kind)) return refused('nothing-to-undo', { run: run.id });
  if (run.finishedAt === undefined || run.status !== 'succeeded')
    return refused('not-waiting', { run: run.id, status: statusWords(run) });
  if (!canUndo(run))
    return refused('too-late-to-undo', { run: run.id, why: 'the original is removed, or its removal has begun' });
  return undefined;
}

const voidedValues = (run: Run, by: string) => ({
  run: run.id,
  database: subjectOf(run.request),
  by: mention([by]),
});
