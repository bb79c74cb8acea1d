import { createHash } from 'node:crypto';
import type { Plan } from './plan';

/** Letters and digits that cannot be taken for one another when spoken or read: no i, l, o, u, 0, 1. */
const alphabet = '23456789abcdefghjkmnpqrstvwxyz';

/** A run's id, the same for the same key: a form that is sent twice makes one run. `r` and seven characters. */
export function runIdFor(key: string): string {
  const bytes = createHash('sha256').update(key).digest().subarray(0, 7);
  return `r${Array.from(bytes, (byte) => alphabet.charAt(byte % alphabet.length)).join('')}`;
}

export const runIdPattern = /^r[2-9a-hjkmnp-tv-z]{7}$/;

/**
 * Every name a run gives derives from its id, so that doing a step twice meets the same name again.
 * RDS: identifiers have at most 63 characters, no double and no trailing hyphen (CreateDBInstance).
 */
export function namesFor(database: string, runId: string): Plan['names'] {
  return {
    copy: cut(database, `-trapheus-${runId}`),
    aside: cut(database, `-old-${runId}`),
    safetySnapshot: cut(database, `-safety-trapheus-${runId}`),
    finalSnapshot: cut(database, `-final-trapheus-${runId}`),
    copySnapshot: cut(database, `-copy-trapheus-${runId}`),
  };
}

/** Whether a database's name has a form that only this run gives: the second half of "is it ours to delete". */
export function isOwnName(name: string, runId: string): boolean {
  return name.endsWith(`-trapheus-${runId}`) || name.endsWith(`-old-${runId}`);
}

/**
 * A snapshot that a run kept of what it was about to replace or remove. "Newest" never means one of these: it would
 * bring back the very state that people wanted to get away from.
 */
export function isKeepsake(snapshot: string): boolean {
  return /-(safety|final|copy)-trapheus-r[2-9a-hjkmnp-tv-z]{7}$/.test(snapshot);
}

/** The tag on a run's temporary databases, and on nothing else. */
export const runTag = 'trapheus:run';

function cut(database: string, suffix: string): string {
  const head = database.slice(0, 63 - suffix.length).replace(/-+$/, '');
  return head + suffix;
}
