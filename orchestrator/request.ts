import { closest, distance } from 'fastest-levenshtein';
import type { AuditEvent } from './audit-event';
import { type Problem, problem, type Refused, refused, refusedFor } from './errors';
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
import {
  countsAs,
  judge,
  type Membership,
  mention,
  mentionApprovers,
  type Policy,
  Rule,
  type RuleFacts,
  settingsFor,
  type Verdict,
} from './policy';
import type {
  Clock,
  Database,
  Databases,
  Executions,
  Freeze,
  Freezes,
  Inventory,
  Lock,
  OwnSnapshots,
  Runs,
  Snapshot,
  Ticks,
} from './ports';
import { approver } from './rules/approver';
import { channel } from './rules/channel';
import { fourEyes } from './rules/four-eyes';
import { glassBreaker } from './rules/glass-breaker';
import { reason } from './rules/reason';
import { requester } from './rules/requester';
import { ticket } from './rules/ticket';
import {
  type BrokenGlass,
  brokenGlass,
  canRetryRemoval,
  canUndo,
  countingDecisions,
  countsFor,
  type Decision,
  type DecisionGate,
  executionName,
  gateAtHand,
  isClosed,
  newRun,
  type RestoreRequest,
  type Run,
} from './run';
import { freezeValues, minute, standstill } from './standstill';
import { givesName, isLive, subjectOf, Target, takesName, type Wish } from './wish';

/** A run without execution after this long is started by the watcher. */
export const startGraceMs = 30_000;

/** What a run can wait for its time: what it restores was chosen when it was asked for. */
const startWithinMs = 7 * 86_400_000;
/** A time that has just passed while the form was read is no mistake. */
const startSlackMs = 5 * 60_000;

/** How many closed runs are looked through for a clone that is asked for by its own name. */
const lately = 50;

/** Between an Undo's lock and its record lies one write. */
const undoGraceMs = 60_000;

const requestRules = [requester, channel, reason, ticket];
const decisionRules = { approve: [approver, fourEyes], deny: [approver] };

export interface DoorParts {
  runs: Runs;
  databases: Databases;
  snapshots: OwnSnapshots;
  executions: Executions;
  ticks: Ticks;
  inventory: Inventory;
  freezes: Freezes;
  policy: Policy;
  clock: Clock;
  /**
   * Whether so many calls outside, one after another, can still be waited for; absent: nobody waits. What the watcher
   * does by itself within minutes is not worth an answer that comes too late.
   */
  hasTimeFor?: (calls: number) => boolean;
}

/** What is known of a request before it is made. */
export interface Reviewed {
  ok: true;
  wish: Wish;
  rule: Rule;
  /** Who has the name now that the run takes or works on. */
  holder: Database | undefined;
  /** Whose data it is; absent when the database itself is gone. */
  from: Database | undefined;
  /** The snapshot that would be restored, as far as one is there already. */
  snapshot: Snapshot | undefined;
}

/** What stands in the way of a request; whether broken glass goes over it, and which waiting run would give way. */
interface HeldUp {
  problem: Problem;
  yieldsToGlass: boolean;
  voidable?: Run;
}

export type Accepted = { ok: true; run: Run };
export type Answer = Accepted | Refused;

/** A person who wants something of a run. Who that is comes from a signed request, and never from what was typed. */
export interface Acting {
  run: string;
  by: string;
  /** The groups of the policy that this person is in; absent: none. */
  groups?: Membership | undefined;
  /** The channel from which it came. */
  from?: string | undefined;
}

export interface DecisionInput extends Acting {
  decision: 'approve' | 'deny';
  /** For which gate a yes is meant; a no ends the run at whichever it waits. Absent: the approval. */
  gate?: DecisionGate;
  /** The hash on the card that the person looked at. */
  planHash: string;
  reason?: string;
}

export interface GlassInput extends Acting {
  planHash: string;
  reason: string;
  /** The database's name, typed by the person: nobody breaks the glass by a slip. */
  typed: string;
}

