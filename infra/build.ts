import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, type EntryName, entries } from './bundle';

/**
 * `npm run build` bundles every function into dist/ with esbuild's account of what is in it. With an entry and a folder
 * it bundles that one there, which is how CDK calls it: there is one way to make a bundle.
 */
async function main([entry, folder]: string[]): Promise<void> {
  if (entry !== undefined && folder !== undefined) {
    await bundle(entry, folder);
    return;
  }
  for (const name of Object.keys(entries) as EntryName[]) {
    const place = join('dist', name);
    mkdirSync(place, { recursive: true });
    const { metafile } = await bundle(entries[name], place);
    writeFileSync(join('dist', `${name}.meta.json`), JSON.stringify(metafile));
  }
}

void main(process.argv.slice(2));
