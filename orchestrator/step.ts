import { type Problem, type ProblemCode, problem } from './errors';
import type { Choice } from './plan/choice';
import type { PlanInput } from './plan/make-plan';
import type { Plan } from './plan/plan';
import type { Policy } from './policy';
import type { Database, Databases, Freezes, OwnSnapshot, OwnSnapshots, Runs, SnapshotPurpose } from './ports';
import type { Facts, Run, StepRecord, StopKind } from './run';
import type { Settings } from './settings';
import type { TargetKind } from './wish';

/** A pure change of the record, applied to its newest version. */
export type Change = (run: Run) => Run;

/** What one look found. */
export type Outcome =
  | { state: 'done'; note?: string; change?: Change }
  | {
      state: 'waiting';
      /** What is happening, for the card; absent: what was said before still holds. */
      note?: string;
      percent?: number;
      /** When to look again. */
      inSeconds: number;
      /** Resource ids, and ids of snapshots, that the next look will read. */
      watching?: string[];
      /** A rename is in flight: nobody answers under the name. */
      isNameInFlight?: boolean;
      /** News is likely any second: look every three. */
      isBrief?: boolean;
      /** Nobody waits for it: the schedule's own tick, and what RDS says by itself, is often enough. */
      isIdle?: boolean;
      /** RDS was too busy to be asked. */
      isPutOff?: boolean;
      /** For so long the next look would find and do the same, unless one of the watched looks different by then. */
      restSeconds?: number;
      change?: Change;
    }
  | { state: 'stop'; kind: StopKind; problem: Problem; change?: Change };

export type Waiting = Outcome & { state: 'waiting' };

export interface Context {
  run: Run;
  /** The stage at hand, as recorded. */
  record: StepRecord;
  stages: readonly Stage[];
  databases: Databases;
  locks: Pick<Runs, 'takeLock' | 'freeLock' | 'lockOf'>;
  /** What earlier runs have learnt about a database. */
  history: Pick<Runs, 'ofDatabase'>;
  /** The snapshots that Trapheus has taken. */
  snapshots: OwnSnapshots;
  /** Whether everything stands still. */
  freezes: Pick<Freezes, 'current'>;
  policy: Policy;
  /** How many wait between two renames just now: so many share the calls that RDS takes. */
  crowd: number;
  now: () => number;
  /** Records something at once. Answers the record as it then stands. */
  save: (change: Change) => Promise<Run>;
  /**
   * What has to be on the record before the next act, so that a crash cannot hide it: in one write with all else that
   * has to be, and just before that act. The look of a run that was stopped meanwhile ends there, with nothing done.
   */
  ahead: (outcome: Pick<Waiting, 'note' | 'percent' | 'change'>) => void;
}

interface Common {
  id: string;
  /** What it does, in a few words: "Restore a copy beside it". */
  title: string;
  /** The same for targets of which the title would not be true. */
  titles?: { [K in TargetKind]?: string };
  /** Decided once, in the plan. A stage that does not apply is done at once and not shown. */
  applies(choice: Choice): boolean;
  /** Reads what is true, acts at most once, says whether it is finished. Running it twice is dull. */
  look(context: Context): Promise<Outcome>;
}

/** Machines work. */
export interface Step extends Common {
  kind: 'step';
  /** After this long the step has failed; far beyond what RDS needs. */
  limitHours: number;
  /** What follows from the record that it is done. A crash between the two has it done again. */
  afterwards?(context: Pick<Context, 'run' | 'locks'>): Promise<void>;
  /** Takes back what `look` did; has the same shape. */
  undo?: {
    title: string;
    limitHours: number;
    /** There is something to take back although `look` never began: an earlier step has done a part of it. */
    isDue?(run: Run): boolean;
    look(context: Context): Promise<Outcome>;
  };
}

/** People decide, or time passes. */
export interface Gate extends Common {
  kind: 'gate';
}

/** A stage that once was: an execution that outlives a deployment may still come to its id. */
export interface Tombstone {
  kind: 'tombstone';
  id: string;
  /** When it was removed; a year later nothing can come to it any more. */
  removed: string;
}

export type Stage = Step | Gate;

/** How often a waiting step is looked at. Shared describes make it cost the same for one run as for a thousand. */
export const lookSeconds = 8;
/** How often while nobody answers under the name. */
export const renameSeconds = 3;
/** How often while nobody waits: as often as the schedule ticks. */
export const idleSeconds = 60;
/** However quiet it is, so often every run is looked at in earnest. */
const longestRestSeconds = 180;
/** What RDS does within seconds, such as a change or a failover, it mostly has done after this long. */
const briefMs = 45_000;
/** RDS may still say `available` for a while after a change: believe it when it says so twice, this far apart. */
export const settledMs = 30_000;

/** Settings that only the holder of the name can have: `finish` gives them, and a copy lacks them until then. */
export const heldByName: ReadonlySet<string> = new Set(['deletionProtection', 'customEndpoints']);

export const done = (note?: string, change?: Change): Outcome => ({
  state: 'done',
  ...(note && { note }),
  ...(change && { change }),
});

