import { buttons } from '../buttons';
import { acting } from '../callers/acting';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

export const keepLonger: Button = {
  kind: 'button',
  id: buttons.keepLonger,
  async press({ door }, click) {
    const { value } = click;
    const answer = await door.extend(await acting(click, value, click.channel));
    return answer.ok
      ? { ok: true, said: md`What run ${code(value, 20)} keeps is kept for longer; its card says until when.` }
      : answer;
  },
};
