import { beforeActs } from './acts';
import { close, endedOutside } from './close';
import { isSameData } from './digest';
import { reserve } from './door/lock';
import { type Problem, problem, ServiceRefusal } from './errors';
import type { Log } from './log';
import { type Meter, measuresOf } from './measures';
import type { Policy } from './policy';
import type { Clock, Databases, Executions, Freezes, OwnSnapshots, Rest, Runs, Wait } from './ports';
import { readsOf } from './reads';
import { executionName, isClosed, keptOf, type Phase, type Run, type StepRecord } from './run';
import { type Change, type Context, lookSeconds, type Outcome, owesUndo, type Stage, waiting } from './step';

/** The errors with which a state's token is failed; the state machine's Retry and Catch know these words. */
export const stopError = 'Trapheus.Stop';
export const failedError = 'Trapheus.Failed';

/** Functions that look time out after 25 seconds, so nobody acts on a read older than a lease. */
const leaseMs = 30_000;
/** Between two states, and for runs that have no token yet: look whether the execution still lives. */
const betweenStatesMs = 30_000;
const maxSurprises = 3;
/** However far the deadline: a click whose own tick was lost is seen after this long. */
const maxSleepSeconds = 300;

export interface PerformParts {
  stages: readonly Stage[];
  runs: Runs;
  databases: Databases;
  snapshots: OwnSnapshots;
  freezes: Pick<Freezes, 'current'>;
  executions: Executions;
  policy: Policy;
  clock: Clock;
  log: Log;
  meter?: Meter;
}

/** What a look came to, for whoever plans the next ticks. */
export type Performed =
  | {
      state: 'waiting';
      nextAt: number;
      isNameInFlight: boolean;
      isBrief: boolean;
      isIdle?: boolean | undefined;
      isPutOff?: boolean | undefined;
    }
  | { state: 'answered' | 'skipped' };

/** One look of one run: lease, load, look, record, answer the token. `holder` names this invocation. */
export async function perform(parts: PerformParts, runId: string, holder: string, crowd = 1): Promise<Performed> {
  const { runs, clock } = parts;
  const startedAt = clock.now();
  const wait = await runs.takeLease(runId, holder, startedAt, startedAt + leaseMs);
  if (wait === undefined) return { state: 'skipped' };
  const run = await runs.load(runId);
  if (wait.token === undefined) return betweenStates(parts, run, wait, holder);
  const phase = wait.phase ?? 'do';
  const step = wait.step ?? '';
  const performed = await lookAndAnswer(parts, run, { ...wait, token: wait.token, step, phase, crowd }, holder);
  parts.log('info', 'look', { run: runId, step, phase, outcome: performed.state, ms: clock.now() - startedAt });
  return performed;
}

/** A stage that the plan does not have is done at once: nothing is looked at, and nothing has to be remembered. */
export async function passBy(
  { runs, executions }: PerformParts,
  runId: string,
  { step, phase, token }: { step: string; phase: Phase; token: string },
): Promise<boolean> {
  const run = phase === 'do' ? await runs.load(runId) : undefined;
  const isPlanned = run?.plan === undefined || run.plan.steps.includes(step);
  if (isPlanned || run.stop !== undefined) return false;
  return executions.succeed(token);
}

/** `crowd`: how many wait between two renames just now. */
type Held = Wait & { token: string; step: string; phase: Phase; crowd: number };

