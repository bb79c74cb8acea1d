import { buttons, readPlanValue } from '../buttons';
import { acting } from '../callers/acting';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

/** The second look: the copy is ready, and the names may be swapped. */
export const swapNow: Button = {
  kind: 'button',
  id: buttons.swapNow,
  async press({ door }, click) {
    const { run, planHash } = readPlanValue(click.value);
    const who = await acting(click, run, click.channel);
    const answer = await door.decide({ ...who, decision: 'approve', gate: 'go-ahead', planHash });
    return answer.ok ? { ok: true, said: md`The names of run ${code(run, 20)} are swapped next.` } : answer;
  },
};
