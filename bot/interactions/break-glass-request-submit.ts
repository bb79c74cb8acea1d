import { readRefused } from '../emergency';
import type { Form } from '../listener';
import { glassErrors } from '../views/glass';
import { glassRequestFormId, readGlass } from '../views/glass-form';
import { code, conversation, md } from '../views/mrkdwn';
import { notice } from '../views/notice';
import { problemText } from '../views/problem';

/** A request that is an emergency: a waiting one gives way to it, and so does the calendar. */
export const breakGlassRequestSubmit: Form = {
  kind: 'form',
  id: glassRequestFormId,
  async submit({ door, house }, { view, person, groups }) {
    const request = readRefused(view.private_metadata);
    const glass = { ...readGlass(view.state.values), groups: await groups() };
    const answer = await door.request({ ...request, requester: person }, undefined, glass);
    if (!answer.ok) {
      const errors = glassErrors(answer.problem, house);
      return errors ? { errors } : { show: notice('Not done', problemText(answer.problem, house)) };
    }
    const { id, request: made } = answer.run;
    const said = md`Request ${code(id, 20)} is on its way, in ${conversation(made.channel)}. All approvers are told, and why.`;
    return { show: notice('Glass broken', said) };
  },
};
