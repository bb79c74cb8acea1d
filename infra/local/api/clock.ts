import * as z from 'zod';
import { isClosed, type Run } from '../../../orchestrator/run';
import type { Sandbox } from '../sandbox';
import { Refusal, readAs } from './http';

/** The page offers up to 600; programs that cannot wait may go further. */
export const fastest = 100_000;
const longestAdvanceSeconds = 90 * 24 * 3600;
/** The watcher acts on a deadline at its next tick, which is at most a minute away; a lost tick costs another. */
const noticedWithinMs = 3 * 60_000;

const Change = z.union([
  z.strictObject({ speed: z.number().min(1).max(fastest) }),
  z.strictObject({ advanceSeconds: z.number().positive().max(longestAdvanceSeconds) }),
  z.strictObject({ skip: z.literal(true) }),
]);
const hint = `Send {"speed": 1 to ${fastest}} (virtual seconds per second), {"advanceSeconds": n} or {"skip": true}.`;

export async function changeClock(sandbox: Sandbox, given: unknown): Promise<object> {
  const change = readAs(Change, given, hint);
  if ('speed' in change) sandbox.setSpeed(change.speed);
  if ('advanceSeconds' in change) await sandbox.clock.advance(change.advanceSeconds * 1000);
  const skipped = 'skip' in change ? await skip(sandbox) : {};
  return { ...skipped, now: sandbox.clock.now(), speed: sandbox.speed(), pace: sandbox.pace() };
}

/** To the soonest moment at which a run goes on by itself although nobody does anything, and until it has gone on. */
async function skip({ clock, runs }: Sandbox): Promise<object> {
  const next = [...runs.values()]
    .filter((run) => !isClosed(run) && (run.until ?? 0) > clock.now())
    .sort((a, b) => (a.until ?? 0) - (b.until ?? 0))[0];
  if (next?.until === undefined)
    throw new Refusal(409, 'nothing waits for a deadline', 'Ask for a restore first, or use {"advanceSeconds": n}.');
  const { until } = next;
  const hasPassed = () => clock.now() >= until && isOtherwise(next, runs.get(next.id));
  await clock.runUntil(hasPassed, until - clock.now() + noticedWithinMs);
  return { skippedTo: { run: next.id, database: next.request.database, step: next.at?.step, until } };
}

function isOtherwise(before: Run, now: Run | undefined): boolean {
  return (
    now === undefined || now.status !== before.status || now.at?.step !== before.at?.step || now.until !== before.until
  );
}
