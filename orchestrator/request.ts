import { closest, distance } from 'fastest-levenshtein';
import { problem, type Refused, refused } from './errors';
import { runIdFor } from './names';
import {
  chooseSnapshot,
  keepingMs,
  misfitOf,
  modelName,
  ruleForWish,
  unfitClone,
  unfitDatabase,
  unfitTime,
  unfitWish,
} from './plan';
import { judge, mention, type Policy, Rule, settingsFor } from './policy';
import type { Clock, Database, Databases, Executions, Inventory, Lock, OwnSnapshots, Runs, Ticks } from './ports';
import { approver } from './rules/approver';
import { channel } from './rules/channel';
import { fourEyes } from './rules/four-eyes';
import { reason } from './rules/reason';
import { requester } from './rules/requester';
import { canRetryRemoval, canUndo, executionName, isClosed, newRun, type RestoreRequest, type Run } from './run';
import { givesName, isLive, subjectOf, Target, takesName, type Wish } from './wish';

/** A run without execution after this long is started by the watcher. */
export const startGraceMs = 30_000;

/** Between an Undo's lock and its record lies one write. */
const undoGraceMs = 60_000;

const requestRules = [requester, channel, reason];
const decisionRules = { approve: [approver, fourEyes], deny: [approver] };

export interface DoorParts {
  runs: Runs;
  databases: Databases;
  snapshots: OwnSnapshots;
  executions: Executions;
  ticks: Ticks;
  inventory: Inventory;
  policy: Policy;
  clock: Clock;
}

export type Accepted = { ok: true; run: Run };
export type Answer = Accepted | Refused;

export interface DecisionInput {
  run: string;
  by: string;
  decision: 'approve' | 'deny';
  /** The hash on the card that the person looked at. */
  planHash: string;
  reason?: string;
}

