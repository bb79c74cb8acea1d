import { memberNames } from '../member-names';
import { inFlight, isAnswering, isRenaming, leaveName, settling, whyNotYet } from '../move-aside';
import { accepted } from '../move-members';
import type { Database } from '../ports';
import { type Context, done, type Outcome, planOf, remember, type Step, stop, waiting } from '../step';

/**
 * For those who may lose no write: the original gives up its name before its snapshot is taken, at the price of an
 * outage that lasts until the copy has the name. It has no undo of its own: whoever has to give the name back is read
 * from where both ends are, and that is what the swap's undo does.
 */
export const setAside: Step = {
  kind: 'step',
  id: 'set-aside',
  title: 'Set the original aside first',
  limitHours: 12,
  applies: ({ setAsideFirst }) => setAsideFirst,
  async look(context) {
    const { run, databases, now } = context;
    const { original } = run.facts;
    const { target, names, source } = planOf(run);
    // The one rename that may come before a copy is proven: only for a plan that says so, and that people approved.
    if (source.kind !== 'now' || source.keepsWrites !== true)
      throw new Error(`the plan of run ${run.id} does not set ${target.name} aside first`);
    const found = original && (await databases.byResourceId(original.resourceId));
    if (found === undefined) return stop('database-gone', { database: target.name });
    const watching = [found.resourceId];
    if (found.name === names.aside) return cutOff(context, found);
    if (found.renamingTo === names.aside || isRenaming(found))
      return inFlight({ watching }, `Moving the original to ${names.aside}`);
    if (found.name !== target.name) return stop('database-gone', { database: target.name });
    const busy = whyNotYet([found], now());
    if (busy) return waiting(busy, watching, unsettled);
    return settling(context, 'set-aside', watching) ?? leaveName(context, 'set-aside', found, watching);
  },
};

const unsettled = remember('set-aside', { readyAt: undefined });

/**
 * The name is gone; what else leads to the original goes too, so that no write can reach it any more: its members' own
 * names (a cluster's rename leaves open connections alone, a member's restarts it), custom endpoints, and proxies.
 */
async function cutOff(context: Context, original: Database): Promise<Outcome> {
  const { run, databases } = context;
  const { names, proxies, target } = planOf(run);
  const watching = [original.resourceId];
  const later = (note: string) => waiting(note, watching, unsettled);
  const named = memberNames(run.facts.original?.settings ?? {}, names).filter(({ own }) =>
    original.members.some((member) => member.name === own),
  );
  const movable = named.filter(({ own }) =>
    original.members.some(
      ({ name, readiness, renamingTo }) => name === own && readiness === 'ready' && renamingTo === undefined,
    ),
  );
  for (const { own, aside } of movable) await accepted(() => databases.renameMember(original, own, aside));
  if (named.length > 0) return later(`Moving ${named.map(({ own }) => own).join(', ')} out of reach`);

  const detached = await databases.detach(original, target.name, proxies);
  if (detached !== 'equal') return later(`Taking off ${detached.changing.join(', ')}`);
  if (!isAnswering(original, names.aside) || original.readiness !== 'ready')
    return later(`${original.name} is ${original.status}`);
  return (
    settling(context, 'set-aside', watching) ??
    done(`Set aside as ${names.aside}: no write can reach ${target.name} now`)
  );
}
