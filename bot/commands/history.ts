import { runIdPattern } from '../../orchestrator/names';
import type { Run } from '../../orchestrator/run';
import { anyMember, type Command } from '../command';
import type { Parts, Said } from '../listener';
import { cardLinks } from '../permalinks';
import { code, escape, md } from '../views/mrkdwn';
import { runEvents } from '../views/run-events';
import { outcome, runList } from '../views/run-list';
import { knownDatabase } from './known-database';
import { readArguments } from './parse';

const atMost = 20;

/** What was, and what came of it. */
export const history: Command = {
  verb: 'history',
  usage: '[database or run]',
  summary: 'Tells what happened: the last runs that ended, those of one database, or every event of one run.',
  who: anyMember,
  answers: 'runs with who asked, who approved, how long it took and the outage; or who did what and when',
  examples: ['history', 'history orders-staging', 'history r7k3q9xz'],
  async run(parts, call): Promise<Said> {
    const { door, house } = parts;
    const read = readArguments(call.words, {});
    if ('mistake' in read) return { text: escape(read.mistake) };
    const [wanted, ...more] = read.words.map((word) => word.toLowerCase());
    if (more.length > 0) return { text: md`Name one database or one run, not several.` };
    const run = wanted !== undefined && runIdPattern.test(wanted) ? await door.find(wanted) : undefined;
    if (run) return runEvents(run, await door.refusals(run.id), house);
    const runs = wanted === undefined ? await cameToSomething(door) : await door.ofDatabase(wanted, atMost);
    const title = wanted === undefined ? 'The last runs' : `The last runs of ${wanted}`;
    if (runs.length > 0) return runList(title, runs, { each: outcome, links: await cardLinks(parts, call, runs) });
    if (wanted === undefined)
      return { text: md`No run has ended yet. ${code(`${house.command} status`)} shows what is under way.` };
    return (
      (await knownDatabase(parts, wanted)) ?? { text: md`${code(wanted, 63)} has not been restored from here yet.` }
    );
  },
};

/** A restore has come to its end when its database answers, although its original is kept for days yet. */
async function cameToSomething(door: Parts['door']): Promise<Run[]> {
  const [open, recent] = await Promise.all([door.open(), door.recent(atMost)]);
  const runs = [...open.filter(({ finishedAt }) => finishedAt !== undefined), ...recent];
  const unique = [...new Map(runs.map((run) => [run.id, run])).values()];
  return unique.sort((one, other) => other.request.at - one.request.at).slice(0, atMost);
}
