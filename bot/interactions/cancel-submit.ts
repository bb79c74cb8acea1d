import { acting } from '../callers/acting';
import type { Form } from '../listener';
import { code, md } from '../views/mrkdwn';
import { notice } from '../views/notice';
import { problemText } from '../views/problem';
import { cancelFormId } from '../views/run-questions';

export const cancelSubmit: Form = {
  kind: 'form',
  id: cancelFormId,
  async submit({ door, house }, submitted) {
    const run = submitted.view.private_metadata;
    const answer = await door.cancel(await acting(submitted, run));
    return answer.ok
      ? {
          show: notice('Being cancelled', md`Run ${code(run, 20)} is being cancelled; its card shows how far that is.`),
        }
      : { show: notice('Not cancelled', problemText(answer.problem, house)) };
  },
};
