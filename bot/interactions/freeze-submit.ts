import type { Form } from '../listener';
import { tell } from '../tell';
import { freezeFormId, freezeReason, readFreezeReason } from '../views/freeze-form';
import { escape, md, user } from '../views/mrkdwn';
import { notice } from '../views/notice';
import { problemPlain, problemText } from '../views/problem';

export const freezeSubmit: Form = {
  kind: 'form',
  id: freezeFormId,
  async submit({ door, house }, { view, person, client, groups }) {
    const channel = view.private_metadata;
    const reason = readFreezeReason(view.state.values);
    const answer = await door.freeze({ by: person.id, groups: await groups(), reason, from: channel });
    if (!answer.ok && answer.problem.code === 'freeze-reason-missing')
      return { errors: { [freezeReason]: problemPlain(answer.problem, house) } };
    if (!answer.ok) return { show: notice('Not frozen', problemText(answer.problem, house)) };
    const said = md`:snowflake: *Frozen.* ${user(person.id)} stopped everything: ${escape(reason, 400)}. No run starts and no gate opens until an administrator unfreezes.`;
    await tell(client, channel, said);
    return { show: notice('Frozen', md`Everything is frozen: no run starts, and no gate opens.`) };
  },
};
