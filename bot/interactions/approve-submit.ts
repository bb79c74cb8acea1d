import { readPlanValue } from '../buttons';
import { acting } from '../callers/acting';
import type { Form } from '../listener';
import { approveFormId } from '../views/decision-questions';
import { code, md } from '../views/mrkdwn';
import { notice } from '../views/notice';
import { problemText } from '../views/problem';

/** A yes to the plan that the form showed. */
export const approveSubmit: Form = {
  kind: 'form',
  id: approveFormId,
  async submit({ door, house }, submitted) {
    const { run, planHash } = readPlanValue(submitted.view.private_metadata);
    const answer = await door.decide({ ...(await acting(submitted, run)), decision: 'approve', planHash });
    return answer.ok
      ? { show: notice('Approved', md`Your approval of run ${code(run, 20)} is counted.`) }
      : { show: notice('Not approved', problemText(answer.problem, house)) };
  },
};
