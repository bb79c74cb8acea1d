import {
  done,
  fact,
  heldByName,
  newsOf,
  remember,
  resting,
  type Step,
  settingsUntilSwap,
  settledMs,
  stop,
} from '../step';

/** Nothing is renamed before the copy is proven equal and healthy. */
export const verify: Step = {
  kind: 'step',
  id: 'verify',
  title: 'Prove it equal',
  limitHours: 6,
  applies: ({ target }) => target !== 'none',
  async look({ run, record, databases, now }) {
    const { copy } = run.facts;
    if (!copy) throw new Error(`run ${run.id} has no copy`);
    const found = await databases.byResourceId(copy.resourceId);
    if (found === undefined) return stop('copy-gone', { copy: copy.name });
    if (found.readiness === 'failed') return stop('restore-failed', { copy: copy.name, status: found.status });
    const isHealthy = found.readiness === 'ready' && found.pending.length === 0 && found.unsettled.length === 0;
    if (!isHealthy) {
      return resting(`The copy is ${found.status}`, newsOf(found), remember('verify', { readyAt: undefined }));
    }
    // Protection is given to the holder of the name, by `finish`: the copy may still have to be deleted.
    const report = databases.compare(settingsUntilSwap(run), found).filter((row) => !heldByName.has(row.setting));
    const different = report.filter((row) => row.verdict === 'different');
    if (different.length > 0)
      return {
        ...stop('settings-differ', { differences: different.map((row) => row.title).join(', ') }),
        change: fact({ report }),
      };
    const readyAt = record.readyAt ?? now();
    const settlesIn = readyAt + settledMs - now();
    if (settlesIn > 0) {
      const note = 'Equal and healthy; looking again to be sure';
      return resting(note, [copy.resourceId], remember('verify', { readyAt }), settlesIn / 1000);
    }
    const equal = report.filter((row) => row.verdict === 'equal').length;
    // The report that people read is of the holder of the name: `finish` compares once more.
    return done(`${equal} settings identical`, fact({ verifiedAt: now() }));
  },
};
