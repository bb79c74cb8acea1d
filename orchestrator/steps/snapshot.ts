import { runTag } from '../names';
import type { Database, Snapshot } from '../ports';
import type { Leftover, Run } from '../run';
import {
  type Change,
  type Context,
  done,
  fact,
  keptWith,
  type Outcome,
  planOf,
  resting,
  type Step,
  stop,
  waiting,
} from '../step';
import { isSetAsideFirst } from '../wish';

/**
 * The snapshots that the plan names, one after the other: the safety snapshot of who loses the name, the fresh one that
 * is restored, or the one that was asked for. Each stays when the run is taken back.
 */
export const snapshot: Step = {
  kind: 'step',
  id: 'snapshot',
  title: 'Take a safety snapshot',
  titles: { new: 'Take a fresh snapshot', none: 'Take the snapshot', onto: 'Take snapshots' },
  limitHours: 24,
  applies: ({ safetySnapshot, source, target }) => safetySnapshot || source === 'now' || target === 'none',
  async look(context) {
    const changes: Change[] = [];
    const known: Change = (run) => changes.reduce((so, change) => change(so), run);
    for (const wanted of planOf(context.run).snapshots) {
      const found = await take(context, wanted);
      if (typeof found !== 'function') return { ...found, change: known };
      changes.push(found);
    }
    const ids = planOf(context.run).snapshots.map((one) => one.id);
    return done(`${ids.join(' and ')} available`, known);
  },
  undo: {
    title: 'Keep what was snapshotted',
    limitHours: 1,
    async look({ run, databases }) {
      const kept: Leftover[] = [];
      for (const { id, purpose } of run.plan?.snapshots ?? []) {
        const taken = await databases.snapshot(id);
        if (taken === undefined || taken.hasFailed) continue;
        const what = purpose === 'safety' ? 'the safety snapshot' : 'the snapshot that was taken';
        kept.push({ what: 'snapshot', name: id, why: `${what}; delete it when you no longer need it` });
      }
      if (kept.length === 0) return done();
      return done(`Kept ${kept.map((one) => one.name).join(' and ')}`, (run) => ({
        ...run,
        leftovers: [...run.leftovers, ...kept.filter((one) => !run.leftovers.some(({ name }) => name === one.name))],
      }));
    },
  },
};

type Wanted = NonNullable<Run['plan']>['snapshots'][number];

/** What is to be written down of one that is available, or what there is to wait for. */
async function take(context: Context, wanted: Wanted): Promise<Change | Outcome> {
  const { run, databases, snapshots, ahead, now } = context;
  const { id, purpose } = wanted;
  const taken = await databases.snapshot(id);
  if (taken?.hasFailed) return stop('snapshot-failed', { snapshot: id, status: taken.status });
  if (taken?.isAvailable) return recorded(wanted, taken);
  if (taken) {
    // In tens: each change is written down and shown. None of it is what the card says anyway.
    const percent = Math.floor((taken.percent ?? 0) / 10) * 10;
    return { ...resting(`Making ${id}`, [taken.arn]), ...(percent > 0 && { percent }) };
  }

  const database = await databases.byResourceId(wanted.resourceId);
  if (database?.name !== nameNow(run, wanted)) return stop('database-gone', { database: wanted.database });
  if (database.readiness !== 'ready')
    return waiting(`Waiting until ${database.name} is available (${database.status})`, [wanted.resourceId]);
  // Written first: what is not written down is never ours to delete.
  const known = { ...database, ...settingsNow(run, wanted), name: wanted.database };
  await snapshots.write(keptWith(id, known, { run: run.id, purpose, at: now() }));
  const making = waiting(`Making ${id}`, [id]);
  ahead(making);
  await databases.takeSnapshot(database, id, { [runTag]: run.id });
  return making;
}

const isAside = ({ plan, facts }: Run, { resourceId }: Wanted): boolean =>
  plan !== undefined && isSetAsideFirst(plan.source) && facts.original?.resourceId === resourceId;

/** Set aside first, it has another name while its snapshot is taken. */
function nameNow(run: Run, wanted: Wanted): string {
  return isAside(run, wanted) ? planOf(run).names.aside : wanted.database;
}

/** What is set aside has lost its members' names and its endpoints: it is kept as it was before. */
function settingsNow(run: Run, wanted: Wanted): Pick<Database, 'settings' | 'tags'> | undefined {
  return isAside(run, wanted) ? run.facts.original : undefined;
}

function recorded({ id, purpose }: Wanted, { createdAt }: Snapshot): Change {
  return purpose === 'safety'
    ? fact({ safetySnapshot: id })
    : fact({ freshSnapshot: { id, createdAt: createdAt ?? 0 } });
}