/** Everything a person may ask of Trapheus. Every answer is a value; nothing is touched by a refusal. */
export class Door {
  readonly #parts: DoorParts;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** Whether this person may ask for this here, as far as policy, locks and the inventory know. */
  async mayRequest(input: {
    database: string;
    /** Absent: in place. */
    target?: Wish['target'];
    person: string;
    channel: string;
  }): Promise<{ ok: true; rule: Rule } | Refused> {
    const name = input.database.toLowerCase();
    const wish = { database: name, target: input.target ?? { kind: 'replace' as const } };
    const target = Target.safeParse(wish.target);
    if (!target.success) return refused('not-a-name', { name: subjectOf(wish) });
    const known = (await this.#parts.inventory.list()).map((entry) => entry.name);
    const isKnown = (one: string) => known.length === 0 || known.includes(one);
    if (!isKnown(name) && !(await this.#isKept(wish))) return this.#unknownDatabase(name, known);
    if (wish.target.kind === 'onto' && !isKnown(subjectOf(wish))) return this.#unknownDatabase(subjectOf(wish), known);
    const rule = ruleForWish(this.#parts.policy, wish);
    if (rule === undefined) return refused('no-rule', { database: this.#unruled(wish) });
    const facts = { ...aboutWish(wish, rule, input.person), channel: input.channel, reason: '', run: '' };
    const verdict = judge([requester, channel], facts);
    if (!verdict.ok) return verdict;
    return (await this.#lockedBy(subjectOf(wish))) ?? { ok: true, rule };
  }

  /**
   * Asks for a run: a few reads of RDS, then the run, its lock and its execution, in this order.
   * `execution`: the one that has started already and now asks.
   */
  async request(input: Omit<RestoreRequest, 'at'>, execution?: string): Promise<Answer> {
    const { runs, databases, executions, policy, clock } = this.#parts;
    const asked = { ...input, database: input.database.toLowerCase() };
    const target = Target.safeParse(asked.target);
    if (!target.success) return refused('not-a-name', { name: subjectOf(asked) });
    const subject = subjectOf(asked);
    const rule = ruleForWish(policy, asked);
    const id = runIdFor(input.key);

    if (rule === undefined) {
      const unruled = this.#unruled(asked);
      return (await databases.find(unruled))
        ? refused('no-rule', { database: unruled })
        : this.#unknownDatabase(unruled);
    }
    const person = input.requester.id;
    const facts = { ...aboutWish(asked, rule, person), channel: input.channel, reason: input.reason, run: id };
    const verdict = judge(requestRules, facts);
    if (!verdict.ok) return verdict;
    const unfit = unfitWish(policy, rule, asked);
    if (unfit) return { ok: false, problem: unfit };
    const holder = await databases.find(subject);
    const wish = await this.#settled(asked, holder);
    const troubled = await this.#trouble(wish, holder);
    if (troubled) return troubled;

    const earlier = await runs.load(id);
    if (earlier) return refused('already-requested', { run: id });
    const locked = await this.#lockedBy(subject);
    if (locked) return locked;

    const fresh = newRun(id, { ...wish, at: clock.now() });
    const run = execution === undefined ? fresh : { ...fresh, execution };
    if (!(await runs.create(run, clock.now() + startGraceMs))) return refused('already-requested', { run: id });
    const lost = await reserve(this.#parts, run);
    if (lost) {
      await runs.discard(id);
      return lost;
    }
    if (execution === undefined) await executions.start(executionName(run), id);
    return { ok: true, run };
  }

  /** One person's yes or no to the plan that this person saw. */
  async decide(input: DecisionInput): Promise<Answer> {
    return this.#change(input.run, (run, rule) => {
      const decisionAt = run.at?.step === 'approval' && run.status === 'waiting' && run.stop === undefined;
      const verdict = judge(decisionRules[input.decision], aboutRun(run, rule, input.by));
      if (!verdict.ok) return verdict;
      if (!decisionAt) return refused('not-waiting', { run: run.id, status: statusWords(run) });
      if (run.planHash !== input.planHash) return refused('stale-plan', { run: run.id });
      const decided = run.decisions.some((one) => one.by === input.by && one.planHash === input.planHash);
      if (decided) return refused('already-decided', { run: run.id });
      const decision = {
        by: input.by,
        at: this.#parts.clock.now(),
        decision: input.decision,
        planHash: input.planHash,
      };
      return { ...run, decisions: [...run.decisions, input.reason ? { ...decision, reason: input.reason } : decision] };
    });
  }

  /** Stops a run that has not finished; what it made is taken back. */
  async cancel(input: { run: string; by: string }): Promise<Answer> {
    return this.#change(input.run, (run, rule) => {
      const refusal = mayStop(run, rule, input.by);
      if (refusal) return refusal;
      const isUnderWay =
        run.finishedAt === undefined && run.stop === undefined && !isClosed(run) && run.status !== 'needs-help';
      if (!isUnderWay) return refused('not-waiting', { run: run.id, status: statusWords(run) });
      const at = this.#parts.clock.now();
      return {
        ...run,
        status: 'stopping',
        stop: { kind: 'cancelled', at, by: input.by, problem: problem('cancelled', { by: mention([input.by]) }) },
      };
    });
  }

  /** Brings the set-aside original back under its name. */
  async undo(input: { run: string; by: string }): Promise<Answer> {
    const run = await this.#parts.runs.load(input.run);
    const rule = run && ruleOf(this.#parts.policy, run);
    if (!run) return refused('unknown-run', { run: input.run });
    if (!rule) return refused('no-rule', { database: subjectOf(run.request) });
    const possible = mayStop(run, rule, input.by) ?? (await this.#undoRefusal(run));
    if (possible) return possible;
    const locked = await this.#takeLockForUndo(run, input.by);
    if (locked) return locked;
    const by = input.by;
    const answer = await this.#change(input.run, (now) => {
      if (!canUndo(now) || now.stop) return refused('not-waiting', { run: now.id, status: statusWords(now) });
      const at = this.#parts.clock.now();
      return {
        ...reopened(now),
        status: 'stopping',
        stop: { kind: 'undone', at, by, problem: problem('undone', { by: mention([by]) }) },
      };
    });
    if (answer.ok) await this.#startIfReopened(run, answer.run);
    else if ((await this.#parts.runs.load(run.id))?.stop === undefined)
      await this.#parts.runs.freeLock(subjectOf(run.request), run.id);
    return answer;
  }

  /** Keeps the set-aside original for another hold time, up to the maximum of policy.yml. */
  async extend(input: { run: string; by: string }): Promise<Answer> {
    return this.#change(input.run, (run, rule) => {
      const refusal = mayStop(run, rule, input.by) ?? notHolding(run);
      if (refusal || !run.hold) return refusal ?? run;
      const keeping = settingsFor(this.#parts.policy, modelName(run.request));
      const until = Math.min(run.hold.maximum, run.hold.until + keepingMs(run.request.target, keeping).keep);
      if (until <= run.hold.until)
        return refused('hold-at-maximum', { run: run.id, until: new Date(run.hold.maximum).toISOString() });
      return { ...run, hold: { ...run.hold, until }, until };
    });
  }

  /** Ends the hold: the set-aside original is removed now. */
  async removeNow(input: { run: string; by: string }): Promise<Answer> {
    return this.#change(input.run, (run, rule) => {
      const refusal = mayStop(run, rule, input.by) ?? notHolding(run);
      if (refusal || !run.hold) return refusal ?? run;
      return { ...run, hold: { ...run.hold, released: { by: input.by, at: this.#parts.clock.now() } } };
    });
  }

  /** Tries again to remove what a finished run left behind. */
  async retryRemoval(input: { run: string; by: string }): Promise<Answer> {
    const before = await this.#parts.runs.load(input.run);
    const answer = await this.#change(input.run, (run, rule) => {
      const refusal = mayStop(run, rule, input.by);
      if (refusal) return refusal;
      if (!canRetryRemoval(run) || !run.hold) return refused('not-waiting', { run: run.id, status: statusWords(run) });
      const released = { by: input.by, at: this.#parts.clock.now() };
      const { remove: _, ...steps } = run.steps;
      const leftovers = run.leftovers.filter((one) => one.what !== 'database');
      return { ...reopened(run), leftovers, steps, hold: { ...run.hold, released } };
    });
    if (answer.ok && before) await this.#startIfReopened(before, answer.run);
    return answer;
  }

  /** Frees the database's lock after a person has put right what an undo could not. */
  async release(input: { run: string; by: string }): Promise<Answer> {
    const answer = await this.#change(input.run, (run, rule) => {
      const verdict = judge([approver], aboutRun(run, rule, input.by));
      if (!verdict.ok) return verdict;
      if (run.status !== 'needs-help' || !run.help) return refused('not-releasable', { run: run.id });
      const at = this.#parts.clock.now();
      return { ...run, status: 'failed', closedAt: at, help: { ...run.help, released: { by: input.by, at } } };
    });
    if (answer.ok) await this.#parts.runs.freeLock(subjectOf(answer.run.request), answer.run.id);
    return answer;
  }

  async find(id: string): Promise<Run | undefined> {
    return this.#parts.runs.load(id);
  }

  async open(): Promise<Run[]> {
    return this.#parts.runs.open();
  }

  async ofDatabase(database: string, limit = 10): Promise<Run[]> {
    return this.#parts.runs.ofDatabase(database.toLowerCase(), limit);
  }

  /** A checked change of a run by a person, and a look soon after it. */
  async #change(id: string, decide: (run: Run, rule: Rule) => Run | Refused): Promise<Answer> {
    const { runs, policy, ticks, clock } = this.#parts;
    let refusal: Refused | undefined;
    const run = await runs.update(id, (now) => {
      const rule = ruleOf(policy, now);
      const changed = rule ? decide(now, rule) : refused('no-rule', { database: subjectOf(now.request) });
      refusal = 'ok' in changed ? changed : undefined;
      return 'ok' in changed ? now : changed;
    });
    if (run === undefined) return refused('unknown-run', { run: id });
    if (refusal) return refusal;
    await runs.lookAt(id, clock.now());
    await ticks.send([{ tick: { kind: 'run', run: id, depth: 0 }, delaySeconds: 0 }]);
    return { ok: true, run };
  }

  async #startIfReopened(before: Run, run: Run): Promise<void> {
    if (isClosed(before)) await this.#parts.executions.start(executionName(run), run.id);
  }

  async #lockedBy(database: string): Promise<Refused | undefined> {
    const lock = await this.#parts.runs.lockOf(database);
    if (lock === undefined) return undefined;
    const holder = await this.#parts.runs.load(lock.run);
    return isLeft(lock, holder, this.#parts.clock.now()) ? undefined : lockRefusal(lock);
  }

  async #undoRefusal(run: Run): Promise<Refused | undefined> {
    if (!takesName(run.request.target.kind)) return refused('nothing-to-undo', { run: run.id });
    if (run.finishedAt === undefined || run.status !== 'succeeded')
      return refused('not-waiting', { run: run.id, status: statusWords(run) });
    if (!canUndo(run))
      return refused('too-late-to-undo', { run: run.id, why: 'the original is removed, or its removal has begun' });
    const subject = subjectOf(run.request);
    const holder = await this.#parts.databases.find(subject);
    const isStillOurs = holder !== undefined && holder.resourceId === run.facts.copy?.resourceId;
    if (!isStillOurs) return refused('too-late-to-undo', { run: run.id, why: `${subject} is another database by now` });
    return undefined;
  }

