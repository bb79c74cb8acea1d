import type { Run } from '../../orchestrator/run';
import { subjectOf } from '../../orchestrator/wish';
import type { House } from '../house';
import { summary } from './card';
import type { Question } from './confirm-form';
import { code, md } from './mrkdwn';

export const cancelFormId = 'cancel-form';
export const undoFormId = 'undo-form';

type Asked = Pick<Question, 'title' | 'yes' | 'says' | 'warning'>;

export function cancelQuestion(run: Run, house: House): Asked {
  const name = code(subjectOf(run.request));
  const isClone = run.request.target.kind === 'new';
  const whatHappens = isClone
    ? md`What it has made is removed.`
    : md`What it has made is taken back; ${name} stays as it is.`;
  return {
    title: 'Cancel the run?',
    yes: 'Cancel the run',
    says: md`${summary(run, house)}\n${whatHappens}`,
    ...(run.facts.swap !== undefined && {
      warning: md`The names are being swapped already: the original takes ${name} back, which means another short outage.`,
    }),
  };
}

export function undoQuestion(run: Run, house: House): Asked {
  const name = code(subjectOf(run.request));
  return {
    title: 'Undo the restore?',
    yes: 'Undo the restore',
    says: md`${summary(run, house)}\nThe original answers as ${name} again, after a short outage.`,
    warning: md`What was written to ${name} since the swap will not be in it: only the final snapshot of the restored copy keeps that.`,
  };
}
