import { problem } from '../../orchestrator/errors';
import { cloneSource, type Filled, freshSource, timeSource } from '../views/restore-form';
import { readMoment, type Sense } from '../when';
import type { Mistake, Options } from './parse';

/** The options that say whose data it is, as of when, and when to begin. */
export const wishOptions = { values: ['snapshot', 'at', 'start', 'reason'], flags: ['latest'] } as const;

/** `--at 10 min ago` needs no quotes. */
export function momentPhrases(sense: Omit<Sense, 'toward'>): NonNullable<Options['phrases']> {
  return {
    at: (words) => readMoment(words, { ...sense, toward: 'past' }) !== undefined,
    start: (words) => readMoment(words, { ...sense, toward: 'future' }) !== undefined,
  };
}

/** Reads `--snapshot id`, `--snapshot now`, `--snapshot clone`, `--snapshot newest`, `--latest` and `--at time`. */
export function readSource(
  { snapshot, at }: { snapshot?: string; at?: string },
  flags: ReadonlySet<string>,
  sense: Omit<Sense, 'toward'>,
): Pick<Filled, 'snapshot' | 'at'> | Mistake {
  const given = [snapshot, at, flags.has('latest') || undefined].filter((one) => one !== undefined);
  if (given.length > 1)
    return { mistake: 'Give one of --snapshot, --at and --latest: the data comes from one of them.' };
  const words: Record<string, string> = { now: freshSource, clone: cloneSource };
  if (at === undefined && /^(latest|newest)$/i.test(snapshot ?? '')) return {};
  if (at === undefined) return { snapshot: snapshot && (words[snapshot.toLowerCase()] ?? snapshot) };
  const time = readMoment(at, { ...sense, toward: 'past' });
  if (time === undefined) return mistaken('not-a-time', at);
  if (time > sense.now) return { mistake: `“${at}” is still to come: --at is a moment in the past.` };
  return { snapshot: timeSource, at: Math.floor(time / 1000) };
}

/** Reads `--start time`: `now`, `tonight`, `tomorrow 02:00`. */
export function readStart(
  start: string | undefined,
  sense: Omit<Sense, 'toward'>,
): Pick<Filled, 'start' | 'startAt'> | Mistake {
  if (start === undefined || /^now$/i.test(start.trim())) return {};
  if (/^tonight$/i.test(start.trim())) return { start: 'tonight' };
  const time = readMoment(start, { ...sense, toward: 'future' });
  return time === undefined ? mistaken('not-a-start', start) : { start: 'time', startAt: Math.floor(time / 1000) };
}

function mistaken(code: 'not-a-start' | 'not-a-time', text: string): Mistake {
  const { message, hint } = problem(code, { text });
  return { mistake: `${message} ${hint}` };
}
