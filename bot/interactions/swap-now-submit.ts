import { readPlanValue } from '../buttons';
import { acting } from '../callers/acting';
import type { Form } from '../listener';
import { swapNowFormId } from '../views/decision-questions';
import { code, md } from '../views/mrkdwn';
import { notice } from '../views/notice';
import { problemText } from '../views/problem';

export const swapNowSubmit: Form = {
  kind: 'form',
  id: swapNowFormId,
  async submit({ door, house }, submitted) {
    const { run, planHash } = readPlanValue(submitted.view.private_metadata);
    const who = await acting(submitted, run);
    const answer = await door.decide({ ...who, decision: 'approve', gate: 'go-ahead', planHash });
    return answer.ok
      ? { show: notice('Swap now', md`The names of run ${code(run, 20)} are swapped next.`) }
      : { show: notice('Not swapped', problemText(answer.problem, house)) };
  },
};
