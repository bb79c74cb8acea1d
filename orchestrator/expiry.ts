import type { StepRecord } from './run';
import type { Standstill } from './standstill';
import { type Change, remember } from './step';

export interface Expiry {
  isOver: boolean;
  /** When it will be over; nobody knows while nobody may decide. */
  until: number | undefined;
  /** Notes in the record of the gate how long nobody could decide. */
  change: Change;
}

/**
 * How long people still have. The clock of a gate stands still while nobody may open it: a decision that a freeze
 * forbids is nobody's delay. How long it stood is known to the minutes between two looks, in favour of people.
 */
export function expiryOf(
  { id, record }: { id: string; record: StepRecord },
  { from, lastsMs }: { from: number; lastsMs: number },
  frozen: Standstill | undefined,
  now: number,
): Expiry {
  const { frozenSince, frozenMs = 0 } = record;
  if (frozen) {
    const since = frozenSince ?? Math.max(frozen.since, from);
    const change = since === frozenSince ? unchanged : remember(id, { frozenSince: since });
    return { isOver: since - from - frozenMs >= lastsMs, until: undefined, change };
  }
  const stoodMs = frozenMs + (frozenSince === undefined ? 0 : now - frozenSince);
  const until = from + lastsMs + stoodMs;
  const change = frozenSince === undefined ? unchanged : remember(id, { frozenSince: undefined, frozenMs: stoodMs });
  return { isOver: now >= until, until, change };
}

const unchanged: Change = (run) => run;
