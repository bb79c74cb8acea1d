import { type Problem, problem } from '../errors';
import type { Database, OwnSnapshot } from '../ports';
import type { PlanInput } from './make-plan';
import type { PlannedSource } from './plan';

/** The database whose settings the copy gets: as it is now, or as it was when a snapshot of ours was taken. */
export type Model = Pick<
  Database,
  'name' | 'kind' | 'resourceId' | 'engine' | 'version' | 'class' | 'settings' | 'tags'
> & {
  keptWith?: string;
};

export async function findModel(
  { snapshots, wish }: Pick<PlanInput, 'snapshots' | 'wish'>,
  live: Database | undefined,
  source: PlannedSource,
): Promise<Model | Problem> {
  if (live) return live;
  const own = source.kind === 'snapshot' ? await snapshots.find(source.snapshot) : undefined;
  // A snapshot of somebody else's carries no settings: then the last known ones of the database count.
  const kept = own ?? (await snapshots.ofDatabase(wish.database))[0];
  return kept ? modelOfSnapshot(kept) : problem('settings-unknown', { database: wish.database });
}

const modelOfSnapshot = (kept: OwnSnapshot): Model => ({ ...kept, name: kept.database, keptWith: kept.id });
