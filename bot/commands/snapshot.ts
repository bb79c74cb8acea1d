import type { Command } from '../command';
import { escape, md } from '../views/mrkdwn';
import { openForm } from './open-form';
import { readArguments } from './parse';

/** The form for a snapshot and nothing else. */
export const snapshot: Command = {
  verb: 'snapshot',
  usage: '[database] [--reason "…"]',
  summary: 'Opens the form that asks for a snapshot; nothing is restored.',
  who: 'whom the rule lets request',
  answers: 'the form, filled in; after Request, the run’s card',
  async run(parts, call) {
    const read = readArguments(call.words, { values: ['reason'] });
    if ('mistake' in read) return { text: escape(read.mistake) };
    const [database, ...more] = read.words;
    if (more.length > 0)
      return { text: md`I took the first word for the database and cannot place “${escape(more.join(' '), 100)}”.` };
    return openForm(parts, call, { database: database?.toLowerCase(), target: 'none', reason: read.options.reason });
  },
};
