import { suggestion } from '../../orchestrator/door/suggestion';
import { runIdPattern } from '../../orchestrator/names';
import { isClosed, type Run } from '../../orchestrator/run';
import { anyMember, type Command, type CommandCall } from '../command';
import type { Parts, Said } from '../listener';
import { cardLinks } from '../permalinks';
import { context } from '../views/blocks';
import { renderCard, whereIsIt } from '../views/card';
import { code, join, link, md } from '../views/mrkdwn';
import { runList } from '../views/run-list';

/** What is under way, or one run, or what happened to one database. */
export const status: Command = {
  verb: 'status',
  usage: '[run or database]',
  summary: 'Shows what is under way, one run, or the last runs of a database.',
  who: anyMember,
  answers: 'the runs under way, a run’s card, or a database’s last runs',
  examples: ['status', 'status r7k3q9xz', 'status orders-staging'],
  async run(parts, call) {
    const [wanted, ...more] = call.words.map((word) => word.toLowerCase());
    if (more.length > 0) return { text: md`Name one run or one database, not several.` };
    if (wanted === undefined) return underWay(parts, call);
    const run = runIdPattern.test(wanted) ? await parts.door.find(wanted) : undefined;
    return run ? one(parts, call, run) : ofDatabase(parts, call, wanted);
  },
};

async function underWay(parts: Parts, call: CommandCall): Promise<Said> {
  const { door, house } = parts;
  const open = (await door.open()).filter((run) => !isClosed(run));
  if (open.length === 0)
    return { text: md`Nothing is under way. ${code(`${house.command} restore`)} asks for a restore.` };
  return runList(`Under way: ${open.length}`, open, { links: await cardLinks(parts, call, open) });
}

async function one(parts: Parts, call: CommandCall, run: Run): Promise<Said> {
  const { text, blocks: all } = renderCard(run, parts.house);
  // Slack lets nobody change what only one person sees: what is pressed is pressed on the card, where it is never stale.
  const blocks = all.filter(({ type }) => type !== 'actions');
  const address = (await cardLinks(parts, call, [run])).get(run.id);
  const where = join([whereIsIt(run), address === undefined ? undefined : link(address, 'Open its thread')], ' ');
  return { text, blocks: [...blocks, context(where)] };
}

async function ofDatabase(parts: Parts, call: CommandCall, wanted: string): Promise<Said> {
  const { door, house, inventory } = parts;
  const runs = await door.ofDatabase(wanted, 10);
  if (runs.length > 0)
    return runList(`The last runs of ${wanted}`, runs, { links: await cardLinks(parts, call, runs) });
  const names = (await inventory.list()).map(({ name }) => name);
  if (names.includes(wanted)) return { text: md`${code(wanted)} has not been restored from here yet.` };
  const near = suggestion(wanted, names);
  const offer =
    near === undefined
      ? md`${code(`${house.command} status`)} lists what is under way.`
      : md`Did you mean ${code(near)}?`;
  const text = md`I know no run and no database named ${code(wanted, 63)}. ${offer}`;
  return { text };
}
