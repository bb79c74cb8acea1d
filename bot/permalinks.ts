import type { Run } from '../orchestrator/run';
import type { Caller, Parts } from './listener';

/** Enough for a list that people read; each costs one read of the table. */
const atMost = 20;

/**
 * The addresses of these runs' cards, by run; absent where there is none yet.
 * Slack: chat.getPermalink answers `https://<workspace>.slack.com/archives/<channel>/p<ts without its dot>`.
 */
export async function cardLinks(
  { cards }: Pick<Parts, 'cards'>,
  { site }: Pick<Caller, 'site'>,
  runs: readonly Pick<Run, 'id'>[],
): Promise<Map<string, string>> {
  if (site === '') return new Map();
  const found = await Promise.all(
    runs.slice(0, atMost).map(async ({ id }) => {
      const card = await cards.find(id);
      return card?.ts === undefined ? [] : [[id, permalink(site, card.channel, card.ts)] as const];
    }),
  );
  return new Map(found.flat());
}

export function permalink(site: string, channel: string, ts: string): string {
  return `${site}archives/${channel}/p${ts.replace('.', '')}`;
}
