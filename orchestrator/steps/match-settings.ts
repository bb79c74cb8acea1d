import { withStandIn } from '../member-names';
import type { Run } from '../run';
import {
  type Change,
  done,
  heldByName,
  newsOf,
  planOf,
  remember,
  resting,
  type Step,
  settingsUntilSwap,
  settledMs,
  soon,
  stop,
  waiting,
  whileLikely,
} from '../step';
import { takesName } from '../wish';

/** Its members get the names of others, which only a member can do that does not write. */
const movesNames = ({ request: { target } }: Run): boolean => takesName(target.kind) || target.kind === 'back';

/** After a change RDS may say `available` with the old values for a while: give it this long before changing again. */
const patienceMs = 60_000;
/** What a database says that waits for a reboot. */
const reboot = 'a reboot';
/** A setting that does not come after so many changes will not come. */
const maxActs = 12;

/** Brings the copy to the original's settings, one change at a time, until nothing differs and the first backup is done. */
export const matchSettings: Step = {
  kind: 'step',
  id: 'match-settings',
  title: 'Bring it to the original’s settings',
  titles: { new: 'Bring it to the source’s settings', onto: 'Give it the target’s settings' },
  limitHours: 24,
  applies: ({ target }) => target !== 'none',
  async look({ run, record, databases, now }) {
    const { copy } = run.facts;
    const wanted = settingsUntilSwap(run);
    if (!copy) throw new Error(`run ${run.id} has no copy`);
    const found = await databases.byResourceId(copy.resourceId);
    if (found === undefined) return stop('copy-gone', { copy: copy.name });
    const later = (note: string | undefined, change?: Change) =>
      whileLikely(waiting(note, [copy.resourceId], change), record.likely, now());
    // What RDS does with a change within seconds is the change that the card names.
    const isChanging = record.likely !== undefined && now() < record.likely.until;

    if (found.readiness === 'failed') return stop('restore-failed', { copy: copy.name, status: found.status });
    if (found.isBackingUp)
      return resting('The copy is taking its first backup, as RDS does after a restore; this can take hours', [
        copy.resourceId,
      ]);
    if (found.readiness !== 'ready')
      return whileLikely(
        resting(isChanging ? undefined : `The copy is ${found.status}`, newsOf(found)),
        record.likely,
        now(),
      );
    const isFresh = record.actedAt !== undefined && now() - record.actedAt < patienceMs;
    const applying = [...found.pending, ...found.unsettled];
    if (isFresh && applying.length > 0 && !found.unsettled.includes(reboot))
      return later(`Applying ${applying.join(', ')}`);

    const differences = databases
      .compare(wanted, found)
      .filter((row) => row.verdict === 'different' && !heldByName.has(row.setting));
    if (isFresh && differences.length > 0)
      return later(`Waiting for ${differences.map((row) => row.title).join(', ')}`);
    const isStuck = differences.length > 0 || found.unsettled.includes(reboot);
    if (isStuck && (record.acts ?? 0) >= maxActs)
      return stop('settings-differ', {
        differences: [...differences.map((row) => row.title), ...found.unsettled].join(', '),
      });
    const result = await databases.converge(found, movesNames(run) ? withStandIn(wanted) : wanted);
    if (result !== 'equal') {
      const likely = result.isLong ? undefined : soon(now());
      const acted = remember('match-settings', { actedAt: now(), acts: (record.acts ?? 0) + 1, likely });
      const note = `Applying ${result.changing.join(', ')}`;
      return whileLikely(waiting(note, [copy.resourceId], acted), likely, now());
    }
    if (found.unsettled.length > 0) return later(`Waiting for ${found.unsettled.join(', ')}`);
    const isSettled = record.actedAt === undefined || now() - record.actedAt >= settledMs;
    if (!isSettled) return later(isChanging ? undefined : 'Making sure that the settings hold');
    return done(`${planOf(run).settingCount} settings matched`);
  },
};
