import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { promisify } from 'node:util';
import { progress } from './progress';

/** Infinity passes through JSON as null; no figure of ours is null for another reason. */
const revive = (_: string, value: unknown) => (value === null ? Number.POSITIVE_INFINITY : value);

/** In such a process: plays the part that it was given, and answers with what came of it. */
export async function playPart<P>(
  parts: readonly P[],
  row: string,
  play: (part: P) => Promise<unknown>,
): Promise<void> {
  const part = parts[Number(row)];
  if (part === undefined) throw new Error(`there is no row ${row}`);
  console.log(JSON.stringify(await play(part)));
}

/** Plays parts of a benchmark in processes of their own, as many as there are processors; answers in their order. */
export async function sideBySide<T>(file: string, parts: readonly string[][]): Promise<T[]> {
  const found: T[] = [];
  const queue = parts.entries();
  let done = 0;
  const lane = async () => {
    for (const [index, args] of queue) {
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', file, ...args], {
        maxBuffer: 64 * 1024 * 1024,
      });
      found[index] = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '', revive) as T;
      done += 1;
      progress(`  ${done} of ${parts.length} parts played`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(cpus().length, parts.length) }, lane));
  return found;
}
