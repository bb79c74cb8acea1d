import type { Fault } from '../../infra/local/faults';
import type { CallRecord } from '../../infra/local/service';
import { Drive, type DriveOptions } from '../stories/drive';
import { brief, withShortLimits } from './brief';
import { type Case, isPassing } from './cases';
import { check, type Verdict } from './checker';
import { type Journal, keepJournal } from './journal';
import { storyNamed } from './stories';

export interface Played extends Verdict {
  run: string;
  /** Faults that no call has met. */
  missed: Fault[];
  /** How many calls were made before the end was judged. */
  calls: number;
}

/** A run that has not ended after this long never will: by then every step has given up. */
const longHours = 24;
/** Cards may be a few minutes behind when Slack fails: the watcher drives them again once a minute. */
const settleSeconds = 200;

export interface Playing {
  /** How long it is waited for the run's end. */
  hours?: number;
  options?: DriveOptions;
  watch?: (drive: Drive) => void;
  /** Gives the steps all the time that they have in production. */
  isPatient?: boolean;
}

/** A call, and where in the run it is made. */
export type Call = Pick<CallRecord, 'service' | 'operation'> & { site: string };

/** The calls of a story in which nothing fails. */
export async function callsOf(name: string): Promise<Call[]> {
  const calls: Call[] = [];
  const watch = (drive: Drive) =>
    drive.sandbox.onCall((call) => {
      const { service, operation } = call;
      calls[call.nth - 1] = { service, operation, site: siteOf(drive, call) };
    });
  const { broken, calls: made } = await play(name, [], { watch });
  if (broken.length > 0) throw new Error(`nothing fails in ${name}, and yet: ${broken.join('; ')}`);
  return calls.slice(0, made);
}

/** One whole run with these faults, judged when nothing more can happen. */
export function play(name: string, faults: Fault[], playing: Playing = {}): Promise<Played> {
  const work = () => playLong(name, faults, playing);
  return playing.isPatient ? work() : withShortLimits(work);
}

async function playLong(name: string, faults: Fault[], { hours, options = {}, watch }: Playing): Promise<Played> {
  const story = storyNamed(name);
  const drive = await Drive.start({ ...brief(), ...options });
  try {
    const journal = keepJournal(drive, story.subject);
    drive.arm(...faults);
    watch?.(drive);
    const run = await story.play(drive);
    await overWith(drive, run, hours);
    const { faults: armed } = drive.sandbox;
    const [missed, calls] = [missedOf(faults, armed.list()), armed.calls];
    return { ...(await verdict(drive, run, journal)), run, missed, calls };
  } finally {
    await drive.close();
  }
}

/** Of a fault that takes several calls, one is enough: the SDK may have had patience for no more. */
function missedOf(faults: Fault[], left: Fault[]): Fault[] {
  const rest = left.map((one) => JSON.stringify(one));
  return faults.filter((one) => rest.includes(JSON.stringify({ ...one, times: one.times ?? 1 })));
}

/** Until nothing more happens to the run, and its messages have caught up. */
export async function overWith(drive: Drive, run: string, hours = longHours): Promise<void> {
  const record = () => drive.sandbox.runs.get(run);
  await drive.sandbox.clock.runUntil(
    () => record()?.closedAt !== undefined || record()?.status === 'needs-help',
    hours * 3_600_000,
  );
  await drive.settle(settleSeconds);
}

/** What the services say of the end, and of words that nobody knows (I10): those are refused, whatever happened before. */
export async function verdict(drive: Drive, run: string, journal: Journal): Promise<Verdict> {
  const found = check(drive, run, journal);
  drive.sandbox.faults.reset();
  const { effects } = journal;
  const before = { effects: effects.length, runs: drive.sandbox.runs.size };
  const { name } = journal.subject;
  const views = () => drive.sandbox.slack.state().views.map(({ view_id }) => view_id);
  const open = views();
  for (const word of ['restroe', 'db_restore', 'snapshot_only']) await drive.as('ana').command(`${word} ${name}`);
  if (views().some((view) => !open.includes(view))) found.broken.push('I10: a word that nobody knows opens a form');
  if (effects.length > before.effects || drive.sandbox.runs.size > before.runs)
    found.broken.push('I10: a word that nobody knows has begun something');
  return found;
}

/** What is wrong with the end of a case; empty when everything holds. */
export async function judge(one: Case, playing: Playing = {}): Promise<string[]> {
  return (await tried(one, playing)).broken;
}

/** The same, with how it ended and which faults were never met. */
export async function tried({ story: name, faults }: Case, playing: Playing = {}): Promise<Played> {
  const story = storyNamed(name);
  const played = await play(name, faults, playing);
  // After a fault that passes every run ends as people asked; after any other it may end otherwise, never badly.
  if (!faults.every(isPassing)) return played;
  const { end, changed, broken } = played;
  if (end !== story.end) broken.push(`it ends as ${end ?? 'nothing'}, not as ${story.end}`);
  if (changed.join() !== story.changes.join()) broken.push(`it leaves ${changed.join(', ') || 'nothing'}`);
  return played;
}

/**
 * Where in the run a call is made, and of what kind it is: calls of one site differ in nothing but the time. What is
 * asked of RDS, the answers to tokens and the writes of the record differ from step to step; leases, waits, ticks,
 * cards and messages are the same at every step, and differ only with the phase.
 */
function siteOf(drive: Drive, { service, operation, body }: CallRecord): string {
  const [run] = [...drive.sandbox.runs.values()];
  const phase = run ? `${run.at?.phase ?? ''}/${run.stop ? 'stop' : ''}` : 'before';
  const key = /"pk":\{"S":"(\w+)/.exec(body)?.[1] ?? '';
  const expression = /"UpdateExpression":"([^"]*)"/.exec(body)?.[1] ?? /"IndexName":"([^"]*)"/.exec(body)?.[1] ?? '';
  const form = service === 'rds' ? [...new URLSearchParams(body).keys()].join() : '';
  const isOfStep = service === 'rds' || service === 'states' || (operation === 'UpdateItem' && key === 'run');
  const step = isOfStep ? (run?.at?.step ?? run?.status ?? '') : '';
  return [service, operation, key, expression, form, step, phase].join(' ');
}
