import { buttons, readPlanValue } from '../buttons';
import { acting } from '../callers/acting';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

/** A yes to the plan that the card showed. */
export const approve: Button = {
  kind: 'button',
  id: buttons.approve,
  async press({ door }, click) {
    const { run, planHash } = readPlanValue(click.value);
    const who = await acting(click, run, click.channel);
    const answer = await door.decide({ ...who, decision: 'approve', planHash });
    return answer.ok ? { ok: true, said: md`Your approval of run ${code(run, 20)} is counted.` } : answer;
  },
};
