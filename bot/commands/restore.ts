import { channelRefusal } from '../channels';
import type { Command } from '../command';
import { escape, md } from '../views/mrkdwn';
import { problemText } from '../views/problem';
import { restoreForm } from '../views/restore-form';
import { readArguments } from './parse';

/** Opens the form, filled in with what was typed, unless it is clear already that the request would be refused. */
export const restore: Command = {
  verb: 'restore',
  usage: '[database] [--snapshot id] [--reason "…"]',
  summary: 'Opens the form that asks for a restore.',
  async run({ door, inventory, clock }, { words, person, channel, client, trigger }) {
    const read = readArguments(words, ['snapshot', 'reason']);
    if ('mistake' in read) return { text: escape(read.mistake) };
    const [typed, ...more] = read.words;
    if (more.length > 0)
      return {
        text: md`I took “${escape(typed ?? '', 63)}” for the database and cannot place “${escape(more.join(' '), 100)}”. Put a reason of several words in quotes: \`--reason "…"\`.`,
      };

    const database = typed?.toLowerCase();
    const [elsewhere, verdict] = await Promise.all([
      channelRefusal(client, channel),
      database === undefined ? undefined : door.mayRequest({ database, person: person.id, channel }),
      inventory.used(clock.now()),
    ]);
    if (elsewhere !== undefined) return { text: elsewhere };
    if (verdict && !verdict.ok) return { text: problemText(verdict.problem) };
    const view = restoreForm({ channel, database, snapshot: read.options.snapshot, reason: read.options.reason });
    await client.views.open({ trigger_id: trigger, view });
    return undefined;
  },
};
