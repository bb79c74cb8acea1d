import type { Problem } from '../../orchestrator/errors';
import { type BrokenGlass, gateAtHand, type Run } from '../../orchestrator/run';
import type { House } from '../house';
import { glassFields } from './glass-form';
import { code, escape, type Mrkdwn, md, user } from './mrkdwn';
import { problemPlain } from './problem';
import { approvals } from './state';
import { moment } from './times';

/** What breaking the glass leaves out, where the run stands now. */
export function passedOver(run: Run): Mrkdwn {
  const asked = run.plan?.rule.approvals ?? 0;
  if (gateAtHand(run) === 'approval')
    return md`Run ${code(run.id, 20)} begins at once, with ${approvals(run).length} of ${asked} approvals.`;
  return md`The names of run ${code(run.id, 20)} are swapped at once, without a second look and outside of its change window.`;
}

const opened: Record<BrokenGlass['gate'], string> = {
  request: 'nobody was asked',
  approval: 'approvals were passed over',
  'go-ahead': 'the second look or the change window was passed over',
};

/** The badge: on the card, in the thread and in every direct message. */
export function glassWords({ by, at, reason, gate, voided }: BrokenGlass): Mrkdwn {
  const gaveWay = voided === undefined ? md`` : md` Run ${code(voided, 20)}, which waited, gave way.`;
  return md`:rotating_light: *Glass broken* by ${user(by)} ${moment(at)}: ${escape(opened[gate])}.${gaveWay} Reason: ${escape(reason, 500)}`;
}

/** Mistakes that the person can put right in the form. */
export function glassErrors(problem: Problem, house: Pick<House, 'command'>): Record<string, string> | undefined {
  if (problem.code === 'glass-reason-missing') return { [glassFields.reason]: problemPlain(problem, house) };
  if (problem.code === 'glass-not-confirmed') return { [glassFields.name]: problemPlain(problem, house) };
  return undefined;
}
