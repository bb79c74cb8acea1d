import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, type EntryName, entries } from '../../../infra/bundle';
import { atMost, exactly, type Figure, type Report } from '../table';
import { makeFiles } from './files';
import { kibLimits } from './limits';
import { inFreshProcess, median } from './measure';
import { machine, run } from './run';
import { Stub } from './stub';

/** `npm run bench:bundle`: how large what a deployment ships is, what is in it, and the memory it takes once loaded. */
const megabyteLimit = 65;
const samples = 5;

/** What no function needs. zod's locales: all but the one that it speaks by default. */
const forbidden = [
  /node_modules\/express\//,
  /node_modules\/undici\//,
  /node_modules\/iconv-lite\//,
  /node_modules\/mime-db\//,
  /node_modules\/jsonwebtoken\//,
  /node_modules\/@slack\/socket-mode\//,
  /node_modules\/zod\/.*locales\/(?!en\.js)/,
  /node_modules\/aws-cdk-lib\//,
];

async function measure(): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'trapheus-bundle-'));
  const baselines = await makeFiles();
  const stub = await Stub.start();
  try {
    const env = { ...stub.environment(baselines.policy), COMMAND: '/trapheus' };
    const rows: string[][] = [['bundle', 'KiB', 'packages', 'MB in memory']];
    const figures: Figure[] = [];
    for (const [name, entry] of Object.entries(entries) as [EntryName, string][]) {
      const { metafile } = await bundle(entry, join(folder, name));
      const output = Object.entries(metafile.outputs).find(([path]) => path.endsWith('.js'))?.[1].inputs ?? {};
      // What was read and shaken out is not carried.
      const inputs = Object.keys(output).filter((input) => (output[input]?.bytesInOutput ?? 0) > 0);
      const file = join(folder, name, 'index.js');
      const kib = statSync(file).size / 1024;
      const memory: number[] = [];
      for (let sample = 0; sample < samples; sample += 1)
        memory.push((await inFreshProcess<{ rss: number }>(['memory', file], env)).rss);
      const found = inputs.filter((input) => forbidden.some((pattern) => pattern.test(input)));
      for (const input of found) console.log(`${name} carries ${input}`);
      const packages = new Set(
        inputs.flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []),
      );
      rows.push([name, kib.toFixed(1), String(packages.size), median(memory).toFixed(1)]);
      figures.push(
        atMost(`${name}, KiB`, kib, kibLimits[name]),
        atMost(`${name}, MB in memory`, median(memory), megabyteLimit),
        exactly(`${name}, forbidden files`, found.length, 0),
      );
    }
    for (const name of ['naive', 'floor'] as const) {
      const { rss } = await inFreshProcess<{ rss: number }>(['memory', baselines[name]], env);
      rows.push([name, (statSync(baselines[name]).size / 1024).toFixed(1), '–', rss.toFixed(1)]);
    }
    return {
      title: 'bundle',
      note: `The files that a deployment ships, and what a process takes that has loaded one. ${machine}.`,
      rows,
      figures,
    };
  } finally {
    await stub.close();
    baselines.remove();
    rmSync(folder, { recursive: true });
  }
}

void run(measure);
