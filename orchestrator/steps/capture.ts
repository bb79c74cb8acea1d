import { planDifferences, planHash } from '../plan/hash';
import { makePlan } from '../plan/make-plan';
import { pinned } from '../plan/source';
import { isPassing } from '../plan/unfit';
import { countSettings, membersOf, type Settings } from '../settings';
import { type Context, done, fact, planInput, planOf, type Step, stop, waiting } from '../step';
import { takesName } from '../wish';

/** Records what the copy has to become, for good; a database that changed since the approval ends the run untouched. */
export const capture: Step = {
  kind: 'step',
  id: 'capture',
  title: 'Record every setting of the original',
  titles: { new: 'Record every setting', back: 'Read the settings that were kept', none: 'Record every setting' },
  limitHours: 1,
  applies: () => true,
  async look(context) {
    const { run, databases, locks, now } = context;
    const { requester } = run.request;
    const approved = planOf(run);
    const { name: database, kind: target } = approved.target;
    const made = await makePlan(planInput(context, pinned(run.request, approved)));
    if ('code' in made && isPassing(made)) return waiting(made.message);
    if ('code' in made) return { state: 'stop', kind: 'failed', problem: made };
    if (planHash(made) !== run.planHash)
      return stop('changed-since-approval', { database, differences: planDifferences(approved, made).join(', ') });

    const model = await readModel(context);
    if (model === undefined) return stop('database-gone', { database: approved.model.name });
    const original = takesName(target) ? await databases.find(database) : undefined;
    if (takesName(target) && original?.resourceId !== approved.target.resourceId)
      return stop('database-gone', { database });
    const lock = { database, run: run.id, requester: requester.id, state: 'held', at: now() } as const;
    const isOurs = await locks.takeLock(lock);
    if (!isOurs) return stop('lock-lost', { database });
    return done(
      `${countSettings(model.settings)} settings recorded`,
      fact({ model, ...(original && { original: identity(original) }) }),
    );
  },
};

type Model = NonNullable<Context['run']['facts']['model']>;

/** The settings as they are now, or as they were kept; those that only fit another version are RDS's to choose. */
async function readModel({ run, databases, snapshots }: Context): Promise<Model | undefined> {
  const { model, unfitSettings } = planOf(run);
  const found = model.keptWith ? await snapshots.find(model.keptWith) : await databases.find(model.name);
  if (found?.resourceId !== model.resourceId) return undefined;
  return { name: model.name, settings: without(unfitSettings, found.settings), tags: found.tags };
}

/** Members have groups of their own, under the same keys. */
function without(keys: string[], settings: Settings): Settings {
  if (keys.length === 0) return settings;
  const left = Object.fromEntries(keys.filter((key) => key in settings).map((key) => [key, null]));
  const members = Object.entries(membersOf(settings)).map(([name, member]) => [name, without(keys, member)]);
  return { ...settings, ...left, ...(members.length > 0 && { members: Object.fromEntries(members) as Settings }) };
}

type Original = NonNullable<Context['run']['facts']['original']>;

const identity = ({ name, resourceId, arn, settings, tags }: Original): Original => ({
  name,
  resourceId,
  arn,
  settings,
  tags,
});