  /** An Undo is a rescue: it takes the lock from a run that still waits for approval, and from nobody else. */
  async #takeLockForUndo(run: Run, by: string): Promise<Refused | undefined> {
    const { runs, clock, ticks } = this.#parts;
    const database = subjectOf(run.request);
    const wanted: Lock = { database, run: run.id, requester: run.request.requester.id, state: 'held', at: clock.now() };
    const lock = await runs.lockOf(database);
    if (lock === undefined || lock.run === run.id)
      return (await runs.takeLock(wanted)) ? undefined : refused('held', lockValues(wanted));
    const holder = await runs.load(lock.run);
    if (lock.state === 'held' && holder && !isClosed(holder)) return lockRefusal(lock);
    if (!(await runs.takeLock(wanted, lock.run))) return lockRefusal(lock);
    if (holder && !isClosed(holder)) {
      const why = problem('voided', { run: run.id, database, by: mention([by]) });
      await runs.update(holder.id, (now) =>
        now.stop ? now : { ...now, status: 'stopping', stop: { kind: 'cancelled', at: clock.now(), by, problem: why } },
      );
      await runs.lookAt(holder.id, clock.now());
      await ticks.send([{ tick: { kind: 'run', run: holder.id, depth: 0 }, delaySeconds: 0 }]);
    }
    return undefined;
  }

  /** What is wrong with the databases and the source of a wish, as far as a few reads tell; the plan reads the rest. */
  async #trouble(wish: Wish, holder: Database | undefined): Promise<Refused | undefined> {
    const { databases } = this.#parts;
    const subject = subjectOf(wish);
    const isNew = givesName(wish.target.kind);
    if (isNew && holder) return refused('name-taken', { name: subject });
    if (!isNew && holder === undefined) return this.#unknownDatabase(subject);
    const from = subject === wish.database ? holder : await databases.find(wish.database);
    if (from === undefined && !(await this.#isKept(wish)) && wish.target.kind !== 'onto')
      return this.#unknownDatabase(wish.database);
    for (const one of [holder, from]) {
      const unfit = one && unfitDatabase(one);
      // A stopped database's snapshots can be restored elsewhere.
      const counts = one === holder || isLive(wish.source);
      if (unfit && counts) return { ok: false, problem: unfit };
    }
    const unfit = await this.#sourceTrouble(wish, from, wish.target.kind === 'onto' ? holder : from);
    return unfit && { ok: false, problem: unfit };
  }

  async #sourceTrouble(wish: Wish, from: Database | undefined, model: Database | undefined) {
    const { databases } = this.#parts;
    const { source } = wish;
    if (isLive(source) && from === undefined) return problem('unknown-database', { database: wish.database });
    if (source.kind === 'now' || source.kind === 'clone') {
      const unfit = source.kind === 'clone' && from ? unfitClone(from) : undefined;
      return unfit ?? (from && model && misfitOf(wish, { ...from, database: from.name }, model));
    }
    if (source.kind === 'time') {
      if (from === undefined) return problem('unknown-database', { database: wish.database });
      return (
        (await unfitTime(databases, from, source.at)) ??
        (model && misfitOf(wish, { ...from, database: from.name }, model))
      );
    }
    const found = await chooseSnapshot(databases, wish.database, from, source);
    if ('code' in found) return found;
    return model && misfitOf(wish, { ...found, snapshot: found.id }, model);
  }

  /** The database is gone, but a snapshot of ours has kept its settings: it can be cloned, or come back. */
  async #isKept({ database, target }: Pick<Wish, 'database' | 'target'>): Promise<boolean> {
    const canBe = givesName(target.kind) || target.kind === 'replace';
    return canBe && (await this.#parts.snapshots.ofDatabase(database)).length > 0;
  }

  /** “Its own name” of a database that is gone: there is nothing to replace, so that it comes back. */
  async #settled<T extends Wish>(wish: T, holder: Database | undefined): Promise<T> {
    const isGone = wish.target.kind === 'replace' && holder === undefined && (await this.#isKept(wish));
    return isGone ? { ...wish, target: { kind: 'back' } } : wish;
  }

  /** Of two databases, the one that no rule covers. */
  #unruled(wish: Pick<Wish, 'database' | 'target'>): string {
    const alone = { database: wish.database, target: { kind: 'replace' as const } };
    return ruleForWish(this.#parts.policy, alone) ? subjectOf(wish) : wish.database;
  }

  async #unknownDatabase(database: string, names?: string[]): Promise<Refused> {
    // Known to RDS and not to the list: a part of another database, which says so itself.
    const there = await this.#parts.databases.find(database);
    const unfit = there?.unsupported === undefined ? undefined : unfitDatabase(there);
    if (unfit) return { ok: false, problem: unfit };
    const known = names ?? (await this.#parts.inventory.list()).map((entry) => entry.name);
    return refused('unknown-database', { database, suggestion: suggestion(database, known) ?? '' });
  }
}

