import { problem } from '../../orchestrator/errors';
import type { Command } from '../command';
import { unfreezeForm } from '../views/freeze-form';
import { problemText } from '../views/problem';

export const unfreeze: Command = {
  verb: 'unfreeze',
  usage: '',
  summary: 'Lets everything go on after a freeze.',
  who: 'administrators, whom policy.yml names',
  answers: 'a dialog that asks once more',
  async run({ door, house }, { channel, client, trigger, person, groups }) {
    const may = await door.mayAdministrate({ by: person.id, groups: await groups(), from: channel });
    if (!may.ok) return { text: problemText(may.problem, house) };
    const current = await door.frozen();
    if (current === undefined) return { text: problemText(problem('not-frozen'), house) };
    await client.views.open({ trigger_id: trigger, view: unfreezeForm(channel, current) });
    return undefined;
  },
};
