import { buttons } from '../buttons';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

export const release: Button = {
  kind: 'button',
  id: buttons.release,
  async press({ door }, { value, person }) {
    const answer = await door.release({ run: value, by: person.id });
    return answer.ok
      ? { ok: true, said: md`Run ${code(value, 20)} is released, and the database can be restored again.` }
      : answer;
  },
};
