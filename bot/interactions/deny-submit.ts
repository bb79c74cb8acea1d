import { readPlanValue } from '../buttons';
import type { Form } from '../listener';
import { denyFormId, readDenial } from '../views/deny-form';
import { notice } from '../views/notice';
import { problemText } from '../views/problem';

/** A no to the plan that the card showed. A refusal replaces the form: no other reason would change it. */
export const denySubmit: Form = {
  kind: 'form',
  id: denyFormId,
  async submit({ door, house }, { view, person }) {
    const { run, planHash } = readPlanValue(view.private_metadata);
    const reason = readDenial(view.state.values);
    const answer = await door.decide({ run, by: person.id, decision: 'deny', planHash, ...(reason && { reason }) });
    return answer.ok ? { close: true } : { show: notice('Not denied', problemText(answer.problem, house)) };
  },
};
