import type { Problem } from '../errors';
import { ruleForWish } from '../plan/rule';
import type { Rule } from '../policy';
import type { Run } from '../run';
import { standstill } from '../standstill';
import { subjectOf, Target, type Wish } from '../wish';
import type { Reviewed } from './check';
import { lockHeld, lockRefusal } from './lock';
import type { DoorParts } from './parts';

/** What stands in the way of a request; whether broken glass goes over it, and which waiting run would give way. */
export interface HeldUp {
  problem: Problem;
  yieldsToGlass: boolean;
  voidable?: Run;
}

/** What stands in the way of a request for now: a freeze, or another run's lock. */
export async function heldUp(
  parts: DoorParts,
  wish: Pick<Wish, 'database' | 'target'>,
  rule: Rule,
  asksName = false,
): Promise<HeldUp | undefined> {
  const { freezes, policy, clock } = parts;
  const subject = subjectOf(wish);
  const touched = [...new Set([subject, wish.database])];
  const [freeze, lock] = await Promise.all([freezes.current(), asksName ? undefined : lockHeld(parts, subject)]);
  const frozen = standstill(policy, freeze, touched, clock.now(), rule.breakGlass);
  if (frozen && !frozen.yieldsToGlass) return frozen;
  if (lock === undefined) return frozen;
  const { problem: why } = lockRefusal(lock);
  // Only a request that still waits gives way; whatever has begun goes on.
  return lock.state === 'reserved'
    ? { problem: why, yieldsToGlass: rule.breakGlass !== undefined, voidable: lock.holder }
    : { problem: why, yieldsToGlass: false };
}

/** The same for the words as typed, before anybody knows what comes of them. */
export async function heldUpAsTyped(parts: DoorParts, typed: Wish): Promise<HeldUp | undefined> {
  const rule = Target.safeParse(typed.target).success ? ruleForWish(parts.policy, typed) : undefined;
  return rule && heldUp(parts, typed, rule);
}

/** What was found for the words as typed counts where they are what is meant; else it is asked anew. */
export async function heldUpNow(
  parts: DoorParts,
  typed: Wish,
  { wish, rule }: Pick<Reviewed, 'wish' | 'rule'>,
  held: HeldUp | undefined,
) {
  const isAsTyped = wish.database === typed.database && wish.target.kind === typed.target.kind;
  return isAsTyped ? held : heldUp(parts, wish, rule);
}
