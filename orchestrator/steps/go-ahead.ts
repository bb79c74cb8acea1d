import { nextReminder, reminding } from '../asking';
import { isOpen, nextOpening, windowWords } from '../calendar';
import { durationWords } from '../duration-words';
import { expiryOf } from '../expiry';
import { ruleForWish } from '../plan/rule';
import { mention } from '../policy';
import { brokenGlass, countingDecisions, countsFor } from '../run';
import { standstill } from '../standstill';
import { type Change, type Context, done, type Gate, type Outcome, planOf, stop } from '../step';
import { subjectOf } from '../wish';

/** How often the gate is looked at while it waits for the calendar or an administrator. */
const rereadSeconds = 300;

/** The copy is ready and proven; a person says when the names are swapped, or the change window opens. */
export const goAhead: Gate = {
  kind: 'gate',
  id: 'go-ahead',
  title: 'Wait for the go-ahead',
  applies: ({ goAhead }) => goAhead,
  async look(context) {
    const { run, record, policy, freezes, now } = context;
    const rule = ruleForWish(policy, run.request);
    const subject = subjectOf(run.request);
    const { goAhead: wanted = { secondLook: true, windows: [] } } = planOf(run);
    if (rule === undefined) return stop('no-rule', { database: subject });

    const given = countingDecisions(run, 'go-ahead');
    const denial = given.find((one) => one.decision === 'deny');
    if (denial) return stop('swap-denied', { by: mention([denial.by]), reason: denial.reason ?? '' }, 'denied');
    const glass = brokenGlass(run, 'go-ahead');
    const standing = standstill(policy, await freezes.current(), [subject], now(), rule.breakGlass);
    const frozen = glass && standing?.yieldsToGlass ? undefined : standing;
    const said = given.find((one) => one.decision === 'approve' && countsFor(rule, run.request.requester.id, one));

    // Time runs against people who could decide; a change window is nobody’s delay, and a freeze neither.
    const isAsked = wanted.secondLook && !said && !glass;
    const life = { from: record.startedAt, lastsMs: rule.expires };
    const { isOver, until, change: clock } = expiryOf({ id: goAhead.id, record }, life, frozen, now());
    if (isAsked && isOver) return stop('swap-expired', { time: durationWords(rule.expires) }, 'expired');
    if (frozen) return held(context, frozen.problem.message, isAsked ? undefined : frozen.until, clock, frozen.until);
    if (isAsked) {
      const remindAt = nextReminder(run, 'go-ahead', rule, record.startedAt, until);
      if (remindAt !== undefined && now() >= remindAt) {
        const remind = reminding('go-ahead', record.startedAt, now());
        return held(context, asks, until, (one) => remind(clock(one)));
      }
      return held(context, asks, until, clock, remindAt);
    }
    if (glass) return done(`Glass broken by ${mention([glass.by])}`, ({ until: _, ...run }) => run);
    const isWindowOpen = wanted.windows.length === 0 || isOpen(wanted.windows, now());
    if (!isWindowOpen) {
      const opens = nextOpening(wanted.windows, now());
      return held(context, `Waits for its window: ${wanted.windows.map(windowWords).join('; ')}`, opens);
    }
    const note = said ? `${mention([said.by])} said “Swap now”` : 'The change window is open';
    return done(note, ({ until: _, ...run }) => run);
  },
};

const asks = 'The copy is ready; somebody has to say “Swap now”';

/** Waits, with the moment at which the gate moves by itself in the record. */
function held({ now }: Context, note: string, until?: number, change: Change = (run) => run, wakeAt?: number): Outcome {
  const next = Math.min(until ?? Number.MAX_SAFE_INTEGER, wakeAt ?? Number.MAX_SAFE_INTEGER);
  const inSeconds = Math.min(rereadSeconds, Math.max(1, (next - now()) / 1000));
  return {
    state: 'waiting',
    inSeconds,
    note,
    change: (run) => {
      const { until: before, ...rest } = change(run);
      return before === until ? change(run) : { ...rest, ...(until !== undefined && { until }) };
    },
  };
}
