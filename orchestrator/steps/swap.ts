import { type MemberNames, memberNames, standIn, writerName } from '../member-names';
import { inFlight, isAnswering, isRenaming, leaveName, resendMs, settling, whyNotYet } from '../move-aside';
import { accepted, moveMembers } from '../move-members';
import { runTag } from '../names';
import { settingsFor } from '../policy';
import type { Database, Databases } from '../ports';
import type { Facts, Run, StepRecord } from '../run';
import {
  type Change,
  type Context,
  done,
  fact,
  likeBefore,
  newsOf,
  type Outcome,
  planOf,
  remember,
  renameSeconds,
  resting,
  type Step,
  settledMs,
  soon,
  stop,
  waiting,
  whileLikely,
} from '../step';
import { isSetAsideFirst, takesName } from '../wish';

/** From the name being free, the copy has this long to be accepted under it … */
const takeMs = 5 * 60_000;
/** … and from the first rename this long in all; then the original takes its name back. */
const swapMs = 15 * 60_000;
/** So often the name is tried although it is not seen to be free; whether RDS frees it before it shows, nobody says. */
const blindTryMs = 9_000;
/** In so many such tries RDS takes one call of each second; more runs try less often. */
const triesAtOnce = 10;
/** A copy that was accepted under the name and does not answer after this long gives it back. */
const settleMs = 30 * 60_000;
/**
 * Two renames: the original moves aside, the copy takes the name. Where things stand is decided from two reads by
 * resource id, never from what was done last time; so forward, back and resuming after a crash are the same reading.
 */
export const swap: Step = {
  kind: 'step',
  id: 'swap',
  title: 'Swap the names',
  limitHours: 24,
  applies: ({ target }) => takesName(target),
  look,
  undo: {
    title: 'Give the original its name back',
    limitHours: 6,
    // It may have been set aside long before the swap.
    isDue: (run) => run.facts.swap !== undefined,
    look: giveBack,
  },
};

interface Ends {
  name: string;
  original: Database;
  copy: Database;
  watching: string[];
}

async function look(context: Context): Promise<Outcome> {
  const ends = await readEnds(context.run, context.databases);
  if ('state' in ends) return ends;
  const { name, original, copy } = ends;
  if (copy.name === name)
    return context.run.facts.swap?.membersFrom === undefined ? settleCopy(context, ends) : handOver(context, ends);
  if (copy.renamingTo === name) return settleCopy(context, ends);
  if (original.name === name && original.renamingTo === undefined && !isRenaming(original))
    return moveAside(context, ends);
  return takeName(context, ends);
}

/** Nothing is renamed before both ends are quiet, unchanged and ours to move. */
async function moveAside(context: Context, ends: Ends): Promise<Outcome> {
  const { run, now } = context;
  const { name, original, copy, watching } = ends;
  if (run.facts.swap?.refusedAt !== undefined) {
    const answeredAt = original.readiness === 'ready' ? (run.facts.swap.answeredAt ?? now()) : undefined;
    if (answeredAt === undefined) return inFlight(ends, `${name} is on its way back`);
    return { ...stop('swap-refused', { database: name }), change: swapFact({ answeredAt }) };
  }

  // Whoever gave it back by hand let people write to it again: those writes are in no snapshot.
  if (isSetAsideFirst(planOf(run).source)) return stop('back-too-early', { database: name });
  const busy = whyNotYet([original, copy], now());
  if (busy) {
    const rest = resting(busy, newsOf(original, copy), remember('swap', { readyAt: undefined }));
    return whileLikely(rest, context.record.likely, now());
  }
  return (
    (await makeStandIn(context, ends)) ??
    settling(context, 'swap', [...watching, ...planOf(run).snapshots.map(({ id }) => id)]) ??
    (await whyNot(context)) ??
    leaveName(context, 'swap', original, watching)
  );
}

/** Whoever stands in for the copy's writer writes before anybody uses it, so that the later failover is the only one. */
async function makeStandIn({ run, databases, now }: Context, { copy, watching }: Ends): Promise<Outcome | undefined> {
  const writer = namesOf(run).find(({ own }) => own === writerName(run.facts.original?.settings ?? {}));
  const heir = standIn(copy, writer?.temporary);
  if (heir === undefined) return undefined;
  await accepted(() => databases.failOver(copy, heir));
  const likely = soon(now());
  const made = remember('swap', { readyAt: undefined, likely });
  return whileLikely(waiting('Making ready to move the members’ names', watching, made), likely, now());
}

