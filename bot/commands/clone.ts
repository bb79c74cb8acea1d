import type { Command } from '../command';
import { escape, md } from '../views/mrkdwn';
import { readSpan } from '../when';
import { openForm } from './open-form';
import { readArguments } from './parse';
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
    if ('mistake' in read) return { text: escape(read.mistake) };
    const [database, name, ...more] = read.words;
    if (more.length > 0)
      return {
        text: md`I took the first two words for the database and the new name, and cannot place “${escape(more.join(' '), 100)}”.`,
      };
    const source = readSource(read.options, read.flags, sense);
    if ('mistake' in source) return { text: escape(source.mistake) };
    const start = readStart(read.options.start, sense);
    if ('mistake' in start) return { text: escape(start.mistake) };
    const hours = readHours(read.options.for);
    if (typeof hours === 'object') return { text: escape(hours.mistake) };
    const reason = read.options.reason;
    const target = { target: 'new' as const, name: name?.toLowerCase(), keepHours: hours };
    return openForm(parts, call, { database: database?.toLowerCase(), ...source, ...target, ...start, reason });
  },
};

/** `12`, `12h`, `3 days`: whole hours. */
function readHours(text: string | undefined): number | undefined | { mistake: string } {
  if (text === undefined) return undefined;
  const isBare = /^\d+$/.test(text.trim());
  const hours = (readSpan(isBare ? `${text} h` : text) ?? 0) / hourMs;
  const isWhole = Number.isInteger(hours) && hours >= 1 && hours < 10_000;
  return isWhole ? hours : { mistake: `“${text}” is no time to live. Write whole hours or days, like 12h or 3d.` };
}
