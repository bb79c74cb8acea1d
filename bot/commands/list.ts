import { isClosed, type Run } from '../../orchestrator/run';
import { subjectOf } from '../../orchestrator/wish';
import { anyMember, type Command } from '../command';
import type { Said } from '../listener';
import { cardLinks } from '../permalinks';
import { code, escape, md } from '../views/mrkdwn';
import { runList } from '../views/run-list';
import { knownDatabase } from './known-database';
import { readArguments } from './parse';

/** How far back `--all` goes. */
const past = 50;

/** Runs, chosen by database and by who asked. */
export const list: Command = {
  verb: 'list',
  usage: '[database] [--mine] [--all]',
  summary: 'Lists runs: those under way, with --all also those that have ended.',
  who: anyMember,
  answers: 'runs, newest first, each with a link to its card',
  examples: ['list --mine', 'list orders-staging --all'],
  async run(parts, call): Promise<Said> {
    const read = readArguments(call.words, { flags: ['mine', 'all'] });
    if ('mistake' in read) return { text: escape(read.mistake) };
    const [database, ...more] = read.words.map((word) => word.toLowerCase());
    if (more.length > 0) return { text: md`Name one database, not several.` };
    const isAll = read.flags.has('all');
    const isMine = read.flags.has('mine');
    const concerns = ({ request }: Run) =>
      (database === undefined || database === request.database || database === subjectOf(request)) &&
      (!isMine || request.requester.id === call.person.id);
    const runs = (await runsOf(parts.door, database, isAll)).filter(
      (run) => concerns(run) && (isAll || !isClosed(run)),
    );
    const words = [
      isAll ? 'Runs' : 'Runs under way',
      ...(database ? [`of ${database}`] : []),
      ...(isMine ? ['that you asked for'] : []),
    ];
    if (runs.length > 0)
      return runList(`${words.join(' ')}: ${runs.length}`, runs, { links: await cardLinks(parts, call, runs) });
    const unknown = database === undefined ? undefined : await knownDatabase(parts, database);
    if (unknown) return unknown;
    const hint = isAll ? md`` : md` ${code(`${parts.house.command} list --all`)} shows those that have ended, too.`;
    return { text: md`There are no ${escape(words.join(' ').toLowerCase(), 200)}.${hint}` };
  },
};

async function runsOf(
  door: {
    open(): Promise<Run[]>;
    recent(limit?: number): Promise<Run[]>;
    ofDatabase(name: string, limit?: number): Promise<Run[]>;
  },
  database: string | undefined,
  isAll: boolean,
): Promise<Run[]> {
  const found = await Promise.all([
    door.open(),
    isAll ? door.recent(past) : [],
    database === undefined ? [] : door.ofDatabase(database, past),
  ]);
  const byId = new Map(found.flat().map((run) => [run.id, run]));
  return [...byId.values()].sort((a, b) => b.request.at - a.request.at);
}