/** No copy takes a name before it is proven equal, and before the snapshots that the plan names are there. */
async function whyNot({ run, databases }: Context): Promise<Outcome | undefined> {
  for (const { id } of planOf(run).snapshots) {
    const snapshot = await databases.snapshot(id);
    if (!snapshot?.isAvailable) return stop('snapshot-failed', { snapshot: id, status: snapshot?.status ?? 'gone' });
  }
  if (run.facts.verifiedAt === undefined) throw new Error(`run ${run.id} was never verified`);
  return undefined;
}

/** The original went long ago; the copy takes the name as soon as it is ready, whatever window is near. */
async function arrive(context: Context, ends: Ends): Promise<Outcome | undefined> {
  const { run, locks } = context;
  const { name, copy, watching } = ends;
  if (copy.readiness !== 'ready' || copy.pending.length > 0)
    return waiting(`Waiting until ${copy.name} is available (${copy.status})`, watching);
  const waits = await makeStandIn(context, ends);
  if (waits) return waits;
  const lock = await locks.lockOf(name);
  if (lock?.run !== run.id || lock.state !== 'held') return stop('lock-lost', { database: name });
  return whyNot(context);
}

/** Between the renames nobody answers: try to take the name until it is free, but not for ever. */
async function takeName(context: Context, ends: Ends): Promise<Outcome> {
  const { run, databases, now } = context;
  const { name, original, copy } = ends;
  const { swap } = run.facts;
  const startedAt = swap?.startedAt ?? now();
  if (swap?.refusedAt !== undefined) return takeBack(context, ends);
  // Accepted and not visible yet: sent again, it might begin again.
  const isAccepted = swap?.takenAt !== undefined && now() - swap.takenAt < resendMs;
  if (isAccepted) return inFlight(ends, `${name} is about to answer again`);

  const isFree = original.name !== name;
  const isFirst = isSetAsideFirst(planOf(run).source);
  const notYet = isFirst && swap?.nameFreeAt === undefined ? await arrive(context, ends) : undefined;
  if (notYet) return notYet;
  // Set aside first, it has been free for long: the copy's time begins when it is ready.
  const nameFreeAt = swap?.nameFreeAt ?? (isFree ? now() : undefined);
  const freed = swapFact({ startedAt, ...(nameFreeAt !== undefined && { nameFreeAt }) });
  // While RDS still shows the name with the original it is tried now and then only: each try is a call of everybody's.
  const everyMs = blindTryMs * Math.max(1, Math.ceil(context.crowd / triesAtOnce));
  const sinceMs = (now() - startedAt) % everyMs;
  const isTurn = isFree || isFirst || sinceMs < renameSeconds * 1000;
  // Until RDS shows that the name is free, its rename is what goes on.
  const note = isFree || isFirst ? `Waiting until ${name} is free` : undefined;
  if (!isTurn) return { ...inFlight(ends, note, freed), restSeconds: (everyMs - sinceMs) / 1000 };
  if (await accepted(() => databases.rename(copy, name)))
    return inFlight(ends, `${name} is about to answer again`, (run) =>
      swapFact({ takenAt: now() })(remember('swap', { readyAt: undefined })(freed(run))),
    );

  const begunAt = isFirst ? (nameFreeAt ?? now()) : startedAt;
  const isOver = now() - begunAt > swapMs || (nameFreeAt !== undefined && now() - nameFreeAt > takeMs);
  if (!isOver) {
    const again = inFlight(ends, note, freed);
    return isFree || isFirst ? again : { ...again, restSeconds: (everyMs - sinceMs) / 1000 };
  }
  return inFlight(ends, 'The copy was not accepted in time; the original takes its name back', (run) =>
    swapFact({ refusedAt: now() })(freed(run)),
  );
}

const isQuiet = (one: Database): boolean => one.readiness === 'ready' && one.renamingTo === undefined;

