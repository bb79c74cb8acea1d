import type { Command } from '../command';
import type { Filled } from '../views/restore-form';
import { openForm } from './open-form';
import { type Mistake, mistakesIn, placed, readArguments, valid } from './parse';
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
    const { options, flags: said } = 'mistake' in read ? read.rest : read;
    const { taken: words, stray } = placed(
      read,
      call.words,
      1,
      ([typed = ''], rest) =>
        `I took “${typed}” for the database and cannot place “${rest}”. Put a reason of several words in quotes: --reason "…".`,
    );
    const database = words[0]?.toLowerCase();
    const source = readSource(options, said, sense);
    const start = readStart(options.start, sense);
    const target = readTarget(options, database);
    const named = { ...valid(target) };
    // A name that somebody has is never taken by a word that was meant for a new one.
    const names = named.target === 'new' ? (await parts.inventory.list()).map(({ name }) => name) : [];
    const taken = named.name !== undefined && names.includes(named.name) ? [nameTaken(named.name)] : [];
    const mistakes = mistakesIn(read, ...stray, source, start, target, ...taken);
    const filled = { database, ...valid(source), ...named, ...valid(start), reason: options.reason };
    return openForm(parts, call, filled, mistakes);
  },
};

const nameTaken = (name: string): Mistake => ({
  mistake: `${name} is there already, and --to is for a new name. --onto ${name} puts the data under that name and sets aside what it is now.`,
});

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
