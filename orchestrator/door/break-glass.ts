import { type Refused, refused } from '../errors';
import type { Rule } from '../policy';
import { countsAs, judge, mention } from '../policy';
import { glassBreaker } from '../rules/glass-breaker';
import { type BrokenGlass, brokenGlass, gateAtHand, type Run } from '../run';
import { freezeValues } from '../standstill';
import { subjectOf } from '../wish';
import { type Acting, type Answer, aboutRun, identities, ruleOf } from './acting';
import { change } from './change';
import { glassRefusal } from './glass';
import type { DoorParts } from './parts';
import { statusWords } from './status-words';

export interface GlassInput extends Acting {
  planHash: string;
  reason: string;
  /** The database's name, typed by the person: nobody breaks the glass by a slip. */
  typed: string;
}

/** Passes over what a gate waits for: approvals, a second look, a window, a freeze of the calendar. All are told. */
export async function breakGlass(parts: DoorParts, input: GlassInput): Promise<Answer> {
  const { runs, freezes } = parts;
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
    const glass: BrokenGlass = { by, at: parts.clock.now(), reason: input.reason.trim(), gate, planHash };
    const more = { ...(as.length > 0 && { as }), ...(from !== undefined && { from }) };
    return { ...run, glass: [...(run.glass ?? []), { ...glass, ...more }] };
  };
  return change(parts, input, 'break glass', broken, { known });
}

/** Whether this person may break the glass of this run now: for whoever asks him why. */
export async function mayBreakGlass(parts: DoorParts, input: Acting): Promise<Answer> {
  const { runs, freezes } = parts;
  const [run, freeze] = await Promise.all([runs.load(input.run), freezes.current()]);
  if (run === undefined) return refused('unknown-run', { run: input.run });
  const rule = ruleOf(parts.policy, run);
  if (rule === undefined) return refused('no-rule', { database: subjectOf(run.request) });
  const verdict = judge([glassBreaker], aboutRun(run, rule, input));
  if (!verdict.ok) return verdict;
  if (freeze) return refused('frozen', freezeValues(freeze));
  return gateAtHand(run) === undefined
    ? refused('not-waiting', { run: run.id, status: statusWords(run) })
    : { ok: true, run };
}
