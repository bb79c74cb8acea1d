import type { Command } from '../command';
import { openForm } from './open-form';
import { mistakesIn, placed, readArguments, valid } from './parse';
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
    const { start, reason } = ('mistake' in read ? read.rest : read).options;
    const { taken, stray } = placed(
      read,
      call.words,
      1,
      ([typed = ''], rest) => `I took “${typed}” for the database and cannot place “${rest}”.`,
    );
    const when = readStart(start, sense);
    const filled = { database: taken[0]?.toLowerCase(), target: 'none' as const, ...valid(when), reason };
    return openForm(parts, call, filled, mistakesIn(read, ...stray, when));
  },
};
