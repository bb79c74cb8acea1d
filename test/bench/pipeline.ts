import { parseArgs } from 'node:util';
import { limitSeconds, type Timeline } from './assumptions';
import { playFleet } from './fleet-world';
import { playRow, type Row, type Shape, shapes } from './row';
import { playPart, sideBySide } from './side-by-side';
import { atLeast, atMost, exactly, type Figure, keep, report } from './table';

const allOffsets = 40;
const head = [
  'database',
  'restore',
  'rename',
  'limit s',
  'outage s',
  '/ limit',
  'ancestor s',
  '/ ours',
  'late s',
  'worst',
  'at removal',
  'transitions',
  'history',
  'Lambda s',
  'Describes',
  '$ / 1000',
  'ancestor $',
  'ours / ancestor',
];
const note = (offsets: number): string =>
  `Simulated, not measured on AWS: every outage here, with every RDS event lost, means of ${offsets} starts. The row to expect ` +
  'on AWS, whose documentation gives a rename about 10 minutes, is the one of 10 minutes. The limit is what RDS itself ' +
  'takes: for an instance until the name is free and one whole rename; for an Aurora cluster of two members two whole ' +
  'renames and the one failover that giving the members their names costs: with renames of two minutes that is a fifth of ' +
  'what the ancestor takes for a restore of 20 minutes, so that no order of calls gets to 6.5 there. Half of the ' +
  'dollars of a short restore are the transitions of Step Functions, whatever RDS takes. Late: RDS was ready and nobody had looked, ' +
  'until the restore was proven; “at removal” the same while the original is removed, when nobody waits. “Fails”: the ' +
  'ancestor gives up, so its dollars are for no restore.';

/**
 * `npm run bench:pipeline [-- --offsets 4] [-- --keep]`: one restore, ours and the ancestor's, on the same timelines.
 * Virtual time, no clock and no chance: two runs print the same bytes.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      offsets: { type: 'string', default: String(allOffsets) },
      keep: { type: 'boolean' },
      row: { type: 'string' },
    },
  });
  const offsets = Number(values.offsets);
  if (values.row !== undefined) {
    await playPart(shapes, values.row, (shape) => playRow(shape, offsets));
    return 0;
  }
  const rows = await sideBySide<Row>(
    __filename,
    shapes.map((_, index) => ['--row', String(index), '--offsets', values.offsets]),
  );
  const figures = [
    ...shapes.flatMap((shape, index) => figuresOf(shape, rows[index] as Row, offsets)),
    ...independent(rows),
  ];
  figures.push(...(await particulars()));
  const told = {
    title: 'pipeline',
    rows: [head, ...shapes.map((shape, index) => cells(shape, rows[index] as Row, offsets))],
    note: note(offsets),
    figures,
  };
  const code = report(told);
  if (values.keep) keep(told);
  return code;
}

function cells({ kind, restoreMinutes, renameMinutes }: Shape, row: Row, offsets: number): (string | number)[] {
  const fails = row.ancestorSucceeded < offsets;
  const theirs = Number.isFinite(row.ancestorOutage) ? String(Math.round(row.ancestorOutage)) : 'for ever';
  return [
    kind,
    `${restoreMinutes} min`,
    `${renameMinutes} min`,
    tenths(row.limit),
    tenths(row.outage),
    row.outageOverLimit,
    fails ? `${theirs} (fails)` : theirs,
    Number.isFinite(row.ancestorOutage) ? tenths(row.ancestorOutage / row.outage) : '–',
    tenths(row.late),
    tenths(row.latest),
    tenths(row.later),
    row.transitions,
    row.history,
    Math.round(row.lambdaSeconds),
    Math.round(row.describes),
    hundredths(row.dollars),
    hundredths(row.ancestorDollars),
    hundredths(row.dollars / row.ancestorDollars),
  ];
}

function figuresOf({ kind, restoreMinutes, renameMinutes }: Shape, row: Row, offsets: number): Figure[] {
  const what = `${kind}, restore ${restoreMinutes} min, rename ${renameMinutes} min`;
  const times = row.ancestorOutage / row.outage;
  // Where the ancestor's database never comes back, the ratio is infinite.
  const ratio = { 20: 6.5, 120: 35 }[restoreMinutes];
  // A run that gave up before it had restored anything has no price to compare.
  const isComparable = row.ancestorSucceeded === offsets || (restoreMinutes === 120 && renameMinutes < 10);
  return [
    exactly(`${what}: succeeded`, row.succeeded, offsets),
    atMost(`${what}: outage / limit`, row.outageOverLimit, 1.03),
    ...(ratio === undefined ? [] : [atLeast(`${what}: ancestor's outage / ours`, times, ratio)]),
    atMost(`${what}: lateness, mean s`, row.late, 25),
    atMost(`${what}: lateness, worst s`, row.latest, 35),
    atMost(`${what}: transitions`, row.transitions, 30),
    atMost(`${what}: history events`, row.history, 200),
    ...(isComparable ? [atMost(`${what}: dollars / ancestor's`, row.dollars / row.ancestorDollars, 0.5)] : []),
  ];
}

/** However long RDS takes, Step Functions sees the same. */
function independent(rows: readonly Row[]): Figure[] {
  return (['instance', 'cluster'] as const).flatMap((kind) => {
    const ofKind = rows.filter((_, index) => shapes[index]?.kind === kind);
    const spread = (figure: (row: Row) => number) => Math.max(...ofKind.map(figure)) - Math.min(...ofKind.map(figure));
    return [
      exactly(
        `${kind}: transitions that depend on the duration`,
        spread((row) => row.transitions),
        0,
      ),
      exactly(
        `${kind}: history events that depend on the duration`,
        spread((row) => row.history),
        0,
      ),
    ];
  });
}

/** What the rows do not show: a day, and a copy that still backs up when its rename is due. */
async function particulars(): Promise<Figure[]> {
  const plain: Timeline = { snapshotSeconds: 300, restoreSeconds: 1200, renameSeconds: 120, deleteSeconds: 300 };
  const once = { count: 1, windowSeconds: 1, limited: true, events: false, toTheEnd: false };
  const day = await playFleet({ ...once, timeline: { ...plain, restoreSeconds: 24 * 3600 } });
  const busy = await playFleet({ ...once, timeline: plain, knobs: { baselineBackupSeconds: 1800 } });
  const what = 'a copy that is backing-up for half an hour when its rename is due';
  const outage = busy.runs[0]?.outageSeconds ?? Number.POSITIVE_INFINITY;
  return [
    exactly('a restore of 24 hours: succeeded', Number(day.runs[0]?.succeeded), 1),
    atMost('a restore of 24 hours: transitions', day.runs[0]?.transitions ?? Number.POSITIVE_INFINITY, 30),
    atMost('a restore of 24 hours: history events', day.runs[0]?.history ?? Number.POSITIVE_INFINITY, 200),
    exactly(`${what}: succeeded`, Number(busy.runs[0]?.succeeded), 1),
    atMost(`${what}: outage / limit`, outage / limitSeconds(plain), 1.03),
  ];
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
const hundredths = (value: number): number => Math.round(value * 100) / 100;

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