/** Takes the database's lock for a run, from nobody but a run that has ended. */
export async function reserve(parts: Pick<DoorParts, 'runs' | 'clock'>, run: Run): Promise<Refused | undefined> {
  const subject = subjectOf(run.request);
  const wanted: Lock = {
    database: subject,
    run: run.id,
    requester: run.request.requester.id,
    state: 'reserved',
    at: parts.clock.now(),
  };
  if (await parts.runs.takeLock(wanted)) return undefined;
  const lock = await parts.runs.lockOf(subject);
  if (lock === undefined)
    return (await parts.runs.takeLock(wanted)) ? undefined : refused('reserved', lockValues(wanted));
  const holder = await parts.runs.load(lock.run);
  if (isLeft(lock, holder, parts.clock.now()) && (await parts.runs.takeLock(wanted, lock.run))) return undefined;
  return lockRefusal(lock);
}

/**
 * Whether a lock's holder has gone without freeing it. A finished run that is not being undone holds nothing: it freed
 * its lock, or an Undo took it a moment ago and has yet to say so on the record.
 */
function isLeft(lock: Lock, holder: Run | undefined, now: number): boolean {
  if (holder === undefined || isClosed(holder)) return true;
  return holder.finishedAt !== undefined && holder.stop === undefined && now - lock.at > undoGraceMs;
}

