import { buttons } from '../buttons';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

export const keepLonger: Button = {
  kind: 'button',
  id: buttons.keepLonger,
  async press({ door }, { value, person }) {
    const answer = await door.extend({ run: value, by: person.id });
    return answer.ok
      ? { ok: true, said: md`What run ${code(value, 20)} keeps is kept for longer; its card says until when.` }
      : answer;
  },
};
