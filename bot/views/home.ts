import type { HomeView } from '@slack/types';
import { countingDecisions, type Run } from '../../orchestrator/run';
import type { House } from '../house';
import { context, header, section } from './blocks';
import { code, escape, join, type Mrkdwn, md } from './mrkdwn';
import { brief } from './run-list';
import { isWaitingForApproval } from './state';

/** What waits for this person, and what else is under way. Decisions are made on the cards, where everybody sees them. */
export function homeView(open: readonly Run[], person: string, house: House): HomeView {
  const mine = open.filter((run) => isAsked(run, person));
  const others = open.filter((run) => !mine.includes(run));
  return {
    type: 'home',
    blocks: [
      header('Waiting for your decision'),
      ...list(mine, md`Nothing waits for you.`),
      header('Under way'),
      ...list(others, md`Nothing else is under way.`),
      context(
        join(
          [
            md`${code(`${house.command} restore`)} in a channel asks for a restore; ${code(`${house.command} help`)} says more.`,
            house.label === undefined ? undefined : escape(house.label, 40),
          ],
          ' · ',
        ),
      ),
    ],
  };
}

/** He may decide, is not the requester, and has not decided on this plan. */
function isAsked(run: Run, person: string): boolean {
  const hasDecided = countingDecisions(run).some(({ by }) => by === person);
  const mayDecide = run.plan?.rule.approvers.includes(person) ?? false;
  return isWaitingForApproval(run) && mayDecide && !hasDecided && run.request.requester.id !== person;
}

/** Slack: at most 100 blocks on the Home tab. */
function list(runs: readonly Run[], none: Mrkdwn) {
  const shown = runs.slice(0, 40).map((run) => section(brief(run)));
  if (runs.length > shown.length) shown.push(section(md`… and ${runs.length - shown.length} more.`));
  return shown.length === 0 ? [section(none)] : shown;
}

export function homeNotice(text: Mrkdwn): HomeView {
  return { type: 'home', blocks: [section(text)] };
}
