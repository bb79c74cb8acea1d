import type { Command } from '../command';
import { code, escape, md } from '../views/mrkdwn';
import type { Filled } from '../views/restore-form';
import { openForm } from './open-form';
import { type Mistake, readArguments } from './parse';
import { momentPhrases, readSource, readStart, wishOptions } from './source';

/** Opens the form, filled in with what was typed, unless it is clear already that the request would be refused. */
export const restore: Command = {
  verb: 'restore',
  usage:
    '[database] [--latest | --snapshot id | --at time] [--to new-name | --onto database] [--start time] [--reason "…"]',
  summary: 'Opens the form that asks for a restore.',
  who: 'whom the rule lets request',
  answers: 'the form, filled in; its last page shows what is known; then the run’s card',
  examples: [
    'restore',
    'restore orders-staging',
    'restore orders-staging --at 10 min ago --reason "bad migration"',
    'restore orders-staging --at "yesterday 18:00" --to orders-check',
    'restore orders-prod --onto orders-staging --start tonight',
  ],
  notes: [
    'Without --to and --onto the database itself is replaced. --to gives the copy a new name, --onto that of another database.',
    '--snapshot takes an id, now (a fresh one), or clone (Aurora). Times are in your own time zone unless they end in UTC.',
  ],
  async run(parts, call) {
    const sense = { now: parts.clock.now(), zone: call.zone };
    const { values, flags } = wishOptions;
    const phrases = momentPhrases(sense);
    const read = readArguments(call.words, { values: [...values, 'to', 'onto'], flags, phrases });
    if ('mistake' in read) return { text: escape(read.mistake) };
    const [typed, ...more] = read.words;
    if (more.length > 0)
      return {
        text: md`I took “${escape(typed ?? '', 63)}” for the database and cannot place “${escape(more.join(' '), 100)}”. Put a reason of several words in quotes: \`--reason "…"\`.`,
      };
    const database = typed?.toLowerCase();
    const source = readSource(read.options, read.flags, sense);
    if ('mistake' in source) return { text: escape(source.mistake) };
    const start = readStart(read.options.start, sense);
    if ('mistake' in start) return { text: escape(start.mistake) };
    const target = readTarget(read.options, database);
    if ('mistake' in target) return { text: escape(target.mistake) };
    // A name that somebody has is never taken by a word that was meant for a new one.
    const names = target.target === 'new' ? (await parts.inventory.list()).map(({ name }) => name) : [];
    if (target.name !== undefined && names.includes(target.name))
      return {
        text: md`${code(target.name, 63)} is there already, and ${code('--to')} is for a new name. ${code(`--onto ${target.name}`, 80)} puts the data under that name and sets aside what it is now.`,
      };
    return openForm(parts, call, { database, ...source, ...target, ...start, reason: read.options.reason });
  },
};

/** `--to` the database's own name says what happens without it. */
function readTarget(
  { to, onto }: { to?: string; onto?: string },
  database: string | undefined,
): Pick<Filled, 'target' | 'name'> | Mistake {
  if (to !== undefined && onto !== undefined)
    return { mistake: 'Give either --to (a new name) or --onto (the name of another database).' };
  const name = (to ?? onto)?.toLowerCase();
  if (name === undefined || name === database) return {};
  return { target: to === undefined ? 'onto' : 'new', name };
}
