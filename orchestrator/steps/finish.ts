import { interrupted } from '../move-members';
import { runTag } from '../names';
import { keepingMs } from '../plan/rule';
import { settingsFor } from '../policy';
import type { Database } from '../ports';
import type { Comparison, Facts, Run } from '../run';
import { membersOf } from '../settings';
import {
  type Change,
  type Context,
  done,
  modelOf,
  type Outcome,
  planOf,
  remember,
  type Step,
  settledMs,
  stop,
  waiting,
} from '../step';
import { isForGood, takesName } from '../wish';

/** What only the holder of the name can get; then the proof, the measured outage, and the lock is free. */
export const finish: Step = {
  kind: 'step',
  id: 'finish',
  title: 'Finish and report',
  limitHours: 2,
  applies: () => true,
  async look(context) {
    const { run } = context;
    const { kind: target } = planOf(run).target;
    if (run.finishedAt !== undefined) return done();
    if (target === 'none') return end(context, run.facts, `${run.facts.freshSnapshot?.id ?? ''} is available`);
    const proven = await prove(context);
    if ('state' in proven) return proven;
    const equal = proven.report.filter((row) => row.verdict === 'equal').length;
    const answered = interrupted((all) => all.map((one) => ({ from: one.from, to: one.to ?? context.now() })))(
      run,
    ).facts;
    const facts = { ...answered, report: proven.report, ...outageOf(answered) };
    return end(context, facts, `${equal} settings identical`);
  },
  /** Only then: a run that is stopped before takes everything back under its lock. */
  async afterwards({ run, locks }) {
    if (run.finishedAt !== undefined) await locks.freeLock(planOf(run).target.name, run.id);
  },
};

/** Brings the holder of the name to the very end, and compares once more. */
async function prove(context: Context): Promise<{ report: Comparison[] } | Outcome> {
  const { run, record, databases, ahead, now } = context;
  const { original, copy, swap } = run.facts;
  const { name, kind: target } = planOf(run).target;
  const model = modelOf(run);
  const isUnfinished = takesName(target) && (!original || swap?.answeredAt === undefined);
  if (!copy || isUnfinished) throw new Error(`run ${run.id} has not swapped`);
  const watched = [copy.resourceId, ...(original ? [original.resourceId] : [])];
  const later = (note: string) => waiting(note, watched);

  const live = await databases.byResourceId(copy.resourceId);
  if (live === undefined) return stop('database-gone', { database: name });
  if (live.name !== name) return later(`Waiting until ${name} answers`);
  const aside = original && (await databases.byResourceId(original.resourceId));
  if (aside && aside.tags[runTag] !== run.id) {
    await databases.tag(aside, { [runTag]: run.id });
    return later('Marking the original as set aside');
  }
  const isBackedUp = hasItsBackups(run, live);
  // Its first backup goes on for hours and bothers nobody.
  if (live.readiness !== 'ready' && !(isBackedUp && live.isBackingUp)) return later(`${name} is ${live.status}`);
  // A clone is there for a while only: it keeps the tag, without which nobody may remove it.
  if (isForGood(target) && live.tags[runTag] !== undefined) {
    await databases.untag(live, [runTag]);
    return later('Taking the working tag off');
  }
  if (isForGood(target)) {
    const moved = await databases.reattach(live, aside, model.settings, planOf(run).proxies);
    if (moved !== 'equal') return later(`Putting right ${moved.changing.join(', ')}`);
  }
  const isProtected = model.settings.deletionProtection === true;
  const note = 'Switching deletion protection on again';
  if (live.deletionProtection !== isProtected) {
    const protecting = waiting(note, watched, remember('finish', { actedAt: now() }));
    ahead(protecting);
    await databases.protect(live, isProtected);
    return protecting;
  }
  // RDS says `available` for a while before it says that it is modifying.
  if (record.actedAt !== undefined && now() - record.actedAt < settledMs) return later(note);
  if (!isBackedUp) return backUp(context, live, later);
  const compared = databases.compare(model.settings, live);
  const report = isForGood(target) ? compared : compared.map(keptBySource);
  const different = report.filter((row) => row.verdict === 'different');
  if (different.length > 0) return later(`Waiting for ${different.map((row) => row.title).join(', ')}`);
  return { report: report.map((row) => withOriginal(run, row)) };
}

/** A setting that was left to RDS, for another major version, is not in the model; the original had one. */
function withOriginal({ facts, plan }: Run, row: Comparison): Comparison {
  const path = row.setting.split('/');
  const isLeft = row.verdict === 'on-purpose' && plan?.unfitSettings.includes(path.at(-1) ?? '') === true;
  if (!isLeft || facts.original === undefined) return row;
  const { settings } = facts.original;
  const holder = path.length === 1 ? settings : membersOf(settings)[path[1] ?? ''];
  return { ...row, wanted: holder?.[path.at(-1) ?? ''] ?? row.wanted };
}

/** Its backups are as long as they should be: at once, or since they were switched on after the swap. */
function hasItsBackups(run: Run, live: Database): boolean {
  return planOf(run).firstBackup !== 'after' || live.settings.backupRetention === modelOf(run).settings.backupRetention;
}

/** Switches automated backups on. AWS documents an outage for it, so it is timed as one from just before the call. */
async function backUp({ run, databases, save, now }: Context, live: Database, later: (note: string) => Outcome) {
  const note = 'Switching automated backups on, which interrupts it for a moment';
  if (live.pending.length > 0) return later(note);
  const begun = interrupted((all) => (all.some(({ to }) => to === undefined) ? all : [...all, { from: now() }]));
  await save(begun);
  await databases.converge(live, modelOf(run).settings);
  return later(note);
}

/** A clone stands beside its source, which goes on using what only one of them can have. */
function keptBySource(row: Comparison): Comparison {
  if (row.setting !== 'customEndpoints' || row.verdict !== 'different') return row;
  return { ...row, verdict: 'on-purpose', why: 'their names are unique in the Region, and the source keeps them' };
}

/** The swap itself, and what the members' names cost after it. */
function outageOf({ swap }: Facts): Pick<Facts, 'outageSeconds'> {
  if (swap?.answeredAt === undefined) return {};
  const outages = [{ from: swap.startedAt, to: swap.answeredAt }, ...(swap.interruptions ?? [])];
  const outageMs = outages.reduce((sum, { from, to }) => sum + ((to ?? from) - from), 0);
  return { outageSeconds: Math.round(outageMs / 1000) };
}

/** What people asked for is done: the record says so, and what is kept has its end. */
async function end({ run, policy, save, now }: Context, facts: Facts, note: string): Promise<Outcome> {
  const { target, model } = planOf(run);
  const finishedAt = now();
  const { keep, maximum } = keepingMs(run.request.target, settingsFor(policy, model.name));
  const isKept = takesName(target.kind) || target.kind === 'new';
  const hold = !isKept ? {} : { hold: { until: finishedAt + keep, maximum: finishedAt + maximum } };
  // A stop that came in the meantime wins: then the lane goes on under this run's lock.
  const isDone = remember(finish.id, { doneAt: finishedAt, note });
  const change: Change = (run) =>
    run.stop ? run : { ...isDone(run), status: 'succeeded', finishedAt, facts, ...hold };
  const saved = await save(change);
  return saved.finishedAt === undefined ? waiting('Stopping') : done(note);
}
