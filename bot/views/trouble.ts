import { executionAddress } from '../../orchestrator/console';
import { executionName, isClosed, type Run } from '../../orchestrator/run';
import { givesName, subjectOf } from '../../orchestrator/wish';
import type { House } from '../house';
import { code, join, link, type Mrkdwn, md, sentence, user } from './mrkdwn';
import { spoken } from './problem';
import { duration, moment } from './times';

/** For people who come to a run that did not go as asked; undefined when it did. */
export function trouble(run: Run, house: House): Mrkdwn | undefined {
  const { help, stop } = run;
  const problem = help?.problem ?? stop?.problem;
  if (problem === undefined) return undefined;
  const { message, hint } = spoken(problem, house);
  const began = help && stop && md`It began with this: ${sentence(spoken(stop.problem, house).message, 500)}`;
  const released = help?.released && md`${user(help.released.by)} released it ${moment(help.released.at)}.`;
  return join(
    [
      md`*What happened*`,
      sentence(message, 1200),
      began,
      md`*What it means*`,
      meaning(run),
      md`*What to do*`,
      sentence(hint, 800),
      released,
    ],
    '\n',
  );
}

/** What became of the database, as far as the record knows. */
export function meaning(run: Run): Mrkdwn {
  const name = code(subjectOf(run.request));
  if (run.help)
    return run.help.released
      ? md`Nothing more happens by itself. ${name} can be restored again.`
      : md`Nothing more is deleted or renamed by itself, and ${name} cannot be restored again until somebody presses Release.`;
  const { swap, undo, named } = run.facts;
  const hasTouched = swap !== undefined || named !== undefined;
  if (!hasTouched) return join([untouched(run, name), takenBack(run)], ' ');
  const answeredAt = undo?.answeredAt ?? (swap?.refusedAt === undefined ? undefined : swap.answeredAt);
  if (swap !== undefined && answeredAt !== undefined)
    return md`The original answers as ${name} again, since ${moment(answeredAt)}. Nobody answered under the name for ${duration(gapMs(run))} in all.`;
  if (swap !== undefined)
    return isClosed(run)
      ? md`The original answers as ${name} again.`
      : md`The original is being given its name ${name} back, which means a short outage.`;
  return join([md`No other database was changed.`, takenBack(run)], ' ');
}

function untouched(run: Run, name: Mrkdwn): Mrkdwn {
  const { kind } = run.request.target;
  if (!run.plan) return md`Nothing was changed.`;
  if (kind === 'none') return md`${name} was not changed.`;
  return givesName(kind) ? md`No database was changed.` : md`${name} was not touched: it answers as before.`;
}

/** Before the plan there is nothing to take back. */
function takenBack(run: Run): Mrkdwn | undefined {
  if (isClosed(run) || !run.plan) return undefined;
  return md`What the run has made is being taken back.`;
}

/** Swap and undo are two outages. */
function gapMs({ facts: { swap, undo } }: Run): number {
  const first = swap?.answeredAt === undefined ? 0 : swap.answeredAt - swap.startedAt;
  const second = undo?.answeredAt === undefined ? 0 : undo.answeredAt - undo.startedAt;
  return first + second;
}

/** Where the AWS console shows what works on the run; absent before anything does. */
export function executionLink(run: Run, { stateMachineArn }: House): Mrkdwn | undefined {
  const hasBegun = Object.keys(run.steps).length > 0;
  const address = stateMachineArn && executionAddress(stateMachineArn, executionName(run));
  return hasBegun && address ? link(address, 'Execution') : undefined;
}
