import { readPlanValue } from '../buttons';
import { acting } from '../callers/acting';
import type { Form } from '../listener';
import { denyFormId, readDenial, reasonField } from '../views/deny-form';
import { notice } from '../views/notice';
import { problemPlain, problemText } from '../views/problem';

/** A no to the plan that the card showed. A refusal replaces the form: no other reason would change it. */
export const denySubmit: Form = {
  kind: 'form',
  id: denyFormId,
  async submit({ door, house }, submitted) {
    const { view } = submitted;
    const { run, planHash } = readPlanValue(view.private_metadata);
    const reason = readDenial(view.state.values) ?? '';
    const answer = await door.decide({ ...(await acting(submitted, run)), decision: 'deny', planHash, reason });
    if (answer.ok) return { close: true };
    const isReasonMissing = answer.problem.code === 'deny-reason-missing';
    if (isReasonMissing) return { errors: { [reasonField]: problemPlain(answer.problem, house) } };
    return { show: notice('Not denied', problemText(answer.problem, house)) };
  },
};
