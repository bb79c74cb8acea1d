import { acting } from '../callers/acting';
import type { Form } from '../listener';
import { code, md } from '../views/mrkdwn';
import { notice } from '../views/notice';
import { problemText } from '../views/problem';
import { undoFormId } from '../views/run-questions';

export const undoSubmit: Form = {
  kind: 'form',
  id: undoFormId,
  async submit({ door, house }, submitted) {
    const run = submitted.view.private_metadata;
    const answer = await door.undo(await acting(submitted, run));
    return answer.ok
      ? { show: notice('Being undone', md`Run ${code(run, 20)} is being undone; its card shows how far that is.`) }
      : { show: notice('Not undone', problemText(answer.problem, house)) };
  },
};
