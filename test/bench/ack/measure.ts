import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const probe = resolve(__dirname, 'probe.cjs');
/** Below 1,769 MB a function has less than one processor: no helper collects garbage beside it. */
const asInLambda = ['--single-threaded-gc'];

/** Runs the probe in a process of its own; `before` is a shell command that it runs first, to enter a cgroup. */
export async function inFreshProcess<T>(args: string[], env: Record<string, string>, before?: string): Promise<T> {
  const quoted = (word: string) => `'${word}'`;
  const node = [process.execPath, ...asInLambda, probe, ...args];
  const command = before === undefined ? node : ['sh', '-c', `${before} && exec ${node.map(quoted).join(' ')}`];
  const [file = '', ...rest] = command;
  const { stdout } = await promisify(execFile)(file, rest, { env: { PATH: process.env.PATH ?? '', ...env } });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as T;
}

/** The order of a round: each starts as often first as last. */
export function rotated<T>(all: readonly T[], round: number): T[] {
  return all.map((_, index) => all[(index + round) % all.length] as T);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]];
  return (low + high) / 2;
}

/** The median of the ratios within each round: what slows a round slows both. */
export function pairedRatio(ours: readonly number[], other: readonly number[]): number {
  return median(ours.map((value, round) => value / (other[round] ?? Number.NaN)));
}

export function spread(values: readonly number[], digits = 1): string {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  );
  return `${middle} (${least}–${most})`;
}
