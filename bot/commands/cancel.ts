import { problem } from '../../orchestrator/errors';
import { statusWords } from '../../orchestrator/request';
import type { Command } from '../command';
import { actions, section } from '../views/blocks';
import { summary } from '../views/card';
import { cancel as cancelButton } from '../views/card-buttons';
import { code, md } from '../views/mrkdwn';
import { problemText } from '../views/problem';
import { canCancel } from '../views/state';

/** Shows the run and a button that asks once more. */
export const cancel: Command = {
  verb: 'cancel',
  usage: '<run>',
  summary: 'Stops a run that has not finished, after asking once more.',
  who: 'the requester and the rule’s approvers',
  answers: 'a dialog that asks once more',
  async run({ door, house }, { words }) {
    const [id, ...more] = words.map((word) => word.toLowerCase());
    if (id === undefined || more.length > 0)
      return {
        text: md`Name the run: ${code(`${house.command} cancel <run>`)}. ${code(`${house.command} status`)} lists those under way.`,
      };
    const run = await door.find(id);
    if (run === undefined) return { text: problemText(problem('unknown-run', { run: id }), house) };
    if (!canCancel(run))
      return { text: problemText(problem('not-waiting', { run: id, status: statusWords(run) }), house) };
    const text = md`${summary(run, house)} Cancel it?`;
    return { text, blocks: [section(text), actions([cancelButton(run)])] };
  },
};
