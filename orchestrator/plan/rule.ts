import { type DatabaseSettings, type Policy, type Rule, ruleForAll } from '../policy';
import { subjectOf, type Target, type Wish } from '../wish';

/** The rule for a wish: of every database that it touches. A new name has no database yet, but it may have a rule. */
export function ruleForWish(policy: Policy, wish: Pick<Wish, 'database' | 'target'>): Rule | undefined {
  const subject = subjectOf(wish);
  const isNew = wish.target.kind === 'new';
  return ruleForAll(policy, isNew ? [wish.database] : [wish.database, subject], isNew ? [subject] : []);
}

/** Whose settings count, and so what policy.yml says about keeping things. */
export const modelName = (wish: Pick<Wish, 'database' | 'target'>): string =>
  wish.target.kind === 'onto' ? wish.target.name : wish.database;

/** How long what the run leaves beside the database is kept, and how long at most, in milliseconds. */
export function keepingMs(target: Target, keeping: DatabaseSettings): { keep: number; maximum: number } {
  if (target.kind !== 'new') return { keep: keeping.hold, maximum: keeping.maximumHold };
  return { keep: target.keepMs ?? keeping.timeToLive, maximum: keeping.maximumTimeToLive };
}