/** Not finished: look again soon. */
export const waiting = (note: string | undefined, watching: string[] = [], change?: Change): Waiting => ({
  state: 'waiting',
  inSeconds: lookSeconds,
  watching,
  ...(note && { note }),
  ...(change && { change }),
});

/** The same, for a look that read nothing but what is watched: only a change of that is news, for some minutes. */
export const resting = (
  note: string | undefined,
  watching: string[],
  change?: Change,
  restSeconds = longestRestSeconds,
): Waiting => ({
  state: 'waiting',
  inSeconds: lookSeconds,
  ...(note && { note }),
  watching,
  restSeconds: Math.min(longestRestSeconds, restSeconds),
  ...(change && { change }),
});

/** The same for what RDS goes on with while nobody waits: no row of ticks is sent for it. */
export const idling = (note: string, watching: string[], change?: Change): Waiting => ({
  ...resting(note, watching, change),
  inSeconds: idleSeconds,
  isIdle: true,
});

/** Between these moments the end of what was asked for is likely. */
export type Likely = NonNullable<StepRecord['likely']>;

export const soon = (now: number): Likely => ({ from: now, until: now + briefMs });

/** When what began at `begunAt` will be done, if it takes as long as the same did before; the look before that sees it. */
export const likeBefore = (begunAt: number, tookMs: number): Likely => ({
  from: begunAt + 0.9 * tookMs - lookSeconds * 1000,
  until: begunAt + 1.2 * tookMs,
});

/** Looks every three seconds while news is likely, and rests no longer than until that begins or is over. */
export function whileLikely(outcome: Waiting, likely: Likely | undefined, now: number): Waiting {
  if (likely === undefined || now >= likely.until) return outcome;
  const isNow = now >= likely.from;
  const { restSeconds } = outcome;
  const seconds = ((isNow ? likely.until : likely.from) - now) / 1000;
  return {
    ...outcome,
    ...(isNow && { inSeconds: renameSeconds, isBrief: true }),
    ...(restSeconds !== undefined && { restSeconds: Math.min(restSeconds, seconds) }),
  };
}

/**
 * What to watch of databases that a step waits for: all of them, or their members alone where only those can have news.
 */
export function newsOf(...databases: readonly Database[]): string[] {
  const changing = databases.filter((one) => one.readiness !== 'ready' || one.renamingTo !== undefined);
  const hasMembers = changing.some(({ resourceId, awaited }) => !awaited.includes(resourceId));
  return (hasMembers ? changing : databases).flatMap(({ awaited }) => awaited);
}

export const stop = (code: ProblemCode, values: Record<string, string> = {}, kind: StopKind = 'failed'): Outcome => ({
  state: 'stop',
  kind,
  problem: problem(code, values),
});

/** The plan; every stage after `plan` has one. */
export function planOf(run: Run): Plan {
  if (run.plan === undefined) throw new Error(`run ${run.id} has no plan`);
  return run.plan;
}

/** The settings that the copy gets; every stage after `capture` knows them. */
export function modelOf(run: Run): NonNullable<Facts['model']> {
  if (run.facts.model === undefined) throw new Error(`run ${run.id} captured nothing`);
  return run.facts.model;
}

/** What the copy is to be until it has the name: the same, but for backups that are to begin later. */
export function settingsUntilSwap(run: Run): Settings {
  const { settings } = modelOf(run);
  return run.plan?.firstBackup === 'after' ? { ...settings, backupRetention: 0 } : settings;
}

/** A change of what the steps learnt. */
export function fact(facts: Facts): Change {
  return (run) => ({ ...run, facts: { ...run.facts, ...facts } });
}

/** A change of what one stage remembers. */
export function remember(id: string, changes: Partial<StepRecord>): Change {
  return (run) => {
    const record = run.steps[id];
    return record ? { ...run, steps: { ...run.steps, [id]: { ...record, ...changes } } } : run;
  };
}

/** What a plan is made of, from where a stage stands. */
export function planInput(context: Context, wish: PlanInput['wish']): PlanInput {
  const { run, databases, snapshots, history, policy, stages, now } = context;
  return { run: run.id, wish, databases, snapshots, history, policy, stages, now: now() };
}

/** Whether the lane has anything to take back of a stage: what never began has nothing. */
export function owesUndo(run: Run, stage: Stage): boolean {
  if (stage.kind !== 'step' || stage.undo === undefined) return false;
  return run.steps[stage.id] !== undefined || (stage.undo.isDue?.(run) ?? false);
}

/** What is kept of a database beside a snapshot of it, so that it can be restored when the database is gone. */
export function keptWith(
  id: string,
  database: Database,
  of: { run: string; purpose: SnapshotPurpose; at: number },
): OwnSnapshot {
  const { name, resourceId, kind, engine, version, settings, tags } = database;
  const { run, purpose, at } = of;
  const described = { kind, engine, version, class: database.class, settings, tags };
  return { id, database: name, resourceId, run, purpose, takenAt: at, ...described };
}
