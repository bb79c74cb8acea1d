import { buttons } from '../buttons';
import { acting } from '../callers/acting';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

/** Does not wait for the time that was asked for. */
export const startNow: Button = {
  kind: 'button',
  id: buttons.startNow,
  async press({ door }, click) {
    const answer = await door.startNow(await acting(click, click.value, click.channel));
    return answer.ok ? { ok: true, said: md`Run ${code(click.value, 20)} starts now.` } : answer;
  },
};
