import type { Retrier } from './definition';

/** Errors that States.ALL does not match (AWS Step Functions: Handling errors, "Error names"). */
const beyondAll = ['States.DataLimitExceeded', 'States.Runtime'];

/** Whether a list of `ErrorEquals` covers an error name. */
export function matches(errorEquals: readonly string[], error: string): boolean {
  return errorEquals.some((expected) => {
    if (expected === error) return true;
    if (expected === 'States.ALL') return !beyondAll.includes(error);
    if (expected === 'States.TaskFailed') return error !== 'States.Timeout' && !beyondAll.includes(error);
    if (expected === 'States.Timeout') return error === 'States.HeartbeatTimeout';
    return false;
  });
}

/** Seconds to wait before retry number `count` (from 1) of this retrier. */
export function delaySeconds(retrier: Retrier, count: number): number {
  const backedOff = retrier.IntervalSeconds * retrier.BackoffRate ** (count - 1);
  return Math.min(backedOff, retrier.MaxDelaySeconds ?? 31_622_400);
}
