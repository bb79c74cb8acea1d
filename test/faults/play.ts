import type { Fault } from '../../infra/local/faults';
import type { CallRecord } from '../../infra/local/service';
import { Drive, type DriveOptions } from '../stories/drive';
import { brief } from './brief';
import { type Case, isPassing } from './cases';
import { check, type Verdict } from './checker';
import { keepJournal } from './journal';
import { database, stories } from './stories';

export interface Played extends Verdict {
  run: string;
  calls: (CallRecord & { site: string })[];
  /** Whether every armed fault was met. */
  met: boolean;
}

/** A run that has not ended after this long never will: a step that waits for RDS waits 72 hours at most. */
const longHours = 120;
/** Cards may be a few minutes behind when Slack fails: the watcher drives them again once a minute. */
const settleSeconds = 200;

export interface Playing {
  /** How long it is waited for the run's end. */
  hours?: number;
  options?: DriveOptions;
  watch?: (drive: Drive) => void;
}

/** One whole run with these faults, judged when nothing more can happen. */
export async function play(
  name: string,
  faults: Fault[],
  { hours = longHours, options = {}, watch }: Playing = {},
): Promise<Played> {
  const story = stories.find((one) => one.name === name);
  if (story === undefined)
    throw new Error(`there is no story ${name}; there are ${stories.map((one) => one.name).join(', ')}`);
  const drive = await Drive.start({ ...brief(), ...options });
  const calls: Played['calls'] = [];
  try {
    drive.sandbox.onCall((call) => calls.push({ ...call, site: siteOf(drive, call) }));
    const journal = keepJournal(drive, database);
    drive.arm(...faults);
    watch?.(drive);
    const run = await story.play(drive, journal);
    const record = () => drive.sandbox.runs.get(run);
    await drive.sandbox.clock.runUntil(
      () => record()?.closedAt !== undefined || record()?.status === 'needs-help',
      hours * 3_600_000,
    );
    await drive.settle(settleSeconds);
    const met = drive.sandbox.faults.list().length === 0;
    return { ...check(drive, run, journal, database), run, calls, met };
  } finally {
    await drive.close();
  }
}

/** What is wrong with the end of a case; empty when everything holds. */
export async function judge({ story: name, faults }: Case, playing: Playing = {}): Promise<string[]> {
  const story = stories.find((one) => one.name === name);
  const { end, changed, broken } = await play(name, faults, playing);
  // After a fault that passes every run ends as people asked; after any other it may end otherwise, never badly.
  if (story === undefined || !faults.every(isPassing)) return broken;
  if (end !== story.end) broken.push(`it ends as ${end ?? 'nothing'}, not as ${story.end}`);
  if (changed.join() !== story.changes.join()) broken.push(`it leaves ${changed.join(', ') || 'nothing'}`);
  return broken;
}

/** Where in the run a call is made, and of what kind it is: calls of one site differ in nothing but the time. */
function siteOf(drive: Drive, { service, operation, body }: CallRecord): string {
  const [run] = [...drive.sandbox.runs.values()];
  const where = run ? `${run.at?.step ?? run.status}/${run.at?.phase ?? ''}/${run.stop ? 'stop' : ''}` : 'before';
  const key = /"pk":\{"S":"(\w+)/.exec(body)?.[1] ?? '';
  const expression = /"UpdateExpression":"([^"]*)"/.exec(body)?.[1] ?? /"IndexName":"([^"]*)"/.exec(body)?.[1] ?? '';
  const form = service === 'rds' ? [...new URLSearchParams(body).keys()].join() : '';
  return [service, operation, key, expression, form, where].join(' ');
}
