import type { DatabaseSettings } from '../policy';
import type { Database } from '../ports';
import type { Choice } from './choice';
import type { Plan } from './plan';

type Range = Plan['outageSeconds'];

/** Two renames take one to four minutes by report, and "about 10 minutes" each by the RDS User Guide (Renaming a DB instance). */
const twoRenamesSeconds = { from: 120, to: 1200 };
/** Aurora User Guide, High availability for Aurora: a failover to a reader takes less than a minute, and most often half of one. */
const failoverSeconds = { from: 30, to: 60 };
/** An only member restarts with its rename; a restart takes minutes, as every rename of an instance does. */
const onlyMemberSeconds = { from: 120, to: 240 };
/**
 * A snapshot, a restore and the first backup of the copy: a quarter of an hour for a small database, hours for a large
 * one. AWS gives no figure; restores of small instances by report take ten minutes and more.
 */
const wholeRestoreSeconds = { from: 900, to: 14_400 };

/** How long nobody will answer under the name: what it took here before, or what AWS and others say about its parts. */
export function usualOutage(
  { setAsideFirst }: Choice,
  replaced: Database | undefined,
  { onlyMember }: DatabaseSettings,
  history: Plan['history'],
): Range {
  if (history.outageSeconds) return history.outageSeconds;
  // The copy is made meanwhile: its making is the outage.
  if (setAsideFirst) return history.durationSeconds ?? wholeRestoreSeconds;
  const count = replaced?.members.length ?? 0;
  if (count > 1) return sum(twoRenamesSeconds, failoverSeconds);
  return count === 1 && onlyMember === 'rename' ? sum(twoRenamesSeconds, onlyMemberSeconds) : twoRenamesSeconds;
}

const sum = (one: Range, other: Range): Range => ({ from: one.from + other.from, to: one.to + other.to });
