import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, type EntryName, entries } from '../../../infra/bundle';
import { makeFiles } from './files';
import { kibLimits } from './limits';
import { inFreshProcess, median, printTable, type Target, verdict } from './measure';
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

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trapheus-bundle-'));
  const baselines = await makeFiles();
  const stub = await Stub.start();
  try {
    const env = { ...stub.environment(baselines.policy), COMMAND: '/trapheus' };
    const rows: string[][] = [];
    const targets: Target[] = [];
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
      rows.push([name, kib.toFixed(0), String(packages.size), median(memory).toFixed(1)]);
      targets.push(
        { name: `${name} KiB`, value: kib, limit: kibLimits[name] },
        { name: `${name} MB in memory`, value: median(memory), limit: megabyteLimit },
        { name: `${name} forbidden files`, value: found.length, limit: 0 },
      );
    }
    for (const name of ['naive', 'floor'] as const) {
      const { rss } = await inFreshProcess<{ rss: number }>(['memory', baselines[name]], env);
      rows.push([name, (statSync(baselines[name]).size / 1024).toFixed(0), '–', rss.toFixed(1)]);
    }
    printTable(['bundle', 'KiB', 'packages', 'MB in memory'], rows);
    console.log('');
    verdict('bundle', targets);
  } finally {
    await stub.close();
    baselines.remove();
    rmSync(folder, { recursive: true });
  }
}

void main();
