import { statusWords } from '../../orchestrator/door/status-words';
import { suggestion } from '../../orchestrator/door/suggestion';
import { problem } from '../../orchestrator/errors';
import { runIdPattern } from '../../orchestrator/names';
import type { Run } from '../../orchestrator/run';
import type { Parts, Said } from '../listener';
import { code, escape, join, md } from '../views/mrkdwn';
import { problemText } from '../views/problem';
import { brief } from '../views/run-list';
import { readArguments } from './parse';

/** How many candidates are worth reading. */
const fewRuns = 5;

/**
 * The run that was named, by its id or by its database's name, and that `can` still be acted on; else what to tell.
 * @param verb What was wanted of it: `cancel`.
 */
export async function findRun(
  parts: Parts,
  words: readonly string[],
  verb: string,
  can: (run: Run) => boolean,
): Promise<{ run: Run } | { said: Said }> {
  const { door, house, inventory } = parts;
  const read = readArguments([...words]);
  if ('mistake' in read) return { said: { text: escape(read.mistake) } };
  const [typed, ...more] = read.words.map((word) => word.toLowerCase());
  if (typed === undefined || more.length > 0) return { said: await whichRun(parts, verb, can) };
  const named = runIdPattern.test(typed) ? await door.find(typed) : undefined;
  // People wait: what a guess needs is read beside it.
  const [runs, open, entries] = named
    ? [[named], [], []]
    : await Promise.all([door.ofDatabase(typed, 10), door.open(), inventory.list()]);
  const run = best(runs, can);
  if (run !== undefined)
    return can(run)
      ? { run }
      : {
          said: {
            text: problemText(problem('nothing-of-that', { run: run.id, status: statusWords(run), verb }), house),
          },
        };
  if (entries.some(({ name }) => name === typed))
    return { said: { text: problemText(problem('no-run-of', { database: typed, verb }), house) } };
  const guess = suggestion(typed, [...open.map(({ id }) => id), ...entries.map(({ name }) => name)]);
  const offer = guess === undefined ? undefined : md` Did you mean ${code(guess)}?`;
  return { said: { text: md`${problemText(problem('unknown-run', { run: typed }), house)}${join([offer], '')}` } };
}

/** The newest of a database's runs that can be acted on; else simply the newest. */
const best = (runs: readonly Run[], can: (run: Run) => boolean): Run | undefined => runs.find(can) ?? runs[0];

async function whichRun({ door, house }: Parts, verb: string, can: (run: Run) => boolean): Promise<Said> {
  const name = md`Name the run: ${code(`${house.command} ${verb} <run>`)}.`;
  const runs = [...(await door.open()), ...(await door.recent(20))].filter(can);
  const those = [...new Map(runs.map((run) => [run.id, run])).values()].slice(0, fewRuns).map((run) => brief(run));
  if (those.length === 0) return { text: md`${name} There is none just now for which that could be done.` };
  return { text: join([md`${name} It can be done for:`, ...those], '\n') };
}
