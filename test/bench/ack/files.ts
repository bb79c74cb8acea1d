import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundle, entries } from '../../../infra/bundle';

export interface Files {
  naive: string;
  floor: string;
  ours: string;
  policy: string;
  remove(): void;
}

/** The naive bundle with esbuild's defaults, the floor, and ours as it is deployed. */
export async function makeFiles(): Promise<Files> {
  // Inside the tree, where what is left outside a bundle would be found too.
  const folder = mkdtempSync(join(tmpdir(), 'trapheus-bench-'));
  const file = (name: string) => join(folder, `${name}.js`);
  for (const name of ['naive', 'floor'] as const)
    await build({
      entryPoints: [resolve(__dirname, `${name}.ts`)],
      outfile: file(name),
      bundle: true,
      platform: 'node',
    });
  await bundle(entries.slack, join(folder, 'ours'));
  const rule = { name: 'all', databases: ['*'], request: 'everyone', approve: { by: ['U2'], count: 1 } };
  writeFileSync(join(folder, 'policy.json'), JSON.stringify({ rules: [rule], databases: [] }));
  return {
    naive: file('naive'),
    floor: file('floor'),
    ours: join(folder, 'ours', 'index.js'),
    policy: join(folder, 'policy.json'),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