function aboutWish(wish: Pick<Wish, 'database' | 'target'>, rule: Rule, person: string) {
  return { rule, database: subjectOf(wish), person, requester: person };
}

function aboutRun(run: Run, rule: Rule, person: string) {
  const { channel, reason, requester } = run.request;
  return { ...aboutWish(run.request, rule, person), channel, reason, requester: requester.id, run: run.id };
}

/** The name that a person probably meant, if one is near enough. */
export function suggestion(typed: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(typed, known);
  return distance(typed, best) <= Math.max(2, Math.floor(typed.length / 3)) ? best : undefined;
}

/** The rule that a run stands under; when policy.yml has lost it since, what the plan recorded of it. */
function ruleOf(policy: Policy, run: Run): Rule | undefined {
  const rule = ruleForWish(policy, run.request);
  if (rule || !run.plan) return rule;
  const { name, approvers, approvals } = run.plan.rule;
  return Rule.parse({ name, databases: ['*'], request: 'everyone', approve: { by: approvers, count: approvals } });
}

/** A run's status as it reads in a sentence. */
export function statusWords(run: Run): string {
  if (run.status === 'waiting') return run.at?.step === 'approval' ? 'waiting for approval' : 'waiting';
  if (run.status === 'needs-help') return 'waiting for help';
  return run.status === 'stopping' ? 'being taken back' : run.status;
}

function lockRefusal(lock: Lock): Refused {
  return refused(lock.state, lockValues(lock));
}

function lockValues(lock: Lock): Record<string, string> {
  return { database: lock.database, run: lock.run, requester: mention([lock.requester]) };
}

function mayStop(run: Run, rule: Rule, person: string): Refused | undefined {
  const allowed = [run.request.requester.id, ...rule.approve.by];
  return allowed.includes(person)
    ? undefined
    : refused('not-a-canceller', { run: run.id, allowed: mention([...new Set(allowed)]) });
}

function notHolding(run: Run): Refused | undefined {
  const isHolding =
    run.hold !== undefined && run.at?.step === 'hold' && !run.hold.released && !run.stop && !isClosed(run);
  return isHolding ? undefined : refused('not-waiting', { run: run.id, status: statusWords(run) });
}

/** A closed run that goes on: the next execution of its name is a recovery. */
function reopened(run: Run): Run {
  if (!isClosed(run)) return run;
  const { closedAt: _, ...rest } = run;
  return { ...rest, recoveries: run.recoveries + 1 };
}
