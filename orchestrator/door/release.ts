import { type Refused, refused } from '../errors';
import type { Rule } from '../policy';
import { judge } from '../policy';
import { approver } from '../rules/approver';
import type { Run } from '../run';
import { subjectOf } from '../wish';
import { type Acting, type Answer, aboutRun } from './acting';
import { change } from './change';
import type { DoorParts } from './parts';

/** Frees the database's lock after a person has put right what an undo could not. */
export async function release(parts: DoorParts, input: Acting): Promise<Answer> {
  const released = (run: Run, rule: Rule): Run | Refused => {
    const verdict = judge([approver], aboutRun(run, rule, input));
    if (!verdict.ok) return verdict;
    if (run.status !== 'needs-help' || !run.help) return refused('not-releasable', { run: run.id });
    const at = parts.clock.now();
    return { ...run, status: 'failed', closedAt: at, help: { ...run.help, released: { by: input.by, at } } };
  };
  const after = (run: Run): Promise<void> => parts.runs.freeLock(subjectOf(run.request), run.id);
  return change(parts, input, 'release', released, { after });
}
