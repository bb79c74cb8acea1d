import { buttons } from '../buttons';
import { acting } from '../callers/acting';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

export const cancel: Button = {
  kind: 'button',
  id: buttons.cancel,
  async press({ door }, click) {
    const { value } = click;
    const answer = await door.cancel(await acting(click, value, click.channel));
    return answer.ok
      ? { ok: true, said: md`Run ${code(value, 20)} is being cancelled; its card shows how far that is.` }
      : answer;
  },
};
