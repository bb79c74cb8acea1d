import { parseArgs } from 'node:util';
import { ancestors } from './ancestor';
import { dollars, limitSeconds, type Timeline } from './assumptions';
import { playFleet } from './fleet-world';
import { atLeast, atMost, exactly, type Figure, keep, mean, report } from './table';

/**
 * `npm run bench:pipeline [-- --offsets 4]`: one restore of a DB instance, ours and the ancestor's, on the same
 * timelines. Each offset begins at another second of the minute and makes RDS a second slower.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { offsets: { type: 'string', default: '40' }, keep: { type: 'boolean' } },
  });
  const offsets = Number(values.offsets);
  const rows: (string | number)[][] = [
    [
      'restore',
      'rename',
      'limit s',
      'outage s',
      '/limit',
      'ancestor s',
      '/ours',
      'late s',
      'worst',
      'transitions',
      'history',
      'lambda s',
      'describes',
      '$/1000',
      'ancestor $',
    ],
  ];
  const figures: Figure[] = [];
  for (const restoreMinutes of [5, 20, 120])
    for (const renameMinutes of [1, 2, 10]) {
      const timelines = Array.from(
        { length: offsets },
        (_, index): Timeline => ({
          snapshotSeconds: 300 + index,
          restoreSeconds: restoreMinutes * 60 + index,
          renameSeconds: renameMinutes * 60,
          deleteSeconds: 300 + index,
        }),
      );
      const theirs = ancestors(
        timelines.map((timeline) => ({ timeline, startSeconds: 0 })),
        false,
      );
      const ours = [];
      for (const [index, timeline] of timelines.entries())
        ours.push(
          await playFleet({
            count: 1,
            timeline,
            windowSeconds: 1,
            offsetSeconds: (index * 60) / offsets,
            limited: true,
            events: false,
            toTheEnd: true,
          }),
        );
      const first = timelines[0] as Timeline;
      const limit = limitSeconds(first);
      const outages = ours.map((one) => one.runs[0]?.outageSeconds ?? Number.POSITIVE_INFINITY);
      const theirOutage = mean(theirs.map((one) => one.outageSeconds));
      const late = ours.map((one) => one.lagSeconds);
      const transitions = Math.max(...ours.map((one) => one.runs[0]?.transitions ?? 0));
      const history = Math.max(...ours.map((one) => one.runs[0]?.history ?? 0));
      const price = mean(ours.map((one) => one.dollarsPerRun)) * 1000;
      const theirPrice = mean(theirs.map((one) => dollars(one.bill))) * 1000;
      const fail = theirs.some((one) => !one.succeeded) ? ' (fails)' : '';
      rows.push([
        `${restoreMinutes} min`,
        `${renameMinutes} min`,
        limit,
        mean(outages),
        mean(outages) / limit,
        `${Math.round(theirOutage)}${fail}`,
        theirOutage / mean(outages),
        mean(late),
        Math.max(...late),
        transitions,
        history,
        mean(ours.map((one) => one.lambdaSeconds)),
        mean(ours.map((one) => one.describes)),
        price,
        theirPrice,
      ]);
      const what = `restore ${restoreMinutes} min, rename ${renameMinutes} min`;
      figures.push(
        exactly(`${what}: succeeded`, ours.filter((one) => one.runs[0]?.succeeded).length, offsets),
        atMost(`${what}: outage / limit`, mean(outages) / limit, 1.03),
        atMost(`${what}: lateness, mean s`, mean(late), 25),
        atMost(`${what}: lateness, worst s`, Math.max(...late), 35),
        atMost(`${what}: transitions`, transitions, 30),
        atMost(`${what}: history events`, history, 200),
      );
      // Half a run that failed costs less than a whole one that did not: nothing to compare.
      if (fail === '') figures.push(atMost(`${what}: dollars / ancestor`, price / theirPrice, 0.5));
      if (renameMinutes === 2 && restoreMinutes >= 20)
        figures.push(
          atLeast(`${what}: ancestor's outage / ours`, theirOutage / mean(outages), restoreMinutes === 20 ? 6.5 : 35),
        );
    }
  const plain = { snapshotSeconds: 300, restoreSeconds: 1200, renameSeconds: 120, deleteSeconds: 300 };
  const once = { count: 1, windowSeconds: 1, limited: true, events: false, toTheEnd: false };
  const day = await playFleet({ ...once, timeline: { ...plain, restoreSeconds: 24 * 3600 } });
  const busy = await playFleet({ ...once, timeline: plain, knobs: { baselineBackupSeconds: 1800 } });
  figures.push(
    exactly('a restore of 24 hours succeeds', Number(day.runs[0]?.succeeded), 1),
    exactly('a copy that backs up for half an hour first succeeds', Number(busy.runs[0]?.succeeded), 1),
    atMost(
      'a copy that backs up for half an hour first: outage / limit',
      (busy.runs[0]?.outageSeconds ?? 0) / limitSeconds(plain),
      1.03,
    ),
  );
  const note = `Simulated, not measured on AWS: every RDS event lost, ${offsets} offsets a row, a rename as AWS documents it takes up to 10 minutes.`;
  const told = { title: 'pipeline', rows, note, figures };
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
