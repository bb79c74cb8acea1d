import type { HomeView } from '@slack/types';
import type { Freeze } from '../../orchestrator/ports';
import type { Run } from '../../orchestrator/run';
import type { House } from '../house';
import { context, header, section } from './blocks';
import { freezeBanner } from './freeze-form';
import { code, escape, join, type Mrkdwn, md } from './mrkdwn';
import { brief } from './run-list';
import { isAskedOf } from './state';

/** What waits for this person, and what else is under way. Decisions are made on the cards, where everybody sees them. */
export function homeView(
  open: readonly Run[],
  { person, groups, freeze }: { person: string; groups: readonly string[]; freeze?: Freeze | undefined },
  house: House,
): HomeView {
  const mine = open.filter((run) => isAskedOf(run, person, groups));
  const others = open.filter((run) => !mine.includes(run));
  return {
    type: 'home',
    blocks: [
      ...(freeze ? [section(freezeBanner(freeze))] : []),
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

/** Slack: at most 100 blocks on the Home tab. */
function list(runs: readonly Run[], none: Mrkdwn) {
  const shown = runs.slice(0, 40).map((run) => section(brief(run)));
  if (runs.length > shown.length) shown.push(section(md`… and ${runs.length - shown.length} more.`));
  return shown.length === 0 ? [section(none)] : shown;
}

export function homeNotice(text: Mrkdwn): HomeView {
  return { type: 'home', blocks: [section(text)] };
}
