import { buttons, readPlanValue } from '../buttons';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

/** A yes to the plan that the card showed. */
export const approve: Button = {
  kind: 'button',
  id: buttons.approve,
  async press({ door }, { value, person }) {
    const { run, planHash } = readPlanValue(value);
    const answer = await door.decide({ run, by: person.id, decision: 'approve', planHash });
    return answer.ok ? { ok: true, said: md`Your approval of run ${code(run, 20)} is counted.` } : answer;
  },
};
