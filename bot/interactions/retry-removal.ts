import { buttons } from '../buttons';
import { acting } from '../callers/acting';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

export const retryRemoval: Button = {
  kind: 'button',
  id: buttons.retryRemoval,
  async press({ door }, click) {
    const { value } = click;
    const answer = await door.retryRemoval(await acting(click, value, click.channel));
    return answer.ok ? { ok: true, said: md`The removal for run ${code(value, 20)} is tried again.` } : answer;
  },
};
