import { buttons } from '../buttons';
import { acting } from '../callers/acting';
import type { Button } from '../listener';
import { code, md } from '../views/mrkdwn';

export const undo: Button = {
  kind: 'button',
  id: buttons.undo,
  async press({ door }, click) {
    const { value } = click;
    const answer = await door.undo(await acting(click, value, click.channel));
    return answer.ok
      ? { ok: true, said: md`Run ${code(value, 20)} is being undone; its card shows how far that is.` }
      : answer;
  },
};
