import { buttons } from '../buttons';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

export const undo: Button = {
  kind: 'button',
  id: buttons.undo,
  async press({ door }, { value, person }) {
    const answer = await door.undo({ run: value, by: person.id });
    return answer.ok
      ? { ok: true, said: md`Run ${code(value, 20)} is being undone; its card shows how far that is.` }
      : answer;
  },
};
