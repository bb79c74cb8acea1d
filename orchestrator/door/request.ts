import { type Problem, type Refused, refused } from '../errors';
import { runIdFor } from '../names';
import { ruleForWish } from '../plan/rule';
import type { Rule } from '../policy';
import { judge, type Membership } from '../policy';
import { channel } from '../rules/channel';
import { glassBreaker } from '../rules/glass-breaker';
import { requester } from '../rules/requester';
import { executionName, newRun, type RestoreRequest } from '../run';
import { subjectOf, Target, type Wish } from '../wish';
import { type Answer, aboutWish } from './acting';
import { lookSoon, voidWaiting } from './change';
import { check, isKept, type Reviewed, unknownDatabase, unruledOf } from './check';
import { type GlassAtRequest, glassAtRequest, glassRefusal, glassVoids } from './glass';
import { heldUp, heldUpAsTyped, heldUpNow } from './held-up';
import { reserve } from './lock';
import { type DoorParts, hasTimeFor } from './parts';

/** A run without execution after this long is started by the watcher. */
const startGraceMs = 30_000;

/** Whether this person may ask for this here, as far as policy, locks and the inventory know. */
export async function mayRequest(
  parts: DoorParts,
  input: {
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
  },
): Promise<{ ok: true; rule: Rule } | Refused> {
  const name = input.database.toLowerCase();
  const wish = { database: name, target: input.target ?? { kind: 'replace' as const } };
  const target = Target.safeParse(wish.target);
  if (!target.success) return refused('not-a-name', { name: subjectOf(wish) });
  const rule = ruleForWish(parts.policy, wish);
  // People wait: what does not depend on another answer is asked beside it.
  const [list, held] = await Promise.all([
    input.isThere ? [] : parts.inventory.list(),
    rule && heldUp(parts, wish, rule, input.asksName),
  ]);
  const known = list.map((entry) => entry.name);
  const isKnown = (one: string) => known.length === 0 || known.includes(one);
  if (!isKnown(name)) {
    const [hasKept, unknown] = await Promise.all([isKept(parts, wish), unknownDatabase(parts, name, known)]);
    if (!hasKept) return unknown;
  }
  if (wish.target.kind === 'onto' && !isKnown(subjectOf(wish))) return unknownDatabase(parts, subjectOf(wish), known);
  if (rule === undefined) return refused('no-rule', { database: unruledOf(parts, wish) });
  const facts = { ...aboutWish(wish, rule, input.person), channel: input.channel, reason: '', run: '' };
  const verdict = judge([requester, channel], facts);
  if (!verdict.ok) return verdict;
  // Whoever may break the glass gets as far as the question whether to.
  if (held?.yieldsToGlass && judge([glassBreaker], { ...facts, groups: input.groups }).ok) return { ok: true, rule };
  return held ? { ok: false, problem: held.problem } : { ok: true, rule };
}

/**
 * Asks for a run: a few reads of RDS, then the run, its lock and its execution, in this order.
 * `execution`: the one that has started already and now asks. `glass`: an emergency, which a waiting request gives way to.
 */
export async function request(
  parts: DoorParts,
  input: Omit<RestoreRequest, 'at'>,
  execution?: string,
  glass?: GlassAtRequest,
): Promise<Answer> {
  const { runs, executions, clock } = parts;
  const id = runIdFor(input.key);
  // Beside each other: people wait.
  const [checked, heldAsTyped] = await Promise.all([check(parts, input, id), heldUpAsTyped(parts, input)]);
  if (!checked.ok) return checked;
  const { wish, rule, facts } = checked;
  const person = input.requester.id;

  const unbroken = glass && glassRefusal(glass, { ...facts, groups: glass.groups });
  if (unbroken) return unbroken;
  const held = await heldUpNow(parts, input, checked, heldAsTyped);
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
    reserve(parts, run, voidable?.id),
    voidable && broken && voidWaiting(parts, voidable, glassVoids(run, broken)),
  ]);
  if (lost) {
    await runs.discard(id);
    return lost;
  }
  const start = execution === undefined && hasTimeFor(parts, 1) && executions.start(executionName(run), id);
  await Promise.all([start, voidable && lookSoon(parts, voidable.id)]);
  return { ok: true, run };
}

/**
 * What would be done, and what is known to stand in its way: the reads and refusals of a request, and nothing written.
 * A freeze or a lock that yields to broken glass is `held`.
 */
export async function review(
  parts: DoorParts,
  input: Omit<RestoreRequest, 'at' | 'key'> & { groups?: Membership | undefined },
): Promise<(Reviewed & { held?: Problem }) | Refused> {
  const [checked, heldAsTyped] = await Promise.all([check(parts, input, ''), heldUpAsTyped(parts, input)]);
  if (!checked.ok) return checked;
  const { facts, ...reviewed } = checked;
  const held = await heldUpNow(parts, input, reviewed, heldAsTyped);
  if (held === undefined) return reviewed;
  const mayBreak = held.yieldsToGlass && judge([glassBreaker], { ...facts, groups: input.groups }).ok;
  return mayBreak ? { ...reviewed, held: held.problem } : { ok: false, problem: held.problem };
}
