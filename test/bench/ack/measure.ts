import { execFile, spawnSync } from 'node:child_process';
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

export const spread = (values: readonly number[]): string =>
  `${median(values).toFixed(1)} (${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)})`;

export interface Target {
  name: string;
  value: number;
  limit: number;
}

/** Says what was missed, and prints the figures as the last line, for programs. */
export function verdict(bench: string, targets: Target[], more: Record<string, unknown> = {}): void {
  const missed = targets.filter(({ value, limit }) => !(value <= limit));
  for (const { name, value, limit } of targets)
    console.log(`${value <= limit ? 'ok    ' : 'MISSED'} ${name}: ${round(value)} (at most ${limit})`);
  const figures = Object.fromEntries(targets.map(({ name, value, limit }) => [name, { value: round(value), limit }]));
  console.log(JSON.stringify({ bench, ok: missed.length === 0, node: process.version, figures, ...more }));
  process.exitCode = missed.length === 0 ? 0 : 1;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

export function printTable(head: string[], rows: string[][]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of [head, ...rows])
    console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

/** Whether a shell here may do this. */
export const can = (command: string): boolean => spawnSync('sh', ['-c', command], { stdio: 'ignore' }).status === 0;