async function lookAndAnswer(
  parts: PerformParts,
  run: Run | undefined,
  wait: Held,
  holder: string,
): Promise<Performed> {
  const { runs, clock } = parts;
  if (run === undefined) {
    const noRun = problem('unknown-run', { run: wait.runId });
    // There is nothing to take back, and no end that anybody asked for.
    const error = wait.phase === 'close' ? failedError : stopError;
    await (wait.phase === 'undo'
      ? parts.executions.succeed(wait.token)
      : parts.executions.fail(wait.token, error, noRun.message));
    await runs.endWait(wait.runId, wait.token);
    return { state: 'answered' };
  }
  const known = wait.phase === 'do' ? run : await withReason(parts, run);
  if (wait.phase === 'close') {
    const ended = await close(parts, known);
    parts.meter?.(measuresOf(known, ended));
    const isAsAsked = ended.status !== 'failed' && ended.status !== 'needs-help';
    const sentence = ended.help?.problem.message ?? ended.stop?.problem.message ?? 'The run failed.';
    const isTaken = isAsAsked
      ? await parts.executions.succeed(wait.token)
      : await parts.executions.fail(wait.token, failedError, sentence);
    // Refused while the execution goes on: it stays on the list, for the next look or a newer token to answer.
    const goesOn = !isTaken && (await parts.executions.status(executionName(ended))) === 'running';
    if (!goesOn) await runs.endWait(run.id, wait.token);
    return { state: 'answered' };
  }

  const stage = parts.stages.find((one) => one.id === wait.step);
  const begun = begin(parts, known, wait, stage);
  const sight = parts.databases.sight(wait.watching);
  const outcome = await look(parts, begun, wait, stage);
  const recorded = await record(parts, begun, wait, outcome);
  parts.meter?.(measuresOf(begun.run, recorded));
  if (outcome.state === 'waiting' && !isFinishedEarly(recorded, wait)) {
    const nextAt = clock.now() + Math.min(maxSleepSeconds, Math.max(1, outcome.inSeconds)) * 1000;
    const { isNameInFlight = false, isBrief = false, isIdle = false } = outcome;
    // Rows of ticks come this often anyway, and so does the schedule's.
    const isDueAlready = (isIdle || outcome.inSeconds <= lookSeconds) && wait.nextLookAt <= clock.now();
    await runs.endLook(run.id, holder, {
      seen: wait.nextLookAt,
      at: isDueAlready ? undefined : nextAt,
      // Whoever came in vain, because RDS is too busy, reads together with others next time.
      watching: outcome.watching ?? (outcome.isPutOff ? readsOf(recorded) : []),
      isNameInFlight,
      isBrief,
      isIdle,
      rest: restOf(parts, wait, outcome, sight),
    });
    return { state: 'waiting', nextAt, isNameInFlight, isBrief, isIdle, isPutOff: outcome.isPutOff };
  }
  const failure = tokenFailure(recorded, wait);
  if (failure === undefined) await afterDone(parts, recorded, wait, stage);
  const isTaken = failure
    ? await parts.executions.fail(wait.token, stopError, failure.message)
    : await parts.executions.succeed(wait.token);
  await runs.tokenAnswered(run.id, wait.token, holder, clock.now() + betweenStatesMs);
  if (!isTaken) await checkExecution(parts, recorded);
  return { state: 'answered' };
}

/**
 * A look may rest when all that it read was watched and read together, before it began: then whatever looks the same
 * later needs no lease, no record and no write. Only reads rest; an act takes its lease and reads again, as ever.
 */
function restOf(
  { databases, clock }: PerformParts,
  wait: Wait,
  outcome: Outcome & { state: 'waiting' },
  sight: string | undefined,
): Rest | undefined {
  const { restSeconds, watching = [] } = outcome;
  const isWhole =
    sight !== undefined && watching.join() === wait.watching.join() && sight === databases.sight(watching);
  return restSeconds !== undefined && isWhole ? { until: clock.now() + restSeconds * 1000, sight } : undefined;
}

/**
 * The lane is entered for a reason. One that no step of ours has given is the state machine's own: a state failed again
 * and again until its retries were used up.
 */
async function withReason(parts: PerformParts, run: Run): Promise<Run> {
  const hasReason = (one: Run) => one.stop !== undefined || one.finishedAt !== undefined || isClosed(one);
  if (hasReason(run)) return run;
  const at = parts.clock.now();
  const why = problem('ended-outside', { status: 'a step of it failed again and again' });
  const changed = await parts.runs.update(run.id, (newest) =>
    hasReason(newest) ? newest : { ...newest, status: 'stopping', stop: { kind: 'failed', at, problem: why } },
  );
  return changed ?? run;
}

/** The record as this look knows it, and what a beginning adds to it; writes of the look itself replace it. */
interface Begun {
  run: Run;
  /** The record as it stands in the table, as far as this look has written or read it. */
  newest: Run;
  /** What the next write of the look says, whatever else it says. */
  begins: Change;
  /** No act before that is written. */
  isDueBeforeActs: boolean;
}

const same: Change = (run) => run;

/**
 * What the look's own first write says of where the execution is; the card shows it. Where there is something to take
 * back, that write comes before the first act at the latest: a crash cannot hide that something began.
 */
