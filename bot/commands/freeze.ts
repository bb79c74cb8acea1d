import { problem } from '../../orchestrator/errors';
import { freezeValues } from '../../orchestrator/standstill';
import type { Command } from '../command';
import { freezeForm } from '../views/freeze-form';
import { problemText } from '../views/problem';
import { freeText } from './parse';

/** The global stop. */
export const freeze: Command = {
  verb: 'freeze',
  usage: '"reason"',
  summary: 'Stops everything: no run starts and no gate opens until somebody unfreezes.',
  who: 'administrators, whom policy.yml names',
  answers: 'a dialog that asks once more',
  examples: ['freeze "the storage of eu-west-1 is in trouble"'],
  async run({ door, house }, { words, channel, client, trigger, person, groups }) {
    const may = await door.mayAdministrate({ by: person.id, groups: await groups(), from: channel });
    if (!may.ok) return { text: problemText(may.problem, house) };
    const current = await door.frozen();
    if (current) return { text: problemText(problem('already-frozen', freezeValues(current)), house) };
    const reason = freeText(words);
    await client.views.open({ trigger_id: trigger, view: freezeForm(channel, reason) });
    return undefined;
  },
};
