import { createHash } from 'node:crypto';
import type { Plan } from './plan/plan';

/** Letters and digits that cannot be taken for one another when spoken or read: no i, l, o, u, 0, 1. */
const alphabet = '23456789abcdefghjkmnpqrstvwxyz';

/** A run's id, the same for the same key: a form that is sent twice makes one run. `r` and seven characters. */
export function runIdFor(key: string): string {
  const bytes = createHash('sha256').update(key).digest().subarray(0, 7);
  return `r${Array.from(bytes, (byte) => alphabet.charAt(byte % alphabet.length)).join('')}`;
}

/** The key of a run that an execution has asked for: AWS takes an execution's name once in 90 days. */
export const executionKey = (execution: string): string => `execution:${execution}`;

export const runIdPattern = /^r[2-9a-hjkmnp-tv-z]{7}$/;

/**
 * Every name a run gives derives from its id, so that doing a step twice meets the same name again.
 * RDS: identifiers have at most 63 characters, no double and no trailing hyphen (CreateDBInstance).
 * `from`: whose data it is, when that is another database's.
 */
export function namesFor(database: string, runId: string, from = database): Plan['names'] {
  return {
    copy: cut(database, `-trapheus-${runId}`),
    aside: cut(database, `-old-${runId}`),
    safetySnapshot: cut(database, `-safety-trapheus-${runId}`),
    finalSnapshot: cut(database, `-final-trapheus-${runId}`),
    copySnapshot: cut(database, `-copy-trapheus-${runId}`),
    freshSnapshot: cut(from, `-snapshot-trapheus-${runId}`),
  };
}

/** The name of the copy that a run makes of a snapshot which another account shares. */
export const sharedCopyName = (database: string, runId: string): string => cut(database, `-shared-trapheus-${runId}`);

const ownEnding = /-(?:trapheus|old)-r[2-9a-hjkmnp-tv-z]{7}$/;

/** Whether some run has given this name to a temporary database or to a part of one. */
export const hasOwnForm = (name: string): boolean => ownEnding.test(name);

/**
 * The name of a cluster's member at a place counted from 1: with the ending of a cluster that a run has named, so that
 * it is known as the run's too; else the way the RDS console counts members.
 */
export function memberName(cluster: string, place: number): string {
  const own = ownEnding.exec(cluster)?.[0] ?? '';
  return cut(cluster.slice(0, cluster.length - own.length), `-${place}${own}`);
}

/** The place of a member that a run has named; undefined for every other name. */
export function memberPlace(name: string): number | undefined {
  const place = /-(\d+)$/.exec(name.replace(ownEnding, ''))?.[1];
  return hasOwnForm(name) && place !== undefined ? Number(place) : undefined;
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
