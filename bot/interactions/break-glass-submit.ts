import { readPlanValue } from '../buttons';
import { acting } from '../callers/acting';
import type { Form } from '../listener';
import { glassErrors } from '../views/glass';
import { glassFormId, readGlass } from '../views/glass-form';
import { code, md } from '../views/mrkdwn';
import { notice } from '../views/notice';
import { problemText } from '../views/problem';

export const breakGlassSubmit: Form = {
  kind: 'form',
  id: glassFormId,
  async submit({ door, house }, submitted) {
    const { view } = submitted;
    const { run, planHash } = readPlanValue(view.private_metadata);
    const answer = await door.breakGlass({
      ...(await acting(submitted, run)),
      planHash,
      ...readGlass(view.state.values),
    });
    if (answer.ok)
      return { show: notice('Glass broken', md`Run ${code(run, 20)} goes on. All approvers are told, and why.`) };
    const errors = glassErrors(answer.problem, house);
    return errors ? { errors } : { show: notice('Not done', problemText(answer.problem, house)) };
  },
};
