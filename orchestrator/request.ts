import { closest, distance } from 'fastest-levenshtein';
import { problem, type Refused, refused } from './errors';
import { runIdFor } from './names';
import { chooseSnapshot, unfitDatabase } from './plan';
import { judge, mention, type Policy, Rule, ruleFor, settingsFor } from './policy';
import type { Clock, Databases, Executions, Inventory, Lock, Runs, Ticks } from './ports';
import { approver } from './rules/approver';
import { channel } from './rules/channel';
import { fourEyes } from './rules/four-eyes';
import { reason } from './rules/reason';
import { requester } from './rules/requester';
import { canRetryRemoval, canUndo, executionName, isClosed, newRun, type RestoreRequest, type Run } from './run';

/** A run without execution after this long is started by the watcher. */
export const startGraceMs = 30_000;

/** Between an Undo's lock and its record lies one write. */
const undoGraceMs = 60_000;

const requestRules = [requester, channel, reason];
const decisionRules = { approve: [approver, fourEyes], deny: [approver] };

export interface DoorParts {
  runs: Runs;
  databases: Databases;
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

  /** Whether this person may ask for this database here, as far as policy, locks and the inventory know. */
  async mayRequest(input: {
    database: string;
    person: string;
    channel: string;
  }): Promise<{ ok: true; rule: Rule } | Refused> {
    const name = input.database.toLowerCase();
    const known = await this.#parts.inventory.list();
    const isKnown = known.length === 0 || known.some((entry) => entry.name === name);
    if (!isKnown)
      return this.#unknownDatabase(
        name,
        known.map((entry) => entry.name),
      );
    const rule = ruleFor(this.#parts.policy, name);
    if (rule === undefined) return refused('no-rule', { database: name });
    const facts = {
      rule,
      database: name,
      person: input.person,
      channel: input.channel,
      reason: '',
      requester: input.person,
      run: '',
    };
    const verdict = judge([requester, channel], facts);
    if (!verdict.ok) return verdict;
    return (await this.#lockedBy(name)) ?? { ok: true, rule };
  }

  /** Asks for a restore: at most two reads of RDS, then the run, its lock and its execution, in this order. */
  async request(input: Omit<RestoreRequest, 'at'>): Promise<Answer> {
    const { runs, databases, executions, policy, clock } = this.#parts;
    const name = input.database.toLowerCase();
    const rule = ruleFor(policy, name);
    const person = input.requester.id;
    const id = runIdFor(input.key);

    if (rule === undefined)
      return (await databases.find(name)) ? refused('no-rule', { database: name }) : this.#unknownDatabase(name);
    const facts = {
      rule,
      database: name,
      person,
      channel: input.channel,
      reason: input.reason,
      requester: person,
      run: id,
    };
    const verdict = judge(requestRules, facts);
    if (!verdict.ok) return verdict;

    const database = await databases.find(name);
    if (database === undefined) return this.#unknownDatabase(name);
    const unfit = unfitDatabase(database);
    if (unfit) return { ok: false, problem: unfit };
    const snapshot = await chooseSnapshot(databases, database, input.snapshot);
    if ('code' in snapshot) return { ok: false, problem: snapshot };

    const earlier = await runs.load(id);
    if (earlier) return refused('already-requested', { run: id });
    const locked = await this.#lockedBy(name);
    if (locked) return locked;

    const run = newRun(id, { ...input, database: name, snapshot: input.snapshot, at: clock.now() });
    if (!(await runs.create(run, clock.now() + startGraceMs))) return refused('already-requested', { run: id });
    const lost = await reserve(this.#parts, run);
    if (lost) {
      await runs.discard(id);
      return lost;
    }
    await executions.start(executionName(run), id);
    return { ok: true, run };
  }

  /** One person's yes or no to the plan that this person saw. */
  async decide(input: DecisionInput): Promise<Answer> {
    return this.#change(input.run, (run, rule) => {
      const decisionAt = run.at?.step === 'approval' && run.status === 'waiting' && run.stop === undefined;
      const facts = {
        rule,
        database: run.request.database,
        person: input.by,
        channel: run.request.channel,
        reason: run.request.reason,
        requester: run.request.requester.id,
        run: run.id,
      };
      const verdict = judge(decisionRules[input.decision], facts);
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
    if (!rule) return refused('no-rule', { database: run.request.database });
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
      await this.#parts.runs.freeLock(run.request.database, run.id);
    return answer;
  }

  /** Keeps the set-aside original for another hold time, up to the maximum of policy.yml. */
  async extend(input: { run: string; by: string }): Promise<Answer> {
    return this.#change(input.run, (run, rule) => {
      const refusal = mayStop(run, rule, input.by) ?? notHolding(run);
      if (refusal || !run.hold) return refusal ?? run;
      const { hold } = settingsFor(this.#parts.policy, run.request.database);
      const until = Math.min(run.hold.maximum, run.hold.until + hold);
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
      const facts = {
        rule,
        database: run.request.database,
        person: input.by,
        channel: run.request.channel,
        reason: '',
        requester: run.request.requester.id,
        run: run.id,
      };
      const verdict = judge([approver], facts);
      if (!verdict.ok) return verdict;
      if (run.status !== 'needs-help' || !run.help) return refused('not-releasable', { run: run.id });
      const at = this.#parts.clock.now();
      return { ...run, status: 'failed', closedAt: at, help: { ...run.help, released: { by: input.by, at } } };
    });
    if (answer.ok) await this.#parts.runs.freeLock(answer.run.request.database, answer.run.id);
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
      const changed = rule ? decide(now, rule) : refused('no-rule', { database: now.request.database });
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
    if (run.finishedAt === undefined || run.status !== 'succeeded')
      return refused('not-waiting', { run: run.id, status: statusWords(run) });
    if (!canUndo(run))
      return refused('too-late-to-undo', { run: run.id, why: 'the original is removed, or its removal has begun' });
    const holder = await this.#parts.databases.find(run.request.database);
    const isStillOurs = holder !== undefined && holder.resourceId === run.facts.copy?.resourceId;
    if (!isStillOurs)
      return refused('too-late-to-undo', { run: run.id, why: `${run.request.database} is another database by now` });
    return undefined;
  }

  /** An Undo is a rescue: it takes the lock from a run that still waits for approval, and from nobody else. */
  async #takeLockForUndo(run: Run, by: string): Promise<Refused | undefined> {
    const { runs, clock, ticks } = this.#parts;
    const database = run.request.database;
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

  async #unknownDatabase(database: string, names?: string[]): Promise<Refused> {
    const known = names ?? (await this.#parts.inventory.list()).map((entry) => entry.name);
    return refused('unknown-database', { database, suggestion: suggestion(database, known) ?? '' });
  }
}

/** Takes the database's lock for a run, from nobody but a run that has ended. */
export async function reserve(parts: Pick<DoorParts, 'runs' | 'clock'>, run: Run): Promise<Refused | undefined> {
  const wanted: Lock = {
    database: run.request.database,
    run: run.id,
    requester: run.request.requester.id,
    state: 'reserved',
    at: parts.clock.now(),
  };
  if (await parts.runs.takeLock(wanted)) return undefined;
  const lock = await parts.runs.lockOf(run.request.database);
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

/** The name that a person probably meant, if one is near enough. */
export function suggestion(typed: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(typed, known);
  return distance(typed, best) <= Math.max(2, Math.floor(typed.length / 3)) ? best : undefined;
}

/** The rule that a run stands under; when policy.yml has lost it since, what the plan recorded of it. */
function ruleOf(policy: Policy, run: Run): Rule | undefined {
  const rule = ruleFor(policy, run.request.database);
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
