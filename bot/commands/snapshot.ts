import type { Command } from '../command';
import { escape, md } from '../views/mrkdwn';
import { openForm } from './open-form';
import { readArguments } from './parse';
import { momentPhrases, readStart } from './source';

/** The form for a snapshot and nothing else. */
export const snapshot: Command = {
  verb: 'snapshot',
  usage: '[database] [--start time] [--reason "…"]',
  summary: 'Opens the form that asks for a snapshot; nothing is restored.',
  who: 'whom the rule lets request',
  answers: 'the form, filled in; after Request, the run’s card',
  examples: ['snapshot orders-prod --reason "before the migration"'],
  async run(parts, call) {
    const sense = { now: parts.clock.now(), zone: call.zone };
    const read = readArguments(call.words, { values: ['reason', 'start'], phrases: momentPhrases(sense) });
    if ('mistake' in read) return { text: escape(read.mistake) };
    const [database, ...more] = read.words;
    if (more.length > 0)
      return { text: md`I took the first word for the database and cannot place “${escape(more.join(' '), 100)}”.` };
    const { start, reason } = read.options;
    const when = readStart(start, sense);
    if ('mistake' in when) return { text: escape(when.mistake) };
    return openForm(parts, call, { database: database?.toLowerCase(), target: 'none', ...when, reason });
  },
};
