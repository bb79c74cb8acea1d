import type { Form } from '../listener';
import { tell } from '../tell';
import { unfreezeFormId } from '../views/freeze-form';
import { md, user } from '../views/mrkdwn';
import { notice } from '../views/notice';
import { problemText } from '../views/problem';

export const unfreezeSubmit: Form = {
  kind: 'form',
  id: unfreezeFormId,
  async submit({ door, house }, { view, person, client, groups }) {
    const channel = view.private_metadata;
    const answer = await door.unfreeze({ by: person.id, groups: await groups(), from: channel });
    if (!answer.ok) return { show: notice('Not unfrozen', problemText(answer.problem, house)) };
    const said = md`:sunny: *Unfrozen* by ${user(person.id)}. Runs can be requested again.`;
    await Promise.all([tell(client, channel, said), answer.woken]);
    return { show: notice('Unfrozen', md`Runs can be requested again, and gates with enough approvals open.`) };
  },
};
