import { ServiceRefusal } from './errors';
import { type MemberPlan, nextMemberAct } from './member-names';
import type { StepRecord } from './run';
import {
  type Change,
  type Context,
  done,
  likeBefore,
  newsOf,
  type Outcome,
  remember,
  renameSeconds,
  resting,
  settledMs,
  waiting,
  whileLikely,
} from './step';

/** An act on a member that was accepted shows within this time. */
const resendMs = 60_000;

/**
 * One act towards the members' own names. Stretches in which nobody can write are timed, since people feel them: they
 * are recorded before the act, and end when a writer that needs no further move answers. `stage`: who remembers.
 */
export async function moveMembers(context: Context, plan: MemberPlan, stage = 'swap'): Promise<Outcome> {
  const { record, databases, ahead, now } = context;
  const { holder, other } = plan;
  const watching = [holder.resourceId, ...(other ? [other.resourceId] : [])];
  const time = timed(isWritable(plan), now());
  const timedRun = time(context.run);
  const last = timedRun.facts.swap?.interruptions?.at(-1);
  const noticed = last && last.to === undefined && inFlight;
  const all = (change?: Change): Change => (change ? (run) => change(time(run)) : time);
  const later = (note: string, change?: Change): Outcome => ({ ...waiting(note, watching, all(change)), ...noticed });
  const rest = (note: string, of: string[], change?: Change, seconds?: number): Outcome => ({
    ...whileLikely(resting(note, of, all(change), seconds), record.likely, now()),
    ...noticed,
  });

  const act = nextMemberAct(plan);
  if (act.kind === 'done') {
    const isSettled = last?.to === undefined || now() - last.to >= settledMs;
    const settlesIn = (last?.to ?? now()) + settledMs - now();
    return isSettled
      ? done(undefined, time)
      : rest(`${holder.name} has all its members; looking again to be sure`, watching, undefined, settlesIn / 1000);
  }
  if (act.kind === 'wait') {
    const news = newsOf(holder, ...(other ? [other] : []));
    const found = expected(plan, record, now());
    // What was begun is what goes on.
    const isBegun = record.clearedAt !== undefined || plan.arriving.some(({ from, to }) => isOf(record, from, to));
    const outcome = resting(
      isBegun ? undefined : act.note,
      news,
      all(remember(stage, { readyAt: undefined, ...found })),
    );
    return { ...whileLikely(outcome, found.likely ?? record.likely, now()), ...noticed };
  }
  if (act.kind === 'clear') {
    if (other === undefined) return done(undefined, time);
    const note = `Moving ${act.moves.map(({ member }) => member).join(', ')} out of the way`;
    const clearing = later(note, remember(stage, { clearedAt: now(), readyAt: undefined }));
    ahead(clearing);
    for (const { member, to } of act.moves) await accepted(() => databases.renameMember(other, member, to));
    return clearing;
  }
  const actedOn = act.kind === 'rename' ? act.member : act.to;
  const note = act.kind === 'rename' ? `Giving ${act.to} its name` : `Making ${act.to} the writer`;
  const isSent = record.actedOn === actedOn && record.actedAt !== undefined && now() - record.actedAt < resendMs;
  if (isSent) return later(note);
  // A renamed member may say that it is available for a moment before it restarts: believe it when it stays so.
  const interrupts = act.kind === 'fail-over' || act.interrupts;
  const hasActed = plan.arriving.some(({ from, to }) => isOf(record, from, to));
  const readyAt = record.readyAt ?? now();
  const settlesIn = interrupts || hasActed ? readyAt + settledMs - now() : 0;
  if (settlesIn > 0) return rest(note, watching, remember(stage, { readyAt }), settlesIn / 1000);
  const { tookMs } = record;
  const at = now();
  const likely = act.kind === 'rename' && tookMs !== undefined ? likeBefore(at, tookMs) : undefined;
  const acted = remember(stage, { actedAt: at, actedOn, readyAt: undefined, likely });
  const begun = interrupted((all) => [...closed(all), { from: at }]);
  const acting = interrupts ? { ...later(note, (run) => begun(acted(run))), ...inFlight } : later(note, acted);
  if (interrupts) ahead(acting);
  const isTaken = await accepted(() =>
    act.kind === 'rename' ? databases.renameMember(holder, act.member, act.to) : databases.failOver(holder, act.to),
  );
  if (isTaken) return acting;
  if (!interrupts) return later(note);
  // Refused: nobody was interrupted, and nothing was done.
  const { actedAt, actedOn: actedBefore } = record;
  const refused = remember(stage, { actedAt, actedOn: actedBefore, readyAt, likely: record.likely });
  return later(note, (run) => interrupted(closed)(refused(run)));
}

/** A member's rename may take as long as those took that made room for it: then somebody looks as its end comes near. */
function expected({ other, leaving, arriving }: MemberPlan, record: StepRecord, now: number): Partial<StepRecord> {
  const { clearedAt, actedAt, actedOn } = record;
  const isGone = other?.members.every(
    (one) =>
      one.readiness === 'ready' && one.renamingTo === undefined && leaving.every(({ from }) => from !== one.name),
  );
  if (record.tookMs !== undefined || clearedAt === undefined || !isGone) return {};
  const tookMs = now - clearedAt;
  const isOnItsWay = actedAt !== undefined && actedAt >= clearedAt && arriving.some(({ from }) => from === actedOn);
  return { tookMs, ...(isOnItsWay && { likely: likeBefore(actedAt, tookMs) }) };
}

/** The last act was on this one. */
const isOf = ({ actedOn }: StepRecord, ...names: string[]): boolean => actedOn !== undefined && names.includes(actedOn);

const inFlight = { inSeconds: renameSeconds, isNameInFlight: true } as const;

/** Whether RDS took the call; a name that is not free, or not found for a moment, and a database that is busy are no errors here. */
export async function accepted(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof ServiceRefusal && ['taken', 'busy', 'transient', 'missing'].includes(error.reason))
      return false;
    throw error;
  }
}

function isWritable({ holder, arriving }: MemberPlan): boolean {
  const writer = holder.members.find((one) => one.isWriter);
  const isToMove = arriving.some(({ from }) => from === writer?.name);
  return writer?.readiness === 'ready' && writer.renamingTo === undefined && !isToMove;
}

type Interruption = { from: number; to?: number | undefined };

/** A member may say that it is available for a moment before it restarts: then the stretch goes on. */
function timed(isWritable: boolean, now: number): Change {
  return (run) => {
    const last = run.facts.swap?.interruptions?.at(-1);
    if (last === undefined) return run;
    const ends = isWritable && last.to === undefined;
    const goesOn = !isWritable && last.to !== undefined && now - last.to < settledMs;
    if (!ends && !goesOn) return run;
    return interrupted((all) => [...all.slice(0, -1), { from: last.from, ...(ends && { to: now }) }])(run);
  };
}

/** Without the ones that never began: their call was refused. */
function closed(all: Interruption[]): Interruption[] {
  return all.filter((one) => one.to !== undefined);
}

/** A change of the stretches in which nobody could write after the swap; there are none without one. */
export function interrupted(change: (all: Interruption[]) => Interruption[]): Change {
  return (run) => {
    const { swap } = run.facts;
    if (swap === undefined) return run;
    const interruptions = change(swap.interruptions ?? []);
    return { ...run, facts: { ...run.facts, swap: { ...swap, interruptions } } };
  };
}
