import type { CommandHelp } from '../sandbox/wire';

/** Nothing has to be added to what is typed: Enter sends it as it is, and the arrows choose all the same. */
export function isComplete(draft: string, { commands }: Vocabulary): boolean {
  const [, verb, ...words] = draft.trim().split(/\s+/);
  const found = commands.find((one) => one.verb === verb);
  return found !== undefined && (words.length > 0 || !found.usage.startsWith('<'));
}

/** What can be completed: the bot's verbs, and the names that its commands take. */
export interface Vocabulary {
  commands: readonly CommandHelp[];
  databases: readonly string[];
  runs: readonly string[];
}

export interface Completion {
  /** The whole text when it is taken. */
  text: string;
  label: string;
  note: string;
}

const command = '/trapheus';
const most = 8;

export function completions(draft: string, vocabulary: Vocabulary): Completion[] {
  if (!draft.startsWith('/') || draft.includes('\n')) return [];
  const [typed = '', verb, ...words] = draft.split(' ');
  if (verb === undefined) return command.startsWith(typed) ? verbs('', vocabulary) : [];
  if (typed !== command) return [];
  const [word, ...more] = words;
  if (word === undefined) return verbs(verb, vocabulary);
  const found = vocabulary.commands.find((one) => one.verb === verb);
  if (found === undefined || more.length > 0) return [];
  return names(found, word, vocabulary);
}

function verbs(begun: string, { commands }: Vocabulary): Completion[] {
  return commands
    .filter(({ verb }) => verb.startsWith(begun.toLowerCase()))
    .map(({ verb, usage, summary }) => ({
      text: `${command} ${verb}${usage === '' ? '' : ' '}`,
      label: [command, verb, usage].filter(Boolean).join(' '),
      note: summary,
    }));
}

function names({ verb, usage }: CommandHelp, begun: string, { databases, runs }: Vocabulary): Completion[] {
  const [known, note] = /database/i.test(usage)
    ? [databases, 'database']
    : /run/i.test(usage)
      ? [runs, 'run']
      : [[], ''];
  return known
    .filter((name) => name.includes(begun.toLowerCase()) && name !== begun)
    .sort((a, b) => Number(b.startsWith(begun)) - Number(a.startsWith(begun)))
    .slice(0, most)
    .map((name) => ({ text: `${command} ${verb} ${name}`, label: name, note }));
}
