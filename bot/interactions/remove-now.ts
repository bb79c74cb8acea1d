import { buttons } from '../buttons';
import { acting } from '../callers/acting';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

export const removeNow: Button = {
  kind: 'button',
  id: buttons.removeNow,
  async press({ door }, click) {
    const { value } = click;
    const answer = await door.removeNow(await acting(click, value, click.channel));
    return answer.ok ? { ok: true, said: md`The original of run ${code(value, 20)} is being removed.` } : answer;
  },
};
