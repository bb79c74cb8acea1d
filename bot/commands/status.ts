import { runIdPattern } from '../../orchestrator/names';
import { suggestion } from '../../orchestrator/request';
import { isClosed, type Run } from '../../orchestrator/run';
import { anyMember, type Command } from '../command';
import type { Parts, Said } from '../listener';
import { context } from '../views/blocks';
import { renderCard, whereIsIt } from '../views/card';
import { code, md } from '../views/mrkdwn';
import { runList } from '../views/run-list';

/** What is under way, or one run, or what happened to one database. */
export const status: Command = {
  verb: 'status',
  usage: '[run or database]',
  summary: 'Shows what is under way, one run, or the last runs of a database.',
  who: anyMember,
  answers: 'the runs under way, a run’s card, or a database’s last runs',
  async run(parts, { words }) {
    const [wanted, ...more] = words.map((word) => word.toLowerCase());
    if (more.length > 0) return { text: md`Name one run or one database, not several.` };
    if (wanted === undefined) return underWay(parts);
    const run = runIdPattern.test(wanted) ? await parts.door.find(wanted) : undefined;
    return run ? one(parts, run) : ofDatabase(parts, wanted);
  },
};

async function underWay({ door, house }: Parts): Promise<Said> {
  const open = (await door.open()).filter((run) => !isClosed(run));
  if (open.length === 0)
    return { text: md`Nothing is under way. ${code(`${house.command} restore`)} asks for a restore.` };
  return runList(`Under way: ${open.length}`, open);
}

function one({ house }: Parts, run: Run): Said {
  const { text, blocks } = renderCard(run, house);
  return { text, blocks: [...blocks, context(whereIsIt(run))] };
}

async function ofDatabase({ door, house, inventory }: Parts, wanted: string): Promise<Said> {
  const runs = await door.ofDatabase(wanted, 10);
  if (runs.length > 0) return runList(`The last runs of ${wanted}`, runs);
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
