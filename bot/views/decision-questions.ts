import type { DecisionGate, Run } from '../../orchestrator/run';
import { takesName } from '../../orchestrator/wish';
import { planValue } from '../buttons';
import type { House } from '../house';
import { section } from './blocks';
import { summary } from './card';
import type { Question } from './confirm-form';
import { code, lines, md } from './mrkdwn';
import { planLines } from './plan';

export const approveFormId = 'approve-form';
export const swapNowFormId = 'swap-now-form';

/** The plan once more, for whoever decides by command; the form carries which plan that was. */
export function approveQuestion(run: Run, gate: DecisionGate, house: House): Question {
  const { request, plan } = run;
  const name = code(plan?.target.name ?? request.database);
  const more = plan ? [section(lines(planLines(plan)))] : [];
  const warning = takesName(request.target.kind)
    ? { warning: md`This replaces ${name}: what is written to it and is not in the copy is lost from it.` }
    : {};
  if (gate === 'go-ahead')
    return {
      form: swapNowFormId,
      title: 'Swap now?',
      yes: 'Swap now',
      value: planValue(run),
      says: md`${summary(run, house)}\nThe copy is ready and proven equal. Its two renames begin as soon as you say so.`,
      ...warning,
      more,
    };
  return {
    form: approveFormId,
    title: 'Approve this plan?',
    yes: 'Approve',
    value: planValue(run),
    says: summary(run, house),
    ...warning,
    more,
  };
}