function begin(parts: PerformParts, run: Run, wait: Held, stage: Stage | undefined): Begun {
  const now = parts.clock.now();
  const applies = run.plan === undefined || run.plan.steps.includes(wait.step);
  const asIs = { run, newest: run, begins: same, isDueBeforeActs: false };
  if (stage === undefined) return asIs;
  const isIdle = wait.phase === 'undo' ? !owesUndo(run, stage) : !applies || run.stop !== undefined;
  if (isIdle) return asIs;
  const begins: Change = (newest) => {
    const isHere = newest.at?.step === wait.step && newest.at.phase === wait.phase;
    const existing = newest.steps[wait.step];
    const isBegun = wait.phase === 'undo' ? existing?.undoStartedAt !== undefined : existing !== undefined;
    if ((isHere && isBegun) || isClosed(newest)) return newest;
    const record = existing ?? { startedAt: now };
    const begun: StepRecord =
      wait.phase === 'undo' ? { ...record, undoStartedAt: record.undoStartedAt ?? now, readyAt: undefined } : record;
    const at = { step: wait.step, phase: wait.phase };
    return {
      ...newest,
      at,
      status: statusAt(newest, stage, wait.phase),
      steps: { ...newest.steps, [wait.step]: begun },
    };
  };
  const leavesNothing = wait.phase === 'do' && (stage.kind === 'gate' || stage.undo === undefined);
  return { run: begins(run), newest: run, begins, isDueBeforeActs: !leavesNothing };
}

/** A person stopped the run while this look was under way: nothing more is done. */
class Stopped extends Error {}

/** On the record what has to be there before an act. */
async function beforeAct({ runs }: PerformParts, begun: Begun, { phase }: Held): Promise<void> {
  if (!begun.isDueBeforeActs) return;
  const isStopped = (run: Run) => phase === 'do' && run.stop !== undefined;
  const { begins } = begun;
  const saved = await runs.update(
    begun.run.id,
    (newest) => (isStopped(newest) ? newest : changed(begins, newest)),
    begun.newest,
  );
  begun.newest = saved ?? begun.newest;
  begun.isDueBeforeActs = false;
  if (!isStopped(begun.newest)) return;
  // What was to be done is not.
  begun.begins = same;
  throw new Stopped(`run ${begun.run.id} was stopped`);
}

/** A change that changes nothing is no write. */
function changed(change: Change, run: Run): Run {
  const after = change(run);
  return isSameData(after, run) ? run : after;
}

/** The stage is done and on the record as such; what follows from that is done again if a crash lay between. */
async function afterDone({ runs }: PerformParts, run: Run, wait: Held, stage: Stage | undefined): Promise<void> {
  const isDone = wait.phase === 'do' && run.steps[wait.step]?.doneAt !== undefined;
  if (isDone && stage?.kind === 'step') await stage.afterwards?.({ run, locks: runs });
}

function statusAt(run: Run, stage: Stage, phase: Phase): Run['status'] {
  if (phase === 'undo' || run.stop) return run.status === 'needs-help' ? run.status : 'stopping';
  if (run.finishedAt !== undefined) return 'succeeded';
  return stage.kind === 'gate' ? 'waiting' : 'running';
}

async function look(parts: PerformParts, begun: Begun, wait: Held, stage: Stage | undefined): Promise<Outcome> {
  const { run } = begun;
  const record = run.steps[wait.step];
  const isUndo = wait.phase === 'undo';
  // Recorded done, but the token was never answered: a crash lay between the two.
  if (isUndo ? record?.undoneAt !== undefined : record?.doneAt !== undefined && run.stop === undefined)
    return { state: 'done' };
  if (isUndo && run.help) return { state: 'stop', kind: 'failed', problem: run.help.problem };
  if (!isUndo && run.stop) return { state: 'stop', kind: run.stop.kind, problem: run.stop.problem };
  // The lane is entered at its top, whatever failed: what never began has nothing to take back.
  if (isUndo && (record === undefined || run.stop === undefined)) return { state: 'done' };
  if (stage === undefined)
    return { state: 'stop', kind: 'failed', problem: problem('unknown-step', { step: wait.step }) };
  const skips = !isUndo && run.plan !== undefined && !run.plan.steps.includes(stage.id);
  if (skips || record === undefined) return { state: 'done' };
  const missed = isUndo || run.finishedAt !== undefined ? undefined : missedStage(run, stage.id);
  if (missed) return { state: 'stop', kind: 'failed', problem: problem('unknown-step', { step: missed }) };

  const work = isUndo ? (stage.kind === 'step' ? stage.undo : undefined) : stage;
  if (work === undefined) return { state: 'done' };
  const outcome = await guarded(parts, begun, record, wait, (context) => work.look(context));
  const startedAt = (isUndo ? record.undoStartedAt : record.startedAt) ?? parts.clock.now();
  const limitHours = isUndo
    ? stage.kind === 'step'
      ? (stage.undo?.limitHours ?? 1)
      : 1
    : stage.kind === 'step'
      ? stage.limitHours
      : undefined;
  const isOver = limitHours !== undefined && parts.clock.now() - startedAt > limitHours * 3_600_000;
  if (outcome.state !== 'waiting' || !isOver) return outcome;
  const tooLong = problem('too-long', { step: work.title, limit: `${limitHours} hours` });
  return { state: 'stop', kind: 'failed', problem: tooLong, ...(outcome.change && { change: outcome.change }) };
}

