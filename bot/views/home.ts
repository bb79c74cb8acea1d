import type { Button, HomeView, KnownBlock } from '@slack/types';
import { digest } from '../../orchestrator/digest';
import type { Freeze } from '../../orchestrator/ports';
import { gateAtHand, isClosed, type Run } from '../../orchestrator/run';
import { buttons } from '../buttons';
import { goAheadGate } from '../gates';
import type { HomeShown, OpenHome } from '../homes';
import type { House } from '../house';
import { actions, button, context, header, section } from './blocks';
import { approve, deny, swapNow } from './card-buttons';
import { freezeBanner } from './freeze-banner';
import { code, escape, join, lines, type Mrkdwn, md } from './mrkdwn';
import { noRights } from './rights';
import { brief, type Links, outcome } from './run-list';
import { isAskedOf } from './state';

export interface HomeParts {
  person: string;
  groups: readonly string[];
  freeze?: Freeze | undefined;
  /** Runs that are not closed. */
  open: readonly Run[];
  /** Runs that have ended, those asked for last first. */
  past: readonly Run[];
  /** What the person may do, a line for each rule; absent: not known. */
  rights?: readonly Mrkdwn[] | undefined;
  /** Addresses of cards, by run. */
  links: Links;
}

/** How many runs that have ended are worth a look. */
export const recentAtMost = 8;

/** Slack: at most 100 blocks on the Home tab. Each list is short enough that all of them fit, with two blocks a decision. */
const atMost = { waiting: 12, mine: 10, others: 12, past: recentAtMost };

/** Everything that concerns one person: what waits, what is theirs, what goes on, what was, and what they may do. */
export function homeView(parts: HomeParts, house: House): HomeView {
  const { freeze, past, rights, links } = parts;
  const { waiting, mine, others } = concerns(parts);
  const each = (run: Run) => [section(brief(run, links.get(run.id)))];
  return {
    type: 'home',
    blocks: [
      ...(freeze ? [section(freezeBanner(freeze))] : []),
      actions([startRestore()]),
      header('Waiting for your decision'),
      ...list(waiting, atMost.waiting, md`Nothing waits for you.`, (run) => [...each(run), actions(decision(run))]),
      header('Yours'),
      ...list(mine, atMost.mine, md`You have asked for nothing that is under way.`, each),
      header('Running now'),
      ...list(others, atMost.others, md`Nothing else is under way.`, each),
      header('Recent'),
      ...list(past, atMost.past, md`No run has ended yet.`, (run) => [section(outcome(run, links.get(run.id)))]),
      ...(rights
        ? [
            header('Your rights'),
            section(rights.length === 0 ? noRights : lines(rights.map((right) => md`• ${right}`))),
          ]
        : []),
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

/** Those that go on, and those that have ended: some of these are still on the list of the open ones. */
export function homeRuns(listed: readonly Run[], archived: readonly Run[]): Pick<HomeParts, 'open' | 'past'> {
  const ended = listed.filter((run) => isClosed(run) && !archived.some(({ id }) => id === run.id));
  return { open: listed.filter((run) => !isClosed(run)), past: [...ended, ...archived] };
}

function concerns({ person, groups, open }: Pick<HomeParts, 'person' | 'groups' | 'open'>) {
  const waiting = open.filter((run) => isAskedOf(run, person, groups));
  const rest = open.filter((run) => !waiting.includes(run));
  const mine = rest.filter((run) => run.request.requester.id === person);
  return { waiting, mine, others: rest.filter((run) => !mine.includes(run)) };
}

/** In front of what a tab says of a run that waits for its owner or is his own. */
const concern = '!';

/** What a tab says of this run, in short: it changes when a line or a button of it does. */
function runTrace(run: Run, person: string, groups: readonly string[]): string {
  if (isClosed(run)) return short(outcome(run));
  if (isAskedOf(run, person, groups)) return concern + short([brief(run), decision(run)]);
  return (run.request.requester.id === person ? concern : '') + short(brief(run));
}

const short = (said: unknown): string => digest(said).slice(0, 12);

/**
 * Whether a tab says something of this run that is true no more: `later`, of a run that concerns its owner; `spare`, only
 * in the lists of what others do.
 */
export function staleness({ person, groups, runs, since }: OpenHome, run: Run): 'later' | 'spare' | undefined {
  // Somebody reads at this moment what it will say.
  if (runs === undefined) return 'later';
  const [said, says] = [runs[run.id], runTrace(run, person, groups)];
  if (said === says) return undefined;
  if (says.startsWith(concern) || said?.startsWith(concern)) return 'later';
  const isSeen = said !== undefined || run.request.at >= (since?.[isClosed(run) ? 'past' : 'open'] ?? 0);
  return isSeen ? 'spare' : undefined;
}

export const freezeTrace = (freeze: Freeze | undefined): string => (freeze ? digest(freeze) : 'none');

/** What to remember of a tab, to know later whether it is still true. */
export function homeShown(parts: HomeParts, now: number): HomeShown {
  const { person, groups, past, freeze } = parts;
  const { waiting, mine, others } = concerns(parts);
  const shown = [...waiting, ...mine, ...others.slice(0, atMost.others), ...past.slice(0, atMost.past)];
  return {
    runs: Object.fromEntries(shown.map((run) => [run.id, runTrace(run, person, groups)])),
    since: { open: lastShown(others, atMost.others), past: lastShown(past, atMost.past) },
    freeze: freezeTrace(freeze),
    publishedAt: now,
  };
}

const lastShown = (runs: readonly Run[], limit: number): number => runs[limit - 1]?.request.at ?? 0;

function startRestore(): Button {
  return button({ action: buttons.startRestore, text: 'Restore a database …', value: 'home', style: 'primary' });
}

/** What the card would offer to whoever decides. */
function decision(run: Run): Button[] {
  const yes = gateAtHand(run) === goAheadGate ? swapNow(run) : approve(run);
  return [yes, deny(run)];
}

function list(runs: readonly Run[], limit: number, none: Mrkdwn, each: (run: Run) => KnownBlock[]): KnownBlock[] {
  if (runs.length === 0) return [section(none)];
  const more = runs.length > limit ? [section(md`… and ${runs.length - limit} more.`)] : [];
  return [...runs.slice(0, limit).flatMap(each), ...more];
}

export function homeNotice(text: Mrkdwn): HomeView {
  return { type: 'home', blocks: [section(text)] };
}
