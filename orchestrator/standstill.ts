import { type Problem, problem } from './errors';
import { type ApproverLists, matches, mention, mentionApprovers, type Policy } from './policy';
import type { Freeze } from './ports';
import { utc } from './zones';

/** Why nothing may begin or go through a gate, and whether broken glass goes over it. */
export interface Standstill {
  problem: Problem;
  since: number;
  /** The calendar yields to an emergency; an administrator's stop does not. */
  yieldsToGlass: boolean;
  /** When it ends by itself; absent: when a person ends it. */
  until?: number;
}

/** What holds a database up now: an administrator's stop first, then a freeze of policy.yml. */
export function standstill(
  policy: Policy,
  freeze: Freeze | undefined,
  databases: readonly string[],
  now: number,
  breakGlass?: ApproverLists,
): Standstill | undefined {
  if (freeze) return { problem: problem('frozen', freezeValues(freeze)), since: freeze.at, yieldsToGlass: false };
  const found = databases.flatMap((database) =>
    policy.freezes
      .filter((one) => matches(one.databases, database) && one.from <= now && now < one.until)
      .map((one) => ({ ...one, database })),
  );
  const [first] = found.sort((one, other) => other.until - one.until);
  if (first === undefined) return undefined;
  const { name, from: since, until, reason, database } = first;
  const breakers = breakGlass ? mentionApprovers(breakGlass) : '';
  const values = { database, name, until: utc(until), reason: withoutStop(reason), breakers };
  return { problem: problem('frozen-by-calendar', values), since, yieldsToGlass: breakGlass !== undefined, until };
}

export function freezeValues({ by, at, reason }: Freeze): Record<string, string> {
  return { by: mention([by]), at: utc(at), reason: withoutStop(reason) };
}

/** A sentence goes on after it. */
const withoutStop = (text: string): string => text.trim().replace(/[.!]+$/, '');
