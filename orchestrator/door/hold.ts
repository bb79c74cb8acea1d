import { type Refused, refused } from '../errors';
import { keepingMs, modelName } from '../plan/rule';
import type { Rule } from '../policy';
import { settingsFor } from '../policy';
import { canRetryRemoval, isClosed, type Run } from '../run';
import { utc } from '../zones';
import { type Acting, type Answer, stopRefusal } from './acting';
import { change, reopened, startIfReopened } from './change';
import type { DoorParts } from './parts';
import { statusWords } from './status-words';

/** Keeps the set-aside original for another hold time, up to the maximum of policy.yml. */
export async function extend(parts: DoorParts, input: Acting): Promise<Answer> {
  return change(parts, input, 'keep longer', (run, rule) => {
    const refusal = stopRefusal(run, rule, input) ?? notHolding(run);
    if (refusal || !run.hold) return refusal ?? run;
    const keeping = settingsFor(parts.policy, modelName(run.request));
    const until = Math.min(run.hold.maximum, run.hold.until + keepingMs(run.request.target, keeping).keep);
    if (until <= run.hold.until) return refused('hold-at-maximum', { run: run.id, until: utc(run.hold.maximum) });
    const extended = { by: input.by, at: parts.clock.now() };
    return { ...run, hold: { ...run.hold, until, extended }, until };
  });
}

/** Ends the hold: the set-aside original is removed now. */
export async function removeNow(parts: DoorParts, input: Acting): Promise<Answer> {
  return change(parts, input, 'remove now', (run, rule) => {
    const refusal = stopRefusal(run, rule, input) ?? notHolding(run);
    if (refusal || !run.hold) return refusal ?? run;
    return { ...run, hold: { ...run.hold, released: { by: input.by, at: parts.clock.now() } } };
  });
}

/** Tries again to remove what a finished run left behind. */
export async function retryRemoval(parts: DoorParts, input: Acting): Promise<Answer> {
  const known = await parts.runs.load(input.run);
  const retried = (run: Run, rule: Rule): Run | Refused => {
    const refusal = stopRefusal(run, rule, input);
    if (refusal) return refusal;
    if (!canRetryRemoval(run) || !run.hold) return refused('not-waiting', { run: run.id, status: statusWords(run) });
    const released = { by: input.by, at: parts.clock.now() };
    const { remove: _, ...steps } = run.steps;
    const leftovers = run.leftovers.filter((one) => one.what !== 'database');
    return { ...reopened(run), leftovers, steps, hold: { ...run.hold, released } };
  };
  const after = async (now: Run): Promise<void> => known && startIfReopened(parts, known, now);
  return change(parts, input, 'retry removal', retried, { known, after });
}

function notHolding(run: Run): Refused | undefined {
  const isHolding =
    run.hold !== undefined && run.at?.step === 'hold' && !run.hold.released && !run.stop && !isClosed(run);
  return isHolding ? undefined : refused('not-waiting', { run: run.id, status: statusWords(run) });
}
