import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchResult, resultsFolder } from '../../infra/bench-results';

/** A figure, what it should be, and whether it is. */
export interface Figure {
  name: string;
  value: number;
  target: string;
  holds: boolean;
}

export function atMost(name: string, value: number, limit: number): Figure {
  return { name, value: rounded(value), target: `≤ ${limit}`, holds: value <= limit };
}

export function atLeast(name: string, value: number, limit: number): Figure {
  return { name, value: rounded(value), target: `≥ ${limit}`, holds: value >= limit };
}

export function exactly(name: string, value: number, wanted: number): Figure {
  return { name, value, target: `= ${wanted}`, holds: value === wanted };
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const texts = cells(rows);
  const widths = (texts[0] ?? []).map((_, column) => Math.max(...texts.map((row) => (row[column] ?? '').length)));
  return texts
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export interface Report {
  /** As in `npm run bench:<title>`. */
  title: string;
  /** The heading first. */
  rows: readonly (readonly (string | number)[])[];
  note: string;
  figures: readonly Figure[];
}

/** Prints a table for people, then one line of JSON with every figure and its target; answers the exit code. */
export function report({ title, rows, note, figures }: Report): number {
  console.log(`${title}\n\n${table(rows)}\n\n${note}\n`);
  console.log(
    table([
      ['figure', 'value', 'target', ''],
      ...figures.map((one) => [one.name, one.value, one.target, one.holds ? 'holds' : 'MISSED']),
    ]),
  );
  const told = figures.map((one) => ({ ...one, value: sayable(one.value) }));
  console.log(`\n${JSON.stringify({ benchmark: title, figures: told })}`);
  return figures.every((one) => one.holds) ? 0 : 1;
}

/**
 * Keeps what a whole run of a benchmark found, for the README: `npm run bench:NAME -- --keep`, then `npm run docs`;
 * `npm run docs:check` holds the two together. Any benchmark may call it, after it has printed.
 */
export function keep({ title, rows, note, figures }: Report): void {
  const result: BenchResult = {
    benchmark: title,
    note,
    table: cells(rows),
    figures: figures.map((one) => ({ ...one, value: sayable(one.value) })),
  };
  mkdirSync(resultsFolder, { recursive: true });
  writeFileSync(join(resultsFolder, `${title}.json`), `${JSON.stringify(result, null, 1)}\n`);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

function cells(rows: Report['rows']): string[][] {
  return rows.map((row) => row.map((cell) => (typeof cell === 'number' ? String(rounded(cell)) : cell)));
}

/** JSON has no word for what never ends. */
function sayable(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function rounded(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 10_000) / 10_000 : value;
}