/** A stage that the plan has and this older execution does not: nobody may go on as if it had been done. */
function missedStage(run: Run, step: string): string | undefined {
  const steps = run.plan?.steps ?? [];
  return steps.slice(0, Math.max(0, steps.indexOf(step))).find((id) => run.steps[id]?.doneAt === undefined);
}

/** Turns what adapters throw into an outcome: later, or never. */
async function guarded(
  parts: PerformParts,
  begun: Begun,
  record: StepRecord,
  wait: Held,
  work: (context: Context) => Promise<Outcome>,
): Promise<Outcome> {
  const { runs, databases, snapshots, freezes, stages, policy, clock } = parts;
  const { step, crowd } = wait;
  const { run } = begun;
  const context: Context = {
    run,
    record,
    stages,
    databases: beforeActs(databases, () => beforeAct(parts, begun, wait)),
    locks: runs,
    history: runs,
    snapshots,
    freezes,
    policy,
    crowd,
    now: () => clock.now(),
    save: async (change) => {
      const { begins } = begun;
      const saved = await runs.update(run.id, (newest) => change(begins(newest)), begun.newest);
      begun.newest = saved ?? begun.newest;
      return begun.newest;
    },
    ahead: (outcome) => {
      const { begins } = begun;
      begun.begins = (newest) => advanced(begins(newest), wait, outcome);
      begun.isDueBeforeActs = true;
    },
  };
  try {
    return await work(context);
  } catch (error) {
    if (error instanceof Stopped) return waiting(undefined);
    if (error instanceof ServiceRefusal) return afterRefusal(error);
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    parts.log('error', 'unexpected', { run: run.id, step, error: name, detail: message });
    const surprises = (record.surprises ?? 0) + 1;
    if (surprises >= maxSurprises)
      return { state: 'stop', kind: 'failed', problem: problem('unexpected', { detail: `${name}: ${message}` }) };
    return waiting(undefined, [], (newest) => withRecord(newest, step, (one) => ({ ...one, surprises })));
  }
}

function afterRefusal(error: ServiceRefusal): Outcome {
  const detail = error.message.replace(/\.$/, '');
  switch (error.reason) {
    case 'transient':
      return { state: 'waiting', inSeconds: 15, isPutOff: true };
    case 'busy':
      return { state: 'waiting', inSeconds: lookSeconds, isPutOff: true };
    case 'denied':
      return { state: 'stop', kind: 'failed', problem: problem('access-denied', { detail }) };
    case 'quota':
    case 'capacity':
      return { state: 'stop', kind: 'failed', problem: problem(error.reason, { detail }) };
    case 'missing':
    case 'taken':
    case 'invalid':
      return { state: 'stop', kind: 'failed', problem: problem('rds-refused', { detail }) };
  }
}

/** Record first, then token. */
async function record(
  parts: PerformParts,
  { begins, newest: known }: Begun,
  wait: Held,
  outcome: Outcome,
): Promise<Run> {
  const now = parts.clock.now();
  const isUndo = wait.phase === 'undo';
  const found = (newest: Run): Run => {
    const begun = begins(newest);
    if (outcome.state === 'waiting') return advanced(begun, wait, outcome);
    const base = outcome.change ? outcome.change(begun) : begun;
    if (outcome.state === 'stop') return stopped(base, wait, outcome, now);
    return withRecord(base, wait.step, (one) => {
      if (isUndo)
        return one.undoneAt === undefined
          ? { ...one, undoneAt: now, ...(outcome.note && { undoNote: outcome.note }) }
          : one;
      if (one.doneAt !== undefined) return one;
      const { percent: _, ...rest } = one;
      return { ...rest, doneAt: now, note: outcome.note };
    });
  };
  // A look that finds nothing new writes nothing.
  return (await parts.runs.update(known.id, (newest) => changed(found, newest), known)) ?? known;
}

type Progress = Pick<Outcome & { state: 'waiting' }, 'note' | 'percent' | 'change'>;

function advanced(run: Run, { step, phase }: Held, outcome: Progress): Run {
  const base = outcome.change ? outcome.change(run) : run;
  return withRecord(base, step, (one) => progress(one, phase === 'undo', outcome));
}