/** The copy has the name: it counts as answering when it has said so twice under its new address. */
async function settleCopy(context: Context, ends: Ends): Promise<Outcome> {
  const { run, record, policy, now } = context;
  const { copy, name } = ends;
  const { swap } = run.facts;
  const known: Change = (run) =>
    swap?.takenAt === undefined ? swapFact({ startedAt: swap?.startedAt ?? now(), takenAt: now() })(run) : run;
  const answers = isAnswering(copy, name);
  if (copy.readiness === 'failed' || copy.readiness === 'resting')
    return { ...stop('copy-failed', { database: name, status: copy.status }), change: known };
  const isOver = swap?.takenAt !== undefined && now() - swap.takenAt > settleMs;
  if (!answers && isOver) return { ...stop('copy-failed', { database: name, status: copy.status }), change: known };
  // The outage is over when RDS is done, however often anybody looks; it may take as long as the original's rename has.
  const takenAt = record.likely === undefined && isQuiet(ends.original) ? swap?.takenAt : undefined;
  const likely = takenAt === undefined ? record.likely : likeBefore(takenAt, now() - (swap?.startedAt ?? takenAt));
  if (!answers)
    return whileLikely(
      resting(`${name} is about to answer again`, newsOf(ends.original, copy), (run) =>
        swapFact({ answeredAt: undefined })(remember('swap', { readyAt: undefined, likely })(known(run))),
      ),
      likely,
      now(),
    );
  const readyAt = swap?.answeredAt === undefined ? now() : (record.readyAt ?? now());
  const answeredAt = swap?.answeredAt ?? now();
  const answered: Change = (run) => swapFact({ answeredAt })(remember('swap', { readyAt })(known(run)));
  const settlesIn = readyAt + settledMs - now();
  if (settlesIn > 0)
    return resting(`${name} answers again; looking again to be sure`, ends.watching, answered, settlesIn / 1000);
  const keepsName = namesOf(run).length === 1 && settingsFor(policy, name).onlyMember === 'keep';
  if (namesOf(run).length === 0 || keepsName) return done(undefined, answered);
  const membersFrom = now();
  const handsOver = (run: Run) => swapFact({ membersFrom })(answered(run));
  context.ahead({ change: handsOver });
  return handOver({ ...context, run: handsOver(run) }, ends);
}

/** The name is the copy's; now its members get theirs, and the original's make room for them. */
async function handOver(context: Context, ends: Ends): Promise<Outcome> {
  const { run } = context;
  const names = namesOf(run);
  return moveMembers(context, {
    holder: ends.copy,
    other: ends.original,
    arriving: names.map(({ own, temporary }) => ({ from: temporary, to: own })),
    leaving: names.map(({ own, aside }) => ({ from: own, to: aside })),
    writer: writerName(run.facts.original?.settings ?? {}),
  });
}

/** Undo, from wherever the swap stands: copy away from the name, original back to it. */
async function giveBack(context: Context): Promise<Outcome> {
  const { run, record, databases, save, now } = context;
  const { original, copy } = run.facts;
  if (run.facts.swap === undefined || !original) return done();
  const plan = planOf(run);
  const name = plan.target.name;
  const back = await databases.byResourceId(original.resourceId);
  const other = copy && (await databases.byResourceId(copy.resourceId));
  if (back === undefined) return stop('database-gone', { database: plan.names.aside });
  const ends: Ends = {
    name,
    original: back,
    copy: other ?? back,
    watching: [back.resourceId, ...(other ? [other.resourceId] : [])],
  };

  if (back.name === name && back.renamingTo === undefined && !isRenaming(back)) {
    if (run.facts.undo?.membersFrom !== undefined) return handBack(context, ends, other);
    if (!isAnswering(back, name))
      return inFlight(ends, `${name} is ${back.status}`, remember('swap', { readyAt: undefined }));
    // The first rename may have been sent a moment ago and not be visible yet.
    const isSettled = now() - run.facts.swap.startedAt >= resendMs;
    const readyAt = record.readyAt ?? now();
    const answered: Change = (run) => undoFact(run, { answeredAt: readyAt })(remember('swap', { readyAt })(run));
    if (!isSettled || now() - readyAt < settledMs)
      return waiting(`${name} answers again; looking again to be sure`, ends.watching, answered);
    if (other && other.name === plan.names.copy && other.tags[runTag] !== run.id) {
      await databases.tag(other, { [runTag]: run.id });
      return waiting('Marking the copy for deletion', ends.watching, answered);
    }
    // On its way back nothing waited for it.
    if (back.tags[runTag] === run.id) {
      await databases.untag(back, [runTag]);
      return waiting('Taking the working tag off', ends.watching, answered);
    }
    if (run.facts.undo === undefined || namesOf(run).length === 0) return handBack(context, ends, other);
    return waiting('Moving the members’ names back', ends.watching, (run) =>
      undoFact(run, { membersFrom: now() })(answered(run)),
    );
  }
  if (back.renamingTo === name || (back.name === name && isRenaming(back)))
    return inFlight(ends, `${name} is about to answer again`);

  if (run.facts.undo === undefined) await save((run) => undoFact(run, { startedAt: now() })(run));
  const isInTheWay = other !== undefined && (other.name === name || other.renamingTo === name);
  if (isInTheWay) {
    // Nobody is sent away before the one who comes is able to.
    if (back.readiness === 'resting' || back.readiness === 'failed')
      return stop('original-not-ready', { name: back.name, status: back.status });
    if (back.readiness !== 'ready')
      return waiting(`Waiting until ${back.name} is available (${back.status})`, ends.watching);
    const writer = namesOf(run).find(({ own }) => own === writerName(original.settings));
    const heir = standIn(back, writer?.aside);
    if (heir !== undefined) {
      await accepted(() => databases.failOver(back, heir));
      return waiting('Making ready to move the members’ names back', ends.watching);
    }
    // It has, or will have, answered under the name: what people wrote to it is kept when it goes.
    if (run.facts.swap.takenAt === undefined) await save(swapFact({ takenAt: now() }));
    const isMoving = isSent(record, other, now()) || other.renamingTo !== undefined || isRenaming(other);
    const isTaken = !isMoving && (await accepted(() => databases.rename(other, plan.names.copy)));
    const note = `Moving the restored copy to ${plan.names.copy}`;
    return inFlight(ends, note, isTaken ? remember('swap', { actedAt: now(), actedOn: other.resourceId }) : undefined);
  }
  const holder = await databases.find(name);
  if (holder && holder.resourceId !== back.resourceId && holder.resourceId !== copy?.resourceId)
    return stop('name-held', { database: name, holder: holder.resourceId });
  if (back.tags[runTag] !== undefined) await accepted(() => databases.untag(back, [runTag]));
  return takeBack(context, ends);
}

