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
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? String(rounded(cell)) : cell)));
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

/** Prints what is measured, then one line of JSON with every figure; answers the process's exit code. */
export function report(title: string, text: string, figures: readonly Figure[]): number {
  console.log(`${title}\n\n${text}\n`);
  console.log(
    table([
      ['figure', 'value', 'target', ''],
      ...figures.map((one) => [one.name, one.value, one.target, one.holds ? 'holds' : 'MISSED']),
    ]),
  );
  console.log(`\n${JSON.stringify({ benchmark: title, figures })}`);
  return figures.every((one) => one.holds) ? 0 : 1;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

function rounded(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 10_000) / 10_000 : value;
}
