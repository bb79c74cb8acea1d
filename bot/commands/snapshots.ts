import { anyMember, type Command } from '../command';
import { context, header, section } from '../views/blocks';
import { code, lines, md } from '../views/mrkdwn';
import { snapshotLine } from '../views/snapshot-line';
import { moment } from '../views/times';
import { knownDatabase } from './known-database';

/** People read ten. */
const atMost = 15;

/** What a database can be restored from. */
export const snapshots: Command = {
  verb: 'snapshots',
  usage: '<database>',
  summary: 'Lists what a database can be restored from: its snapshots, and the window for a point in time.',
  who: anyMember,
  answers: 'snapshots with age, size, engine and encryption, newest first',
  examples: ['snapshots orders-staging'],
  async run(parts, { words }) {
    const { databases, inventory, clock, house } = parts;
    const [name, ...more] = words.map((word) => word.toLowerCase());
    if (name === undefined || more.length > 0)
      return { text: md`Name one database: ${code(`${house.command} snapshots <database>`)}.` };
    const [database, found] = await Promise.all([
      databases.find(name),
      databases.snapshotsOf(name),
      inventory.used(clock.now()),
    ]);
    if (database === undefined && found.length === 0) {
      const unknown = await knownDatabase(parts, name);
      if (unknown) return unknown;
    }
    const window = database && (await databases.restorable(database));
    const now = clock.now();
    const time =
      window === undefined
        ? md`It cannot be restored to a point in time: automated backups are off, or the first is not finished.`
        : md`Point in time: any moment from ${moment(window.from)} to ${moment(window.to)}.`;
    const shown = found.slice(0, atMost).map((snapshot) => snapshotLine(snapshot, now));
    const rest = found.length - shown.length;
    const all = [
      ...(shown.length === 0 ? [md`There is no snapshot of it.`] : shown),
      ...(rest > 0 ? [md`… and ${rest} older ones.`] : []),
    ];
    const use = md`${code(`${house.command} restore ${name} --snapshot <id>`, 140)} restores one of them.`;
    return {
      text: lines([md`Snapshots of ${code(name)}: ${found.length}.`, ...all, time], 3500),
      blocks: [
        header(`Snapshots of ${name}`),
        section(lines(all)),
        section(time),
        ...(found.length > 0
          ? [context(use)]
          : [context(md`${code(`${house.command} snapshot ${name}`, 140)} takes one.`)]),
      ],
    };
  },
};
