import type { Command } from '../command';
import { readSpan } from '../when';
import { openForm } from './open-form';
import { type Mistake, mistakesIn, placed, readArguments, valid } from './parse';
import { momentPhrases, readSource, readStart, wishOptions } from './source';

const hourMs = 3_600_000;

/** The form for a database beside the one that it is made of. */
export const clone: Command = {
  verb: 'clone',
  usage: '[database] [new name] [--latest | --snapshot id | --at time] [--for hours] [--start time] [--reason "…"]',
  summary: 'Opens the form that asks for a copy under a new name, for a while.',
  who: 'whom the rule lets request',
  answers: 'the form, filled in; its last page shows what is known; then the run’s card',
  examples: ['clone orders-prod orders-check --for 8h', 'clone orders-staging try --at 10 min ago'],
  async run(parts, call) {
    const sense = { now: parts.clock.now(), zone: call.zone };
    const { values, flags } = wishOptions;
    const phrases = { ...momentPhrases(sense), for: (words: string) => readSpan(words) !== undefined };
    const read = readArguments(call.words, { values: [...values, 'for'], flags, phrases });
    const { options, flags: said } = 'mistake' in read ? read.rest : read;
    const { taken, stray } = placed(
      read,
      call.words,
      2,
      (_, rest) => `I took the first two words for the database and the new name, and cannot place “${rest}”.`,
    );
    const [database, name] = taken.map((word) => word.toLowerCase());
    const source = readSource(options, said, sense);
    const start = readStart(options.start, sense);
    const life = readLife(options.for);
    const target = { target: 'new' as const, name, ...valid(life) };
    const filled = { database, ...valid(source), ...target, ...valid(start), reason: options.reason };
    return openForm(parts, call, filled, mistakesIn(read, ...stray, source, start, life));
  },
};

/** `12`, `12h`, `3 days`: whole hours. */
function readLife(text: string | undefined): { keepHours?: number } | Mistake {
  if (text === undefined) return {};
  const isBare = /^\d+$/.test(text.trim());
  const hours = (readSpan(isBare ? `${text} h` : text) ?? 0) / hourMs;
  const isWhole = Number.isInteger(hours) && hours >= 1 && hours < 10_000;
  if (!isWhole) return { mistake: `“${text}” is no time to live. Write whole hours or days, like 12h or 3d.` };
  return { keepHours: hours };
}
