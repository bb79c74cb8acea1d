import { suggestion } from '../orchestrator/door/suggestion';
import { runIdPattern } from '../orchestrator/names';
import type { Command, CommandCall } from './command';
import { approve } from './commands/approve';
import { cancel } from './commands/cancel';
import { clone } from './commands/clone';
import { deny } from './commands/deny';
import { freeze } from './commands/freeze';
import { help } from './commands/help';
import { history } from './commands/history';
import { list } from './commands/list';
import { meant, splitWords } from './commands/parse';
import { policy } from './commands/policy';
import { restore } from './commands/restore';
import { snapshot } from './commands/snapshot';
import { snapshots } from './commands/snapshots';
import { status } from './commands/status';
import { undo } from './commands/undo';
import { unfreeze } from './commands/unfreeze';
import { whoami } from './commands/whoami';
import type { Parts, Said } from './listener';
import { code, escape, join, md } from './views/mrkdwn';

const helpVerb = help(() => commands);

/** Every verb. To add one: a file in commands/ and its name here. */
export const commands: readonly Command[] = [
  restore,
  clone,
  snapshot,
  status,
  list,
  snapshots,
  history,
  approve,
  deny,
  cancel,
  undo,
  whoami,
  policy,
  freeze,
  unfreeze,
  helpVerb,
];

/** Reads one line that was typed after the command, and does what it says. */
export async function runLine(parts: Parts, text: string, call: Omit<CommandCall, 'words'>): Promise<Said | undefined> {
  const words = splitWords(text);
  if ('mistake' in words) return { text: escape(words.mistake) };
  const [verb = restore.verb, ...rest] = words;
  const asksForHelp = words.some((word) => /^(?:--help|-h|-\?)$/i.test(word));
  if (asksForHelp)
    return helpVerb.run(parts, {
      ...call,
      words: words.filter((word) => !word.startsWith('-')).slice(0, 1),
    });
  const startsWithOption = verb.startsWith('-');
  if (startsWithOption) return restore.run(parts, { ...call, words });
  const found = meant(
    verb,
    commands.map((command) => command.verb),
  );
  const command = 'word' in found ? commands.find((one) => one.verb === found.word) : undefined;
  if (command !== undefined) return command.run(parts, { ...call, words: rest });
  const name = parts.house.command;
  const guesses = 'guesses' in found && found.guesses.length > 0 ? found.guesses : await forgotten(parts, verb);
  const offer =
    guesses.length === 0
      ? md``
      : md` Did you mean ${join(
          guesses.map((one) => code(`${name} ${one}`, 140)),
          ' or ',
        )}?`;
  return { text: md`I do not know ${code(verb, 60)}.${offer} ${code(`${name} help`)} lists what I do.` };
}

/** A database or a run at the place of the verb: what people mean who leave it out. */
async function forgotten({ inventory }: Parts, typed: string): Promise<string[]> {
  const word = typed.toLowerCase();
  if (runIdPattern.test(word)) return [`${status.verb} ${word}`];
  const names = (await inventory.list()).map(({ name }) => name);
  const database = names.includes(word) ? word : suggestion(word, names);
  return database === undefined ? [] : [`${restore.verb} ${database}`];
}
