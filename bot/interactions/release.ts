import { buttons } from '../buttons';
import { acting } from '../callers/acting';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

export const release: Button = {
  kind: 'button',
  id: buttons.release,
  async press({ door }, click) {
    const { value } = click;
    const answer = await door.release(await acting(click, value, click.channel));
    return answer.ok
      ? { ok: true, said: md`Run ${code(value, 20)} is released, and the database can be restored again.` }
      : answer;
  },
};
