import type { Command } from '../command';
import { escape, md } from '../views/mrkdwn';
import { openForm } from './open-form';
import { readArguments } from './parse';
import { readSource } from './source';

/** Opens the form, filled in with what was typed, unless it is clear already that the request would be refused. */
export const restore: Command = {
  verb: 'restore',
  usage: '[database] [--snapshot id] [--at time] [--onto database] [--reason "…"]',
  summary: 'Opens the form that asks for a restore.',
  who: 'whom the rule lets request',
  answers: 'the form, filled in; after Request, the run’s card',
  async run(parts, call) {
    const read = readArguments(call.words, { values: ['snapshot', 'at', 'onto', 'reason'] });
    if ('mistake' in read) return { text: escape(read.mistake) };
    const [typed, ...more] = read.words;
    if (more.length > 0)
      return {
        text: md`I took “${escape(typed ?? '', 63)}” for the database and cannot place “${escape(more.join(' '), 100)}”. Put a reason of several words in quotes: \`--reason "…"\`.`,
      };
    const source = readSource(read.options);
    if ('mistake' in source) return { text: escape(source.mistake) };
    const { onto, reason } = read.options;
    const target = onto === undefined ? {} : { target: 'onto' as const, name: onto.toLowerCase() };
    return openForm(parts, call, { database: typed?.toLowerCase(), ...source, ...target, reason });
  },
};
