import { invalidValue } from './errors';
import type { Query } from './query';

const smallest = 20;
const largest = 100;

/** One page of a list whose order does not depend on the page. Source: MaxRecords and Marker of every Describe call. */
export function page<T>(
  query: Query,
  all: readonly T[],
  keyOf: (each: T) => string,
): { entries: T[]; Marker?: string } {
  const size = query.integer('MaxRecords') ?? largest;
  if (size < smallest || size > largest) {
    throw invalidValue(`Invalid value ${size} for MaxRecords. Must be between ${smallest} and ${largest}.`);
  }
  const marker = query.text('Marker');
  const first = marker === undefined || marker === '' ? 0 : startOf(all, marker, keyOf);
  const entries = all.slice(first, first + size);
  const last = entries.at(-1);
  const isMore = first + size < all.length && last !== undefined;
  return isMore ? { entries, Marker: Buffer.from(keyOf(last)).toString('base64url') } : { entries };
}

/** Behind the entry that the marker names: also when that entry is gone, the page goes on behind its place. */
function startOf<T>(all: readonly T[], marker: string, keyOf: (each: T) => string): number {
  const key = Buffer.from(marker, 'base64url').toString();
  const exact = all.findIndex((each) => keyOf(each) === key);
  if (exact >= 0) return exact + 1;
  const next = all.findIndex((each) => keyOf(each) > key);
  return next < 0 ? all.length : next;
}
