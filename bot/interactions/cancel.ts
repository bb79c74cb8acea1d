import { buttons } from '../buttons';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

export const cancel: Button = {
  kind: 'button',
  id: buttons.cancel,
  async press({ door }, { value, person }) {
    const answer = await door.cancel({ run: value, by: person.id });
    return answer.ok
      ? { ok: true, said: md`Run ${code(value, 20)} is being cancelled; its card shows how far that is.` }
      : answer;
  },
};
