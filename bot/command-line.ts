import type { Command, CommandCall } from './command';
import { cancel } from './commands/cancel';
import { clone } from './commands/clone';
import { help } from './commands/help';
import { meant, splitWords } from './commands/parse';
import { restore } from './commands/restore';
import { snapshot } from './commands/snapshot';
import { status } from './commands/status';
import type { Parts, Said } from './listener';
import { code, escape, md } from './views/mrkdwn';

/** Every verb. To add one: a file in commands/ and its name here. */
export const commands: readonly Command[] = [restore, clone, snapshot, status, cancel, help(() => commands)];

/** Reads one line that was typed after the command, and does what it says. */
export async function runLine(parts: Parts, text: string, call: Omit<CommandCall, 'words'>): Promise<Said | undefined> {
  const words = splitWords(text);
  if ('mistake' in words) return { text: escape(words.mistake) };
  const [verb = restore.verb, ...rest] = words;
  const startsWithOption = verb.startsWith('-');
  if (startsWithOption) return restore.run(parts, { ...call, words });
  const found = meant(
    verb,
    commands.map((command) => command.verb),
  );
  const command = 'word' in found ? commands.find((one) => one.verb === found.word) : undefined;
  if (command !== undefined) return command.run(parts, { ...call, words: rest });
  const name = parts.house.command;
  const offer =
    'guess' in found && found.guess !== undefined ? md` Did you mean ${code(`${name} ${found.guess}`)}?` : md``;
  return { text: md`I do not know ${code(verb, 60)}.${offer} ${code(`${name} help`)} lists what I do.` };
}
