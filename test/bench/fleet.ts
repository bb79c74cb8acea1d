import { parseArgs } from 'node:util';
import { ancestors } from './ancestor';
import { firstBackupSeconds, limitSeconds, type Timeline } from './assumptions';
import { playFleet } from './fleet-world';
import { progress } from './progress';
import { atMost, exactly, type Figure, keep, percentile, report } from './table';

const timeline: Timeline = { snapshotSeconds: 300, restoreSeconds: 1200, renameSeconds: 120, deleteSeconds: 300 };
/**
 * What RDS takes until a restore can be proven: snapshot, restore, the copy's first backup and two renames, one behind
 * the other. The deletion of the original is in neither: it comes when the hold ends.
 */
const rdsSeconds = timeline.snapshotSeconds + timeline.restoreSeconds + firstBackupSeconds + limitSeconds(timeline);

/** `npm run bench:fleet -- 1000`: so many restores at once, under the calls that RDS allows an account. */
async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { keep: { type: 'boolean' } } });
  const count = Number(positionals[0] ?? 1000);
  const rows: (string | number)[][] = [
    [
      'window s',
      'events',
      'succeeded',
      'ancestor',
      'outage p50',
      'p99',
      'ancestor p99',
      'fleet s',
      '/limit',
      'accepted',
      'throttled',
      '$/1000',
    ],
  ];
  const figures: Figure[] = [];
  for (const windowSeconds of [60, 600])
    for (const events of [true, false]) {
      progress(`${count} within ${windowSeconds} s, events ${events ? 'told' : 'lost'}`);
      const ours = await playFleet({ count, timeline, windowSeconds, limited: true, events, toTheEnd: false });
      const starts = Array.from({ length: count }, (_, index) => ({
        timeline,
        startSeconds: (index * windowSeconds) / count,
      }));
      const theirs = ancestors(starts, true);
      const outages = ours.runs.map((one) => one.outageSeconds);
      const succeeded = ours.runs.filter((one) => one.succeeded).length;
      const fleetLimit = windowSeconds + rdsSeconds;
      const p99 = percentile(outages, 0.99);
      rows.push([
        windowSeconds,
        events ? 'told' : 'lost',
        succeeded,
        theirs.filter((one) => one.succeeded).length,
        percentile(outages, 0.5),
        p99,
        percentile(
          theirs.map((one) => one.outageSeconds),
          0.99,
        ),
        ours.fleetSeconds,
        ours.fleetSeconds / fleetLimit,
        ours.accepted,
        ours.throttled,
        ours.dollarsPerRun * 1000,
      ]);
      const what = `${count} within ${windowSeconds} s, events ${events ? 'told' : 'lost'}`;
      figures.push(
        exactly(`${what}: succeeded`, succeeded, count),
        atMost(`${what}: outage p99 / limit`, p99 / limitSeconds(timeline), 1.1),
        atMost(`${what}: fleet time / limit`, ours.fleetSeconds / fleetLimit, windowSeconds === 60 ? 1.2 : 1.02),
      );
    }
  const note =
    'Simulated, not measured on AWS. Fleet: from the first request until the last restore is proven. Its limit: the window, ' +
    `and ${rdsSeconds} s of RDS for one restore. What lies above it is mostly time that is given away on purpose: before ` +
    'the swap, and after it, both databases have to be seen available twice, 30 s apart.';
  const told = { title: 'fleet', rows, note, figures };
  const code = report(told);
  if (values.keep) keep(told);
  return code;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