function progress(record: StepRecord, isUndo: boolean, outcome: Progress): StepRecord {
  const surprises = outcome.note === undefined ? record.surprises : undefined;
  const note = outcome.note ?? (isUndo ? record.undoNote : record.note);
  const same =
    (isUndo ? record.undoNote : record.note) === note &&
    record.percent === outcome.percent &&
    record.surprises === surprises;
  if (same) return record;
  return { ...record, ...(isUndo ? { undoNote: note } : { note }), percent: outcome.percent, surprises };
}

/**
 * What a stop means depends on where it comes. Before the end it sends the run into the lane. In the lane it means that
 * a person is needed. After the end it costs only what was to be cleaned up, never the success.
 */
function stopped(run: Run, wait: Held, outcome: Outcome & { state: 'stop' }, at: number): Run {
  if (wait.phase === 'undo') {
    if (run.help) return run;
    const step = run.steps[wait.step];
    const detail = `${outcome.problem.message} ${outcome.problem.hint}`;
    const why = problem('undo-failed', { step: wait.step, detail });
    return {
      ...run,
      status: 'needs-help',
      help: { at, step: wait.step, problem: why },
      steps: step ? { ...run.steps, [wait.step]: { ...step, undoNote: outcome.problem.message } } : run.steps,
    };
  }
  if (run.stop) return run;
  if (run.finishedAt !== undefined) return leftBehind(run, wait.step, outcome.problem, at);
  const stop = { kind: outcome.kind, at, problem: outcome.problem };
  const { until: _, ...rest } = run;
  return { ...rest, status: 'stopping', stop };
}

/** A hold or a removal that fails ends the run as succeeded, with what was kept named as left over. */
export function leftBehind(run: Run, step: string, why: Problem, at: number): Run {
  const kept = keptOf(run);
  const left = kept ? [{ what: 'database', ...kept, why: why.message } as const] : [];
  const { removal, ...facts } = run.facts;
  const stepRecord = run.steps[step];
  return {
    ...run,
    // Refused means that nothing was deleted: the way back is open again.
    facts: removal?.doneAt === undefined ? facts : run.facts,
    leftovers: [...run.leftovers.filter((one) => one.name !== kept?.name), ...left],
    steps: stepRecord ? { ...run.steps, [step]: { ...stepRecord, doneAt: at, note: why.message } } : run.steps,
  };
}

/** With which words the token fails; undefined when it succeeds. */
function tokenFailure(run: Run, wait: Held): Problem | undefined {
  if (wait.phase === 'undo') return run.help?.step === wait.step ? run.help.problem : undefined;
  return run.stop?.problem;
}

/** A stop that a person asked for while this look was under way. */
function isFinishedEarly(run: Run, wait: Held): boolean {
  return wait.phase === 'do' && run.stop !== undefined;
}

function withRecord(run: Run, step: string, change: (record: StepRecord) => StepRecord): Run {
  const before = run.steps[step];
  if (before === undefined) return run;
  const after = change(before);
  return after === before ? run : { ...run, steps: { ...run.steps, [step]: after } };
}

/** No token is out: the next state's is on its way, or the run was never started, or its execution has ended. */
async function betweenStates(
  parts: PerformParts,
  run: Run | undefined,
  wait: Wait,
  holder: string,
): Promise<Performed> {
  const { runs, clock } = parts;
  if (run === undefined || isClosed(run) || run.status === 'needs-help') {
    await runs.endWait(wait.runId);
    return { state: 'skipped' };
  }
  await runs.endLook(wait.runId, holder, {
    seen: wait.nextLookAt,
    at: clock.now() + betweenStatesMs,
    watching: [],
    isNameInFlight: false,
  });
  await checkExecution(parts, run);
  return { state: 'skipped' };
}

/** Starts a run that never started; ends one whose execution is gone. */
export async function checkExecution(parts: PerformParts, run: Run): Promise<void> {
  const name = executionName(run);
  const status = await parts.executions.status(name);
  if (status === 'running') return;
  if (status !== 'unknown') return endedOutside(parts, run.id, name, status);
  const lost = run.recoveries === 0 && run.status === 'requested' ? await reserve(parts, run) : undefined;
  if (lost) {
    await parts.runs.update(run.id, (now) => ({
      ...now,
      status: 'failed',
      closedAt: parts.clock.now(),
      stop: { kind: 'failed', at: parts.clock.now(), problem: lost.problem },
    }));
    await parts.runs.endWait(run.id);
    return;
  }
  await parts.executions.start(name, run.id);
}