/** The name is the original's again: so are its members' names, and what stayed with the copy. */
async function handBack(context: Context, ends: Ends, other: Database | undefined): Promise<Outcome> {
  const { run, databases } = context;
  const { original: back, name, watching } = ends;
  const settings = run.facts.original?.settings ?? {};
  const names = namesOf(run);
  const moved = await moveMembers(context, {
    holder: back,
    other,
    arriving: names.map(({ own, aside }) => ({ from: aside, to: own })),
    leaving: names.map(({ own, temporary }) => ({ from: own, to: temporary })),
    writer: writerName(settings),
  });
  if (moved.state !== 'done') return moved;
  const attached = await databases.reattach(back, other, settings, planOf(run).proxies);
  if (attached !== 'equal') return waiting(`Putting right ${attached.changing.join(', ')}`, watching, moved.change);
  return done(`${name} is the original again`, moved.change);
}

function namesOf(run: Run): MemberNames[] {
  return memberNames(run.facts.original?.settings ?? {}, planOf(run).names);
}

/** The original takes its name, as soon as RDS lets it; an accepted rename gets its time to show. */
async function takeBack({ record, databases, now }: Context, ends: Ends): Promise<Outcome> {
  const { original, name } = ends;
  const note = `Giving the original its name ${name} back`;
  // A rename to the name it has would only reboot it.
  const isOnItsWay = original.name === name || original.renamingTo === name || isRenaming(original);
  if (isOnItsWay || isSent(record, original, now())) return inFlight(ends, note);
  if (!(await accepted(() => databases.rename(original, name)))) return inFlight(ends, note);
  return inFlight(ends, note, remember('swap', { actedAt: now(), actedOn: original.resourceId }));
}

/** Its rename was accepted just now and may not be visible yet: sent again, it might begin again. */
function isSent(record: StepRecord, database: Database, now: number): boolean {
  return record.actedOn === database.resourceId && record.actedAt !== undefined && now - record.actedAt < resendMs;
}

async function readEnds(run: Run, databases: Databases): Promise<Ends | Outcome> {
  const { original, copy } = run.facts;
  if (!original || !copy) throw new Error(`run ${run.id} has no copy`);
  const name = planOf(run).target.name;
  const first = await databases.byResourceId(original.resourceId);
  const second = await databases.byResourceId(copy.resourceId);
  if (first === undefined) return stop('database-gone', { database: name });
  if (second === undefined) return stop('copy-gone', { copy: copy.name });
  return { name, original: first, copy: second, watching: [first.resourceId, second.resourceId] };
}

type Swap = NonNullable<Facts['swap']>;

function swapFact(changes: { [K in keyof Swap]?: Swap[K] | undefined }): Change {
  return (run) => ({ ...run, facts: { ...run.facts, swap: { startedAt: 0, ...run.facts.swap, ...changes } as Swap } });
}

function undoFact(run: Run, changes: { startedAt?: number; answeredAt?: number; membersFrom?: number }): Change {
  const { undo } = run.facts;
  return undo || changes.startedAt !== undefined
    ? fact({ undo: { startedAt: 0, ...undo, ...changes } })
    : (same) => same;
}
