import { runTag } from '../names';
import { settingsFor } from '../policy';
import { type Change, done, planOf, type Step, stop, waiting } from '../step';

/** What only the holder of the name can get; then the proof, the measured outage, and the lock is free. */
export const finish: Step = {
  kind: 'step',
  id: 'finish',
  title: 'Finish and report',
  limitHours: 2,
  applies: () => true,
  async look({ run, databases, locks, policy, save, now }) {
    const { original, copy, swap } = run.facts;
    const name = planOf(run).target.name;
    if (!original || !copy || swap?.answeredAt === undefined) throw new Error(`run ${run.id} has not swapped`);
    if (run.finishedAt !== undefined) {
      await locks.freeLock(name, run.id);
      return done();
    }
    const later = (note: string) => waiting(note, [copy.resourceId, original.resourceId]);

    const live = await databases.byResourceId(copy.resourceId);
    if (live === undefined) return stop('database-gone', { database: name });
    if (live.name !== name) return later(`Waiting until ${name} answers`);
    const aside = await databases.byResourceId(original.resourceId);
    if (aside && aside.tags[runTag] !== run.id) {
      await databases.tag(aside, { [runTag]: run.id });
      return later('Marking the original as set aside');
    }
    if (live.readiness !== 'ready') return later(`${name} is ${live.status}`);
    if (live.tags[runTag] !== undefined) {
      await databases.untag(live, [runTag]);
      return later('Taking the working tag off');
    }
    const isProtected = original.settings.deletionProtection === true;
    if (live.deletionProtection !== isProtected) {
      await databases.protect(live, isProtected);
      return later('Switching deletion protection on again');
    }
    const report = databases.compare(original.settings, live);
    const different = report.filter((row) => row.verdict === 'different');
    if (different.length > 0) return later(`Waiting for ${different.map((row) => row.title).join(', ')}`);

    const outageSeconds = Math.round((swap.answeredAt - swap.startedAt) / 1000);
    const { hold, maximumHold } = settingsFor(policy, name);
    const finishedAt = now();
    const facts = { ...run.facts, report, outageSeconds };
    const held = { until: finishedAt + hold, maximum: finishedAt + maximumHold };
    // A stop that came in the meantime wins: then the lane goes on under this run's lock.
    const change: Change = (run) => (run.stop ? run : { ...run, status: 'succeeded', finishedAt, facts, hold: held });
    const saved = await save(change);
    if (saved.finishedAt === undefined) return later('Stopping');
    await locks.freeLock(name, run.id);
    return done(`${report.filter((row) => row.verdict === 'equal').length} settings identical`);
  },
};