/** An emergency that was there already when somebody asked. */
export interface GlassAtRequest {
  reason: string;
  typed: string;
  groups?: Membership | undefined;
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
    /** It goes under another name, which the form has yet to ask for: nobody else's lock stands in its way. */
    asksName?: boolean;
    person: string;
    channel: string;
    groups?: Membership;
    /** It was just found that the databases are there. */
    isThere?: boolean;
  }): Promise<{ ok: true; rule: Rule } | Refused> {
    const name = input.database.toLowerCase();
    const wish = { database: name, target: input.target ?? { kind: 'replace' as const } };
    const target = Target.safeParse(wish.target);
    if (!target.success) return refused('not-a-name', { name: subjectOf(wish) });
    const rule = ruleForWish(this.#parts.policy, wish);
    // People wait: what does not depend on another answer is asked beside it.
    const [list, held] = await Promise.all([
      input.isThere ? [] : this.#parts.inventory.list(),
      rule && this.#heldUp(wish, rule, input.asksName),
    ]);
    const known = list.map((entry) => entry.name);
    const isKnown = (one: string) => known.length === 0 || known.includes(one);
    if (!isKnown(name)) {
      const [isKept, unknown] = await Promise.all([this.#isKept(wish), this.#unknownDatabase(name, known)]);
      if (!isKept) return unknown;
    }
    if (wish.target.kind === 'onto' && !isKnown(subjectOf(wish))) return this.#unknownDatabase(subjectOf(wish), known);
    if (rule === undefined) return refused('no-rule', { database: this.#unruled(wish) });
    const facts = { ...aboutWish(wish, rule, input.person), channel: input.channel, reason: '', run: '' };
    const verdict = judge([requester, channel], facts);
    if (!verdict.ok) return verdict;
    // Whoever may break the glass gets as far as the question whether to.
    if (held?.yieldsToGlass && judge([glassBreaker], { ...facts, groups: input.groups }).ok) return { ok: true, rule };
    return held ? { ok: false, problem: held.problem } : { ok: true, rule };
  }

  /** What stands in the way of a request for now: a freeze, or another run's lock. */
  async #heldUp(wish: Pick<Wish, 'database' | 'target'>, rule: Rule, asksName = false): Promise<HeldUp | undefined> {
    const { freezes, policy, clock } = this.#parts;
    const subject = subjectOf(wish);
    const touched = [...new Set([subject, wish.database])];
    const [freeze, lock] = await Promise.all([freezes.current(), asksName ? undefined : this.#lockHeld(subject)]);
    const frozen = standstill(policy, freeze, touched, clock.now(), rule.breakGlass);
    if (frozen && !frozen.yieldsToGlass) return frozen;
    if (lock === undefined) return frozen;
    const { problem: why } = lockRefusal(lock);
    // Only a request that still waits gives way; whatever has begun goes on.
    return lock.state === 'reserved'
      ? { problem: why, yieldsToGlass: rule.breakGlass !== undefined, voidable: lock.holder }
      : { problem: why, yieldsToGlass: false };
  }

  /** The same for the words as typed, before anybody knows what comes of them. */
  async #heldAsTyped(typed: Wish): Promise<HeldUp | undefined> {
    const rule = Target.safeParse(typed.target).success ? ruleForWish(this.#parts.policy, typed) : undefined;
    return rule && this.#heldUp(typed, rule);
  }

  /** What was found for the words as typed counts where they are what is meant; else it is asked anew. */
  async #heldNow(typed: Wish, { wish, rule }: Pick<Reviewed, 'wish' | 'rule'>, held: HeldUp | undefined) {
    const isAsTyped = wish.database === typed.database && wish.target.kind === typed.target.kind;
    return isAsTyped ? held : this.#heldUp(wish, rule);
  }

  /**
   * Asks for a run: a few reads of RDS, then the run, its lock and its execution, in this order.
   * `execution`: the one that has started already and now asks. `glass`: an emergency, which a waiting request gives way to.
   */
  async request(input: Omit<RestoreRequest, 'at'>, execution?: string, glass?: GlassAtRequest): Promise<Answer> {
    const { runs, executions, clock } = this.#parts;
    const id = runIdFor(input.key);
    // Beside each other: people wait.
    const [checked, heldAsTyped] = await Promise.all([this.#checked(input, id), this.#heldAsTyped(input)]);
    if (!checked.ok) return checked;
    const { wish, rule, facts } = checked;
    const person = input.requester.id;

    const unbroken = glass && glassRefusal(glass, { ...facts, groups: glass.groups });
    if (unbroken) return unbroken;
    const held = await this.#heldNow(input, checked, heldAsTyped);
    const isInTheWay = held && !(glass && held.yieldsToGlass);
    // What is in its way may be this very request, sent before.
    if (held?.voidable?.id === id || (isInTheWay && (await runs.load(id))))
      return refused('already-requested', { run: id });
    if (isInTheWay) return { ok: false, problem: held.problem };

    const routed = rule.route === undefined ? wish : { ...wish, channel: rule.route, askedIn: input.channel };
    const voidable = held?.voidable;
    const since = { at: clock.now(), from: input.channel, voidable: voidable?.id };
    const broken = glass && glassAtRequest(rule, person, glass, since);
    const fresh = newRun(id, { ...routed, at: clock.now() }, broken);
    const run = execution === undefined ? fresh : { ...fresh, execution };
    if (!(await runs.create(run, clock.now() + startGraceMs))) return refused('already-requested', { run: id });
    // Where the lock cannot be taken from the one that gives way, it has lost it to somebody else.
    const [lost] = await Promise.all([
      reserve(this.#parts, run, voidable?.id),
      voidable && broken && this.#void(voidable, glassVoids(run, broken)),
    ]);
    if (lost) {
      await runs.discard(id);
      return lost;
    }
    const start = execution === undefined && this.#hasTimeFor(1) && executions.start(executionName(run), id);
    await Promise.all([start, voidable && this.#lookSoon(voidable.id)]);
    return { ok: true, run };
  }

  /**
   * What would be done, and what is known to stand in its way: the reads and refusals of a request, and nothing written.
   * A freeze or a lock that yields to broken glass is `held`.
   */
  async review(
    input: Omit<RestoreRequest, 'at' | 'key'> & { groups?: Membership | undefined },
  ): Promise<(Reviewed & { held?: Problem }) | Refused> {
    const [checked, heldAsTyped] = await Promise.all([this.#checked(input, ''), this.#heldAsTyped(input)]);
    if (!checked.ok) return checked;
    const { facts, ...reviewed } = checked;
    const held = await this.#heldNow(input, reviewed, heldAsTyped);
    if (held === undefined) return reviewed;
    const mayBreak = held.yieldsToGlass && judge([glassBreaker], { ...facts, groups: input.groups }).ok;
    return mayBreak ? { ...reviewed, held: held.problem } : { ok: false, problem: held.problem };
  }

  /** Everything that policy.yml and a few reads of RDS can say against a request. */
  async #checked<T extends Omit<RestoreRequest, 'at' | 'key'>>(
    input: T,
    run: string,
  ): Promise<(Reviewed & { wish: T; facts: RuleFacts }) | Refused> {
    const { databases, policy, clock } = this.#parts;
    const asked = { ...input, database: input.database.toLowerCase() };
    const isNamed = Target.safeParse(asked.target).success;
    const misnamed = isNamed ? [] : [problem('not-a-name', { name: subjectOf(asked) })];
    // What else is wrong does not depend on how the copy would be called.
    const named = isNamed ? asked : { ...asked, target: { kind: 'replace' as const } };
    const rule = ruleForWish(policy, named);
    if (rule === undefined) {
      const unruled = this.#unruled(named);
      return (await databases.find(unruled))
        ? refused('no-rule', { database: unruled })
        : this.#unknownDatabase(unruled);
    }
    const { channel, reason } = input;
    const facts = { ...aboutWish(named, rule, input.requester.id), channel, reason, run };
    // Whoever may not ask at all is not told the rest.
    const stranger = judge([requester], facts);
    if (!stranger.ok) return stranger;
    const wrong = [
      ...misnamed,
      ...requestRules.map((one) => problemOf(one(facts))),
      unfitWish(policy, rule, named),
      unfitStart(asked.startAt, clock.now()),
    ].filter((one) => one !== undefined);
    const holder = await databases.find(subjectOf(named));
    const wish = await this.#settled(named, holder);
    const found = await this.#trouble(wish, holder);
    if (!found.ok) return refusedFor([...wrong, found.problem, ...(found.also ?? [])]) ?? found;
    return refusedFor(wrong) ?? { ...found, wish, rule, holder, facts };
  }

  /** Begins a run at once that was to wait for its time. Whoever said yes to that time has a say in another. */
  async startNow(input: Acting): Promise<Answer> {
    return this.#change(input, 'start now', (run, rule) => {
      const needsApproval = rule.approve.count > 0 && run.request.target.kind !== 'none';
      const facts = aboutRun(run, rule, input);
      const refusal = needsApproval
        ? earlyRefusal(judge([approver, fourEyes], facts), run, rule)
        : mayStop(run, rule, input);
      if (refusal) return refusal;
      const isWaiting = run.status === 'waiting' && run.at?.step === 'start-time' && run.stop === undefined;
      if (!isWaiting || run.startedNow) return refused('not-waiting', { run: run.id, status: statusWords(run) });
      return { ...run, startedNow: { by: input.by, at: this.#parts.clock.now() } };
    });
  }

  /** Whether this person may say yes or no to this run now, as far as anybody knows before he does. `known`: just read. */
  async mayDecide(input: Omit<DecisionInput, 'planHash' | 'reason'>, known?: Run): Promise<Answer> {
    const { runs, freezes } = this.#parts;
    const [run, freeze] = await Promise.all([known ?? runs.load(input.run), freezes.current()]);
    if (run === undefined) return refused('unknown-run', { run: input.run });
    const rule = ruleOf(this.#parts.policy, run);
    if (rule === undefined) return refused('no-rule', { database: subjectOf(run.request) });
    const seen = { ...input, planHash: run.planHash ?? '' };
    return this.#decisionRefusal(run, rule, seen, freeze) ?? { ok: true, run };
  }

  /** One person's yes or no to the plan that this person saw. */
  async decide(input: DecisionInput): Promise<Answer> {
    const { by, decision, planHash, from, reason } = input;
    if (decision === 'deny' && !reason?.trim()) return refused('deny-reason-missing');
    const { runs, freezes } = this.#parts;
    const [known, freeze] = await Promise.all([runs.load(input.run), freezes.current()]);
    const decided = (run: Run, rule: Rule): Run | Refused => {
      const refusal = this.#decisionRefusal(run, rule, input, freeze);
      if (refusal) return refusal;
      const as = countsAs(rule.approve, identities(input)).filter((id) => id !== by);
      const made: Decision = { by, at: this.#parts.clock.now(), decision, planHash };
      const gate = gateAtHand(run);
      const more = {
        ...(as.length > 0 && { as }),
        ...(gate !== 'approval' && { gate }),
        ...(from !== undefined && { from }),
        ...(reason && { reason: reason.trim() }),
      };
      return { ...run, decisions: [...run.decisions, { ...made, ...more }] };
    };
    return this.#change(input, decision, decided, { known });
  }

  #decisionRefusal(
    run: Run,
    rule: Rule,
    input: Omit<DecisionInput, 'reason'>,
    freeze: Freeze | undefined,
  ): Refused | undefined {
    const { by, decision, planHash } = input;
    const verdict = judge(decisionRules[decision], aboutRun(run, rule, input));
    if (!verdict.ok) return verdict;
    const gate = gateAtHand(run);
    const isMeant = decision === 'deny' || gate === (input.gate ?? 'approval');
    if (gate === undefined || !isMeant) return refused('not-waiting', { run: run.id, status: statusWords(run) });
    if (run.planHash !== planHash) return refused('stale-plan', { run: run.id });
    const counting = countingDecisions(run, gate);
    if (counting.some((one) => one.by === by)) return refused('already-decided', { run: run.id });
    if (decision === 'deny') return undefined;
    const { policy, clock } = this.#parts;
    const frozen = standstill(policy, freeze, [subjectOf(run.request)], clock.now(), rule.breakGlass);
    if (frozen) return { ok: false, problem: frozen.problem };
    const yes = counting.filter((one) => one.decision === 'approve' && countsFor(rule, run.request.requester.id, one));
    const isEnough = yes.length >= (gate === 'approval' ? rule.approve.count : 1);
    if (isEnough) return refused('enough-approvals', { run: run.id, by: mention(yes.map((one) => one.by)) });
    return undefined;
  }

  /** Passes over what a gate waits for: approvals, a second look, a window, a freeze of the calendar. All are told. */
  async breakGlass(input: GlassInput): Promise<Answer> {
    const { runs, freezes } = this.#parts;
    const [known, freeze] = await Promise.all([runs.load(input.run), freezes.current()]);
    const broken = (run: Run, rule: Rule): Run | Refused => {
      const { by, planHash, from } = input;
      const refusal = glassRefusal(input, aboutRun(run, rule, input));
      if (refusal) return refusal;
      if (freeze) return refused('frozen', freezeValues(freeze));
      const gate = gateAtHand(run);
      if (gate === undefined) return refused('not-waiting', { run: run.id, status: statusWords(run) });
      if (run.planHash !== planHash) return refused('stale-plan', { run: run.id });
      const earlier = brokenGlass(run, gate);
      if (earlier) return refused('glass-broken-already', { run: run.id, by: mention([earlier.by]) });
      const as = rule.breakGlass ? countsAs(rule.breakGlass, identities(input)).filter((id) => id !== by) : [];
      const glass: BrokenGlass = { by, at: this.#parts.clock.now(), reason: input.reason.trim(), gate, planHash };
      const more = { ...(as.length > 0 && { as }), ...(from !== undefined && { from }) };
      return { ...run, glass: [...(run.glass ?? []), { ...glass, ...more }] };
    };
    return this.#change(input, 'break glass', broken, { known });
  }

  /** Whether this person may break the glass of this run now: for whoever asks him why. */
  async mayBreakGlass(input: Acting): Promise<Answer> {
    const { runs, freezes } = this.#parts;
    const [run, freeze] = await Promise.all([runs.load(input.run), freezes.current()]);
    if (run === undefined) return refused('unknown-run', { run: input.run });
    const rule = ruleOf(this.#parts.policy, run);
    if (rule === undefined) return refused('no-rule', { database: subjectOf(run.request) });
    const verdict = judge([glassBreaker], aboutRun(run, rule, input));
    if (!verdict.ok) return verdict;
    if (freeze) return refused('frozen', freezeValues(freeze));
    return gateAtHand(run) === undefined
      ? refused('not-waiting', { run: run.id, status: statusWords(run) })
      : { ok: true, run };
  }

  /** Whether this person may freeze and unfreeze. */
  async mayAdministrate(input: Omit<Acting, 'run'>): Promise<{ ok: true } | Refused> {
    return this.#notAdministrator(input) ?? { ok: true };
  }

  /** Stops everything: no run starts, and no gate opens, until somebody unfreezes. */
  async freeze(input: Omit<Acting, 'run'> & { reason: string }): Promise<{ ok: true; freeze: Freeze } | Refused> {
    const { freezes, clock } = this.#parts;
    const refusal = this.#notAdministrator(input);
    if (refusal) return refusal;
    const reason = input.reason.trim();
    if (reason === '') return refused('freeze-reason-missing');
    const freeze = { by: input.by, at: clock.now(), reason };
    if (await freezes.freeze(freeze, input.from)) return { ok: true, freeze };
    const current = await freezes.current();
    return current ? refused('already-frozen', freezeValues(current)) : refused('not-frozen');
  }

  /** Lets everything go on. `woken`: settles when the gates that it kept shut are asked to look again. */
  async unfreeze(input: Omit<Acting, 'run'>): Promise<{ ok: true; freeze: Freeze; woken: Promise<unknown> } | Refused> {
    const { freezes, runs, clock } = this.#parts;
    const refusal = this.#notAdministrator(input);
    if (refusal) return refusal;
    const freeze = await freezes.current();
    if (freeze === undefined) return refused('not-frozen');
    // Beside each other: people wait, and a gate that is reached in between looks again by itself.
    const [isLifted, open] = await Promise.all([freezes.lift(freeze, input.by, clock.now(), input.from), runs.open()]);
    if (!isLifted) return refused('not-frozen');
    const waiting = open.filter((run) => run.status === 'waiting' && run.stop === undefined);
    return { ok: true, freeze, woken: this.#wake(waiting) };
  }

  async #wake(waiting: readonly Run[]): Promise<void> {
    const { runs, ticks, clock } = this.#parts;
    await Promise.all(waiting.map((run) => runs.lookAt(run.id, clock.now())));
    if (this.#hasTimeFor(1)) await ticks.send([{ tick: { kind: 'look', depth: 0 }, delaySeconds: 0 }]);
  }

  /** The administrators' stop, if there is one; what the calendar holds up is said by `heldUpNow`. */
  async frozen(): Promise<Freeze | undefined> {
    return this.#parts.freezes.current();
  }

  #notAdministrator(input: Omit<Acting, 'run'>): Refused | undefined {
    const { administrators } = this.#parts.policy;
    if (countsAs({ by: administrators }, identities(input)).length > 0) return undefined;
    const unread = (input.groups?.unknown ?? []).filter((id) => administrators.includes(id));
    if (unread.length > 0) return refused('groups-unknown', { groups: mention(unread) });
    return refused('not-an-administrator', { allowed: mention(administrators) });
  }

  /** Whether this person may cancel or undo this run, as far as anybody knows before he does. `known`: just read. */
  async mayStop(input: Acting, known?: Run): Promise<Answer> {
    const run = known ?? (await this.#parts.runs.load(input.run));
    if (run === undefined) return refused('unknown-run', { run: input.run });
    const rule = ruleOf(this.#parts.policy, run);
    if (rule === undefined) return refused('no-rule', { database: subjectOf(run.request) });
    return mayStop(run, rule, input) ?? { ok: true, run };
  }

  /** Stops a run that has not finished; what it made is taken back. */
  async cancel(input: Acting): Promise<Answer> {
    return this.#change(input, 'cancel', (run, rule) => {
      const refusal = mayStop(run, rule, input);
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
  async undo(input: Acting): Promise<Answer> {
    const run = await this.#parts.runs.load(input.run);
    const rule = run && ruleOf(this.#parts.policy, run);
    if (!run) return refused('unknown-run', { run: input.run });
    if (!rule) return refused('no-rule', { database: subjectOf(run.request) });
    const unfit = mayStop(run, rule, input) ?? undoRefusal(run);
    if (unfit) return unfit;
    // Beside each other: people wait. Where the name has gone to another database, the lock is given back.
    const [isStillOurs, lock] = await Promise.all([this.#holdsName(run), this.#takeLockForUndo(run)]);
    const giveBack = async (): Promise<void> => {
      if ((await this.#parts.runs.load(run.id))?.stop === undefined)
        await this.#parts.runs.freeLock(subjectOf(run.request), run.id);
    };
    if (!isStillOurs) {
      if (lock.ok) await giveBack();
      const why = `${subjectOf(run.request)} is another database by now`;
      return refused('too-late-to-undo', { run: run.id, why });
    }
    if (!lock.ok) return lock;
    const by = input.by;
    const decide = (now: Run): Run | Refused => {
      if (!canUndo(now) || now.stop) return refused('not-waiting', { run: now.id, status: statusWords(now) });
      const at = this.#parts.clock.now();
      return {
        ...reopened(now),
        status: 'stopping',
        stop: { kind: 'undone', at, by, problem: problem('undone', { by: mention([by]) }) },
      };
    };
    const { gaveWay } = lock;
    const [answer] = await Promise.all([
      this.#change(input, 'undo', decide, { known: run, after: (now) => this.#startIfReopened(run, now) }),
      gaveWay && this.#void(gaveWay, { why: problem('voided', voidedValues(run, by)), by }),
    ]);
    if (!answer.ok) await giveBack();
    if (gaveWay) await this.#lookSoon(gaveWay.id);
    return answer;
  }

  /** Keeps the set-aside original for another hold time, up to the maximum of policy.yml. */
  async extend(input: Acting): Promise<Answer> {
    return this.#change(input, 'keep longer', (run, rule) => {
      const refusal = mayStop(run, rule, input) ?? notHolding(run);
      if (refusal || !run.hold) return refusal ?? run;
      const keeping = settingsFor(this.#parts.policy, modelName(run.request));
      const until = Math.min(run.hold.maximum, run.hold.until + keepingMs(run.request.target, keeping).keep);
      if (until <= run.hold.until) return refused('hold-at-maximum', { run: run.id, until: minute(run.hold.maximum) });
      const extended = { by: input.by, at: this.#parts.clock.now() };
      return { ...run, hold: { ...run.hold, until, extended }, until };
    });
  }

  /** Ends the hold: the set-aside original is removed now. */
  async removeNow(input: Acting): Promise<Answer> {
    return this.#change(input, 'remove now', (run, rule) => {
      const refusal = mayStop(run, rule, input) ?? notHolding(run);
      if (refusal || !run.hold) return refusal ?? run;
      return { ...run, hold: { ...run.hold, released: { by: input.by, at: this.#parts.clock.now() } } };
    });
  }

  /** Tries again to remove what a finished run left behind. */
  async retryRemoval(input: Acting): Promise<Answer> {
    const known = await this.#parts.runs.load(input.run);
    const retried = (run: Run, rule: Rule): Run | Refused => {
      const refusal = mayStop(run, rule, input);
      if (refusal) return refusal;
      if (!canRetryRemoval(run) || !run.hold) return refused('not-waiting', { run: run.id, status: statusWords(run) });
      const released = { by: input.by, at: this.#parts.clock.now() };
      const { remove: _, ...steps } = run.steps;
      const leftovers = run.leftovers.filter((one) => one.what !== 'database');
      return { ...reopened(run), leftovers, steps, hold: { ...run.hold, released } };
    };
    const after = async (now: Run): Promise<void> => known && this.#startIfReopened(known, now);
    return this.#change(input, 'retry removal', retried, { known, after });
  }

  /** Frees the database's lock after a person has put right what an undo could not. */
  async release(input: Acting): Promise<Answer> {
    const released = (run: Run, rule: Rule): Run | Refused => {
      const verdict = judge([approver], aboutRun(run, rule, input));
      if (!verdict.ok) return verdict;
      if (run.status !== 'needs-help' || !run.help) return refused('not-releasable', { run: run.id });
      const at = this.#parts.clock.now();
      return { ...run, status: 'failed', closedAt: at, help: { ...run.help, released: { by: input.by, at } } };
    };
    const after = (run: Run): Promise<void> => this.#parts.runs.freeLock(subjectOf(run.request), run.id);
    return this.#change(input, 'release', released, { after });
  }

  async find(id: string): Promise<Run | undefined> {
    return this.#parts.runs.load(id);
  }

  async open(): Promise<Run[]> {
    return this.#parts.runs.open();
  }

  /** Runs that have ended, those asked for last first. */
  async recent(limit = 10): Promise<Run[]> {
    return this.#parts.runs.recent(limit);
  }

  /** Ids of the runs that `open` and `recent` tell of; the list may be a moment old, and `all` says what is true of them. */
  async listed(...list: Parameters<Runs['listed']>): Promise<string[]> {
    return this.#parts.runs.listed(...list);
  }

  async all(ids: readonly string[]): Promise<Run[]> {
    return this.#parts.runs.all(ids);
  }

  /** Whom this run has refused, oldest first. */
  async refusals(id: string): Promise<AuditEvent[]> {
    return this.#parts.runs.refusals(id);
  }

  /** Newest first. A clone's run belongs to the history of its source: by its own name it is one of the latest, or none. */
  async ofDatabase(database: string, limit = 10): Promise<Run[]> {
    const { runs } = this.#parts;
    const name = database.toLowerCase();
    const known = await runs.ofDatabase(name, limit);
    if (known.length > 0) return known;
    const isClone = ({ request }: Run) => request.target.kind === 'new' && request.target.name === name;
    const others = (await Promise.all([runs.open(), runs.recent(lately)])).flat().filter(isClone);
    const unique = new Map(others.map((run) => [run.id, run]));
    return [...unique.values()].sort((one, other) => other.request.at - one.request.at).slice(0, limit);
  }

  /**
   * A checked change of a run by a person, and a look soon after it; a refusal is written down beside the run. `known`:
   * the record as it was just read; `after`: what the change entails.
   */
  async #change(
    acting: Acting,
    what: string,
    decide: (run: Run, rule: Rule) => Run | Refused,
    { known, after }: { known?: Run | undefined; after?: (run: Run) => Promise<void> } = {},
  ): Promise<Answer> {
    const { runs, policy, clock } = this.#parts;
    const { run: id, by, from } = acting;
    let refusal: Refused | undefined;
    const transition = (now: Run): Run => {
      const rule = ruleOf(policy, now);
      const changed = rule ? decide(now, rule) : refused('no-rule', { database: subjectOf(now.request) });
      refusal = 'ok' in changed ? changed : undefined;
      return 'ok' in changed ? now : changed;
    };
    const run = await runs.update(id, transition, known ?? (await runs.load(id)));
    if (run === undefined) return refused('unknown-run', { run: id });
    if (refusal) {
      const at = clock.now();
      const hash = run.planHash === undefined ? {} : { planHash: run.planHash };
      const detail = `${what}: ${refusal.problem.code}`;
      // Whoever is refused is told so whether or not it could be written down.
      const event = { at, what: 'refused' as const, by, detail, ...hash, ...(from !== undefined && { from }) };
      const written = async (): Promise<void> => runs.refused(id, event, await runs.refusals(id));
      await written().catch(() => undefined);
      return refusal;
    }
    await Promise.all([after?.(run), this.#lookSoon(id)]);
    return { ok: true, run };
  }

  #hasTimeFor(calls: number): boolean {
    return this.#parts.hasTimeFor?.(calls) ?? true;
  }

  /** Somebody has changed the run: whoever waits with it sees that now, and not when he looks again by himself. */
  async #lookSoon(id: string): Promise<void> {
    const { runs, ticks, clock } = this.#parts;
    if (!this.#hasTimeFor(1)) return;
    await Promise.all([
      runs.lookAt(id, clock.now()),
      ticks.send([{ tick: { kind: 'run', run: id, depth: 0 }, delaySeconds: 0 }]),
    ]);
  }

  async #startIfReopened(before: Run, run: Run): Promise<void> {
    if (isClosed(before) && this.#hasTimeFor(1)) await this.#parts.executions.start(executionName(run), run.id);
  }

  async #lockHeld(database: string): Promise<(Lock & { holder: Run }) | undefined> {
    const lock = await this.#parts.runs.lockOf(database);
    if (lock === undefined) return undefined;
    const holder = await this.#parts.runs.load(lock.run);
    return holder === undefined || isLeft(lock, holder, this.#parts.clock.now()) ? undefined : { ...lock, holder };
  }

  /** Ends a request that waited and has lost its database to a rescue. `waiting`: its record as it was just read. */
  async #void(waiting: Run, { why, by }: { why: Problem; by: string }): Promise<void> {
    const { runs, clock } = this.#parts;
    const voided = (now: Run): Run =>
      now.stop || isClosed(now)
        ? now
        : { ...now, status: 'stopping', stop: { kind: 'cancelled', at: clock.now(), by, problem: why } };
    await runs.update(waiting.id, voided, waiting);
  }

  /** Whether the copy that the run put there still answers under the name. */
  async #holdsName(run: Run): Promise<boolean> {
    const id = run.facts.copy?.resourceId;
    const copy = id === undefined ? undefined : await this.#parts.databases.byResourceId(id);
    return copy?.name === subjectOf(run.request);
  }

  /** An Undo is a rescue: it takes the lock from a run that still waits for approval, and from nobody else. */
  async #takeLockForUndo(run: Run): Promise<{ ok: true; gaveWay?: Run } | Refused> {
    const { runs, clock } = this.#parts;
    const database = subjectOf(run.request);
    const wanted: Lock = { database, run: run.id, requester: run.request.requester.id, state: 'held', at: clock.now() };
    const [isFree, lock] = await Promise.all([runs.takeLock(wanted), runs.lockOf(database)]);
    if (isFree) return { ok: true };
    // Given back at this very moment.
    if (lock === undefined) return (await runs.takeLock(wanted)) ? { ok: true } : refused('held', lockValues(wanted));
    const holding = runs.load(lock.run);
    const mayTake = lock.state === 'reserved' || (await holding.then((run) => run === undefined || isClosed(run)));
    const [holder, isTaken] = await Promise.all([holding, mayTake && runs.takeLock(wanted, lock)]);
    if (!isTaken) return lockRefusal(lock);
    return holder && !isClosed(holder) ? { ok: true, gaveWay: holder } : { ok: true };
  }

  /** What is wrong with the databases and the source of a wish, as far as a few reads tell; the plan reads the rest. */
  async #trouble(
    wish: Wish,
    holder: Database | undefined,
  ): Promise<Refused | (Pick<Reviewed, 'from' | 'snapshot'> & { ok: true })> {
    const { databases } = this.#parts;
    const subject = subjectOf(wish);
    const isNew = givesName(wish.target.kind);
    const taken = isNew && holder ? [problem('name-taken', { name: subject })] : [];
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
    const source = await this.#sourceTrouble(wish, from, wish.target.kind === 'onto' ? holder : from);
    if (source && 'code' in source) return refusedFor([...taken, source]) ?? { ok: false, problem: source };
    return refusedFor(taken) ?? { ok: true, from, snapshot: source };
  }

  /** Why the source does not serve; else the snapshot that was chosen, where it is one. */
  async #sourceTrouble(
    wish: Wish,
    from: Database | undefined,
    model: Database | undefined,
  ): Promise<Problem | Snapshot | undefined> {
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
    return (model && misfitOf(wish, { ...found, snapshot: found.id }, model)) ?? found;
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
    const { databases } = this.#parts;
    const [there, owner] = await Promise.all([databases.find(database), databases.ownerElsewhere(database)]);
    const unfit = there?.unsupported === undefined ? undefined : unfitDatabase(there);
    if (unfit) return { ok: false, problem: unfit };
    if (there === undefined && owner !== undefined) {
      const why = `it belongs to account ${owner}, which shares it through AWS RAM, and only its owner can rename it`;
      return refused('unsupported', { database, why });
    }
    const known = names ?? (await this.#parts.inventory.list()).map((entry) => entry.name);
    return refused('unknown-database', { database, suggestion: suggestion(database, known) ?? '' });
  }
}

const problemOf = (verdict: Verdict): Problem | undefined => (verdict.ok ? undefined : verdict.problem);

/** Why a run may not begin at this time. */
function unfitStart(startAt: number | undefined, now: number): Problem | undefined {
  if (startAt === undefined) return undefined;
  if (startAt < now - startSlackMs) return problem('start-past');
  const days = String(startWithinMs / 86_400_000);
  return startAt > now + startWithinMs ? problem('start-too-far', { days }) : undefined;
}

/** Who asked for a time, and may not approve another. */
function earlyRefusal(verdict: Verdict, run: Run, rule: Rule): Refused | undefined {
  return verdict.ok
    ? undefined
    : refused('not-an-early-starter', { run: run.id, allowed: mentionApprovers(rule.approve) });
}

/** Why nothing can be taken back any more, as far as the record tells. */
function undoRefusal(run: Run): Refused | undefined {
  if (!takesName(run.request.target.kind)) return refused('nothing-to-undo', { run: run.id });
  if (run.finishedAt === undefined || run.status !== 'succeeded')
    return refused('not-waiting', { run: run.id, status: statusWords(run) });
  if (!canUndo(run))
    return refused('too-late-to-undo', { run: run.id, why: 'the original is removed, or its removal has begun' });
  return undefined;
}

const voidedValues = (run: Run, by: string) => ({
  run: run.id,
  database: subjectOf(run.request),
  by: mention([by]),
});

/** Takes the database's lock for a run, from nobody but a run that has ended or, in an emergency, `voidable`. */
export async function reserve(
  parts: Pick<DoorParts, 'runs' | 'clock'>,
  run: Run,
  voidable?: string,
): Promise<Refused | undefined> {
  const subject = subjectOf(run.request);
  const wanted: Lock = {
    database: subject,
    run: run.id,
    requester: run.request.requester.id,
    state: 'reserved',
    at: parts.clock.now(),
  };
  const givingWay = voidable === undefined ? undefined : ({ run: voidable, state: 'reserved' } as const);
  if (await parts.runs.takeLock(wanted, givingWay)) return undefined;
  const lock = await parts.runs.lockOf(subject);
  if (lock === undefined)
    return (await parts.runs.takeLock(wanted)) ? undefined : refused('reserved', lockValues(wanted));
  const holder = await parts.runs.load(lock.run);
  if (isLeft(lock, holder, parts.clock.now()) && (await parts.runs.takeLock(wanted, lock))) return undefined;
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

function aboutRun(run: Run, rule: Rule, { by, groups }: Pick<Acting, 'by' | 'groups'>) {
  const { channel, reason, requester } = run.request;
  return { ...aboutWish(run.request, rule, by), groups, channel, reason, requester: requester.id, run: run.id };
}

/** As whom a person may be let in. */
const identities = ({ by, groups }: Pick<Acting, 'by' | 'groups'>): string[] => [by, ...(groups?.of ?? [])];

/** Why the glass is not broken: it takes the right, a reason, and the database's name typed by hand. */
function glassRefusal(
  { reason: why, typed }: { reason: string; typed: string },
  facts: RuleFacts,
): Refused | undefined {
  const verdict = judge([glassBreaker], facts);
  if (!verdict.ok) return verdict;
  if (why.trim() === '') return refused('glass-reason-missing');
  const isConfirmed = typed.trim().toLowerCase() === facts.database;
  return isConfirmed ? undefined : refused('glass-not-confirmed', { database: facts.database });
}

function glassAtRequest(
  rule: Rule,
  by: string,
  { reason: why, groups }: GlassAtRequest,
  { at, voidable, from }: { at: number; voidable: string | undefined; from: string },
): BrokenGlass {
  const as = rule.breakGlass ? countsAs(rule.breakGlass, identities({ by, groups })).filter((id) => id !== by) : [];
  return {
    by,
    at,
    reason: why.trim(),
    gate: 'request',
    from,
    ...(as.length > 0 && { as }),
    ...(voidable !== undefined && { voided: voidable }),
  };
}

function glassVoids(run: Run, { by, reason: why }: BrokenGlass): { why: Problem; by: string } {
  const values = { by: mention([by]), database: subjectOf(run.request), reason: why.replace(/[.!]+$/, '') };
  return { why: problem('voided-by-glass', values), by };
}

/** The name that a person probably meant: one that is near enough, or else the shortest that begins so. */
export function suggestion(typed: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(typed, known);
  if (distance(typed, best) <= Math.max(2, Math.floor(typed.length / 3))) return best;
  const begun = typed.length < 3 ? [] : known.filter((name) => name.startsWith(typed));
  return begun.sort((a, b) => a.length - b.length)[0];
}

/** The rule that a run stands under; when policy.yml has lost it since, what the plan recorded of it. */
function ruleOf(policy: Policy, run: Run): Rule | undefined {
  const rule = ruleForWish(policy, run.request);
  if (rule || !run.plan) return rule;
  const { name, approvers, approvals, also } = run.plan.rule;
  const approve = { by: approvers, count: approvals };
  const kept = Rule.parse({ name, databases: ['*'], request: 'everyone', approve });
  return also ? { ...kept, approve: { ...kept.approve, also } } : kept;
}

/** A run's status as it reads in a sentence. */
export function statusWords(run: Run): string {
  if (run.status === 'waiting' && run.at?.step === 'start-time') return 'waiting for its time';
  const gates: Record<DecisionGate, string> = {
    approval: 'waiting for approval',
    'go-ahead': 'waiting for the go-ahead',
  };
  const gate = gateAtHand(run);
  if (run.status === 'waiting') return gate ? gates[gate] : 'waiting';
  if (run.status === 'needs-help') return 'waiting for help';
  return run.status === 'stopping' ? 'being taken back' : run.status;
}

function lockRefusal(lock: Lock): Refused {
  return refused(lock.state, lockValues(lock));
}

function lockValues(lock: Lock): Record<string, string> {
  return { database: lock.database, run: lock.run, requester: mention([lock.requester]) };
}

function mayStop(run: Run, rule: Rule, acting: Pick<Acting, 'by' | 'groups'>): Refused | undefined {
  const requester = run.request.requester.id;
  if (acting.by === requester || judge([approver], aboutRun(run, rule, acting)).ok) return undefined;
  const unread = (acting.groups?.unknown ?? []).filter((id) => rule.approve.by.includes(id));
  if (unread.length > 0) return refused('groups-unknown', { groups: mention(unread) });
  return refused('not-a-canceller', {
    run: run.id,
    allowed: mention([...new Set([requester, ...rule.approve.by])]),
  });
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
