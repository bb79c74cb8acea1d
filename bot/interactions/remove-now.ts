import { buttons } from '../buttons';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

export const removeNow: Button = {
  kind: 'button',
  id: buttons.removeNow,
  async press({ door }, { value, person }) {
    const answer = await door.removeNow({ run: value, by: person.id });
    return answer.ok ? { ok: true, said: md`The original of run ${code(value, 20)} is being removed.` } : answer;
  },
};
