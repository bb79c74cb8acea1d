import { parseArgs } from 'node:util';
import { ancestors } from './ancestor';
import { firstBackupSeconds, limitSeconds, type Timeline } from './assumptions';
import { playFleet } from './fleet-world';
import { playPart, sideBySide } from './side-by-side';
import { atMost, exactly, type Figure, keep, percentile, report } from './table';

const timeline: Timeline = { snapshotSeconds: 300, restoreSeconds: 1200, renameSeconds: 120, deleteSeconds: 300 };
const provenSeconds = timeline.snapshotSeconds + timeline.restoreSeconds + limitSeconds(timeline);
/** What RDS takes for one restore: snapshot, restore, two renames, deletion, one behind the other. */
const wholeSeconds = provenSeconds + timeline.deleteSeconds;
/** The same until it can be proven: the deletion comes when the hold ends, and the copy's first backup before the renames. */
const strictSeconds = provenSeconds + firstBackupSeconds;

interface Window {
  windowSeconds: number;
  events: boolean;
}

const windows: readonly Window[] = [60, 600].flatMap((windowSeconds) =>
  [true, false].map((events) => ({ windowSeconds, events })),
);

/** What one window came to, ours and the ancestor's. */
interface Row {
  succeeded: number;
  ancestorSucceeded: number;
  outage: number;
  outageP99: number;
  ancestorP99: number;
  fleetSeconds: number;
  accepted: number;
  throttled: number;
  dollars: number;
}

/**
 * `npm run bench:fleet -- 1000`: so many restores at once, under the calls that RDS allows an account. Each window is
 * played in a process of its own.
 */
async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { keep: { type: 'boolean' }, row: { type: 'string' } },
  });
  const count = Number(positionals[0] ?? 1000);
  if (values.row !== undefined) {
    await playPart(windows, values.row, (window) => playRow(count, window));
    return 0;
  }
  const rows = await sideBySide<Row>(
    __filename,
    windows.map((_, index) => [String(count), '--row', String(index)]),
  );
  const told = {
    title: 'fleet',
    rows: [head, ...rows.map((row, index) => cells(windows[index] as Window, row))],
    note:
      'Simulated, not measured on AWS. Fleet: from the first request until the last restore is proven. Its limit: the ' +
      `window, and ${wholeSeconds} s of RDS for one restore, its deletion included, though that comes when the hold ends. ` +
      `“Strict” leaves the deletion out and takes the copy's first backup in (${strictSeconds} s): what lies above it is ` +
      'mostly time that is given away on purpose, as before the swap and after it both databases have to be seen ' +
      'available twice, 30 s apart.',
    figures: rows.flatMap((row, index) => figuresOf(count, windows[index] as Window, row)),
  };
  const code = report(told);
  if (values.keep) keep(told);
  return code;
}

async function playRow(count: number, { windowSeconds, events }: Window): Promise<Row> {
  const ours = await playFleet({ count, timeline, windowSeconds, limited: true, events, toTheEnd: false });
  const starts = Array.from({ length: count }, (_, index) => ({
    timeline,
    startSeconds: (index * windowSeconds) / count,
  }));
  const theirs = ancestors(starts, true);
  const outages = ours.runs.map((one) => one.outageSeconds);
  return {
    succeeded: ours.runs.filter((one) => one.succeeded).length,
    ancestorSucceeded: theirs.filter((one) => one.succeeded).length,
    outage: percentile(outages, 0.5),
    outageP99: percentile(outages, 0.99),
    ancestorP99: percentile(
      theirs.map((one) => one.outageSeconds),
      0.99,
    ),
    fleetSeconds: ours.fleetSeconds,
    accepted: ours.accepted,
    throttled: ours.throttled,
    dollars: ours.dollarsPerRun * 1000,
  };
}

const head = [
  'window s',
  'events',
  'succeeded',
  'ancestor',
  'outage p50',
  'p99',
  'ancestor p99',
  'fleet s',
  '/ limit',
  '/ strict',
  'calls',
  'throttled',
  '$ / 1000',
];

function cells({ windowSeconds, events }: Window, row: Row): (string | number)[] {
  return [
    windowSeconds,
    events ? 'told' : 'lost',
    row.succeeded,
    row.ancestorSucceeded,
    row.outage,
    row.outageP99,
    Number.isFinite(row.ancestorP99) ? row.ancestorP99 : 'for ever',
    row.fleetSeconds,
    row.fleetSeconds / (windowSeconds + wholeSeconds),
    row.fleetSeconds / (windowSeconds + strictSeconds),
    row.accepted,
    row.throttled,
    row.dollars,
  ];
}

function figuresOf(count: number, { windowSeconds, events }: Window, row: Row): Figure[] {
  const what = `${count} within ${windowSeconds} s, events ${events ? 'told' : 'lost'}`;
  const times = row.fleetSeconds / (windowSeconds + wholeSeconds);
  return [
    exactly(`${what}: succeeded`, row.succeeded, count),
    atMost(`${what}: outage p99 / limit`, row.outageP99 / limitSeconds(timeline), 1.1),
    atMost(`${what}: fleet time / limit`, times, windowSeconds === 60 ? 1.2 : 1.02),
  ];
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
