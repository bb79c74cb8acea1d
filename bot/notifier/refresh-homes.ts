import type { WebClient } from '@slack/web-api';
import { failure, type Log } from '../../orchestrator/log';
import type { Clock, Freezes, Runs } from '../../orchestrator/ports';
import type { Run } from '../../orchestrator/run';
import type { ShownCards } from '../cards';
import { type Homes, homeLeaseMs, homeOpenMs, listsEveryMs, type OpenHome } from '../homes';
import type { House } from '../house';
import { cardLinks } from '../permalinks';
import { isPassing, retryAfterSeconds } from '../slack-errors';
import { freezeTrace, homeRuns, homeShown, homeView, recentAtMost, staleness } from '../views/home';
import { storedMrkdwn } from '../views/mrkdwn';
import { lanes, type Pace, type Rank } from './pace';

export interface HomeDriveParts {
  homes: Pick<Homes, 'open' | 'claim' | 'done'>;
  runs: Pick<Runs, 'open' | 'recent'>;
  freezes: Pick<Freezes, 'current'>;
  cards: ShownCards;
  slack: () => Promise<WebClient>;
  pace: Pace;
  house: House;
  clock: Clock;
  log: Log;
}

/** How urgent it is that a tab is published. */
type Staleness = Extract<Rank, 'later' | 'spare'>;

/**
 * Publishes anew the open Home tabs that say something of this run, or of a freeze, that is true no more. Nobody waits
 * for a slot here, since cards wait behind. Answers how urgent the most urgent tab is that has to be published later.
 */
export async function refreshHomes(
  parts: HomeDriveParts,
  holder: string,
  changed?: Run,
): Promise<Staleness | undefined> {
  try {
    return await refresh(parts, holder, changed);
  } catch (error) {
    // A tab is not worth a card: it is published with the next change.
    parts.log('error', 'homes-failed', { run: changed?.id, ...failure(error) });
    return undefined;
  }
}

async function refresh(
  parts: HomeDriveParts,
  holder: string,
  changed: Run | undefined,
): Promise<Staleness | undefined> {
  const { clock, homes, freezes } = parts;
  const open = await homes.open(clock.now() - homeOpenMs);
  if (open.length === 0) return undefined;
  const frozen = freezeTrace(await freezes.current());
  const how = (home: OpenHome) => (home.freeze === frozen ? changed && staleness(home, changed) : 'later');
  const stale = open.map((home) => ({ home, how: how(home) }));
  const left = new Set<Staleness>();
  for (const urgency of ['later', 'spare'] as const) {
    const wanted = stale.filter((one) => one.how === urgency).map(({ home }) => home);
    const mine = await claimed(parts, holder, wanted, urgency);
    if (mine.length < wanted.length) left.add(urgency);
    if (mine.length === 0) continue;
    const published = await Promise.all(mine.map(await publisher(parts, await parts.slack(), holder, changed)));
    if (!published.every(Boolean)) left.add(urgency);
  }
  return left.has('later') ? 'later' : left.has('spare') ? 'spare' : undefined;
}

/** Those that may be published at once. */
async function claimed(
  { pace, homes, clock }: HomeDriveParts,
  holder: string,
  wanted: readonly OpenHome[],
  urgency: Staleness,
): Promise<OpenHome[]> {
  const mine: OpenHome[] = [];
  const isList = urgency === 'spare';
  for (const home of wanted) {
    const now = clock.now();
    if (isList && now - (home.publishedAt ?? 0) < listsEveryMs) continue;
    const slot = { now, withinMs: 0, useBurst: true };
    if (isList && (await pace.take(lanes.homeLists, slot)) === undefined) break;
    if ((await pace.take(lanes.home, slot)) === undefined) break;
    if (await homes.claim(home.person, holder, now, now + homeLeaseMs)) mine.push(home);
  }
  return mine;
}

/** Reads once, after the claims, what all of them show. */
async function publisher(parts: HomeDriveParts, slack: WebClient, holder: string, changed: Run | undefined) {
  const { runs, freezes, house, homes, pace, clock, log } = parts;
  const [found, archived, freeze] = await Promise.all([runs.open(), runs.recent(recentAtMost), freezes.current()]);
  // The lists are an index, which may not know yet of what has just been written.
  const isMissing = changed !== undefined && ![...found, ...archived].some(({ id }) => id === changed.id);
  const shown = homeRuns(isMissing ? [changed, ...found] : found, archived);
  const linksOf = new Map<string, ReturnType<typeof cardLinks>>();
  return async ({ person, groups, rights, site }: OpenHome): Promise<boolean> => {
    const links = linksOf.get(site) ?? cardLinks(parts, { site }, [...shown.open, ...shown.past]);
    linksOf.set(site, links);
    const home = { person, groups, freeze, ...shown, rights: rights?.map(storedMrkdwn), links: await links };
    try {
      await slack.views.publish({ user_id: person, view: homeView(home, house) });
    } catch (error) {
      const seconds = retryAfterSeconds(error);
      if (seconds !== undefined) await pace.pause(lanes.home, clock.now() + seconds * 1000);
      log('warn', 'home-behind', { person, ...failure(error) });
      // The lease runs out by itself, before anybody should try again.
      if (isPassing(error)) return false;
      // Slack takes no tab for him (deactivated, not a member any more): it would not take it later either.
    }
    await homes.done(person, holder, homeShown(home, clock.now()));
    return true;
  };
}
