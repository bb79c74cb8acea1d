import { problem } from '../../orchestrator/errors';
import { cloneSource, type Filled, freshSource, timeSource } from '../views/restore-form';
import type { Mistake } from './parse';

/** Reads `--snapshot id`, `--snapshot now`, `--snapshot clone` and `--at time`. */
export function readSource(options: { snapshot?: string; at?: string }): Pick<Filled, 'snapshot' | 'at'> | Mistake {
  const { snapshot, at } = options;
  if (snapshot !== undefined && at !== undefined)
    return { mistake: 'Give either --snapshot or --at: the data comes from one of them.' };
  const words: Record<string, string> = { now: freshSource, clone: cloneSource };
  if (at === undefined) return { snapshot: snapshot && (words[snapshot] ?? snapshot) };
  const time = readUtc(at);
  if (time === undefined) {
    const { message, hint } = problem('not-a-time', { text: at });
    return { mistake: `${message} ${hint}` };
  }
  return { snapshot: timeSource, at: time / 1000 };
}

/** `2026-11-22 09:30` in UTC, also with a T between and a Z behind; in milliseconds since the epoch. */
function readUtc(text: string): number | undefined {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?: ?UTC|Z)?$/i.exec(text.trim()) ?? [];
  const at = Date.parse(`${day ?? ''}T${time ?? ''}Z`);
  return Number.isNaN(at) ? undefined : at;
}
