import { failure } from '../../orchestrator/log';
import { closedDoor, isPassing } from '../slack-errors';
import { Drive, type DriveParts } from './drive';
import { type Rank, ranks } from './pace';
import { Patience, type PatienceParts } from './patience';
import { type HomeDriveParts, refreshHomes } from './refresh-homes';

export type NotifierParts = DriveParts & PatienceParts & HomeDriveParts;

/** `later`: Slack or a neighbour stood in the way; the same call again will do. */
export type Shown = 'shown' | 'later';

/** Long enough for a card and a few replies at Slack's slowest; after a crash the next one waits as long. */
const leaseMs = 60_000;

/**
 * Brings a run's messages in Slack to what its newest record says. Doing it again changes nothing. What Slack's limits
 * do not allow yet is shown later: the card stands in line, and the watcher makes the stream deliver its run again.
 */
export async function show(
  parts: NotifierParts,
  id: string,
  holder: string,
  patience = new Patience(parts),
): Promise<Shown> {
  const { runs, cards, clock, log } = parts;
  const run = await runs.load(id);
  if (run === undefined) return 'shown';
  const now = clock.now();
  const card = await cards.claim(id, run.request.channel, holder, now, now + leaseMs);
  if (card === undefined) return 'later';
  // A record that was read before the lease was ours may be older than what is shown.
  const newest = (await runs.load(id)) ?? run;
  // A request from AWS for which no rule names a channel: nobody is shown anything.
  if (newest.request.channel === '') {
    await refreshHomes(parts, holder, newest);
    await cards.shown(id, holder, newest.version);
    return 'shown';
  }
  try {
    const driven = await new Drive(parts, patience, newest, card, holder).run();
    const { version, last } = driven;
    // After the card, which they never hold up: they are what matters least.
    const behind = await refreshHomes(parts, holder, newest);
    const unsaid = mostUrgent(driven.unsaid, behind);
    if (unsaid !== undefined) {
      await cards.queue(id, holder, placeOf(card.place, unsaid, now), last);
      return 'shown';
    }
    if (card.undeliverable !== undefined) await cards.save(id, holder, { undeliverable: undefined });
    await cards.shown(id, holder, version, last);
    return 'shown';
  } catch (error) {
    const why = closedDoor(error);
    if (why !== undefined) {
      log('warn', 'card-undeliverable', { run: id, channel: card.channel, why });
      await refreshHomes(parts, holder, newest);
      await cards.save(id, holder, { undeliverable: why });
      await cards.shown(id, holder, newest.version);
      return 'shown';
    }
    // A card that cannot be shown must not stay ahead of those that can.
    if (card.place === undefined) await cards.release(id, holder);
    else await cards.queue(id, holder, placeFor('later', now));
    if (!isPassing(error)) throw error;
    log('warn', 'card-behind', { run: id, version: newest.version, ...failure(error) });
    return 'later';
  }
}

/** Milliseconds since the epoch stay far below it for another thousand years. */
const rankWidth = 1e14;

const mostUrgent = (...all: (Rank | undefined)[]): Rank | undefined => ranks.find((rank) => all.includes(rank));

/** A card keeps its place, but not before others for the sake of tabs alone. */
function placeOf(before: number | undefined, rank: Rank, now: number): number {
  const keeps = before !== undefined && (rank !== 'spare' || before >= placeFor(rank, 0));
  return keeps ? Math.min(before, placeFor(rank, now)) : placeFor(rank, now);
}

/** Whoever matters more comes first, and among equals whoever came first. */
function placeFor(rank: Rank, now: number): number {
  return ranks.indexOf(rank) * rankWidth + now;
}
