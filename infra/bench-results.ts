import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { markdown } from './readme-tables';

/** Where benchmarks run with `--keep` leave what they found. */
export const resultsFolder = join('test', 'bench', 'results');

/** One figure, what it should be, and whether it is. Infinite figures are texts: JSON has no word for them. */
const Figure = z.strictObject({
  name: z.string(),
  value: z.union([z.number(), z.string()]),
  target: z.string(),
  holds: z.boolean(),
});

/** What one benchmark found, as it is kept in the repository and shown in the README. */
export const BenchResult = z.strictObject({
  benchmark: z.string(),
  /** What the figures are, and what they are not. */
  note: z.string(),
  /** The heading first. */
  table: z.array(z.array(z.string())).min(2),
  figures: z.array(Figure).min(1),
});
export type BenchResult = z.infer<typeof BenchResult>;

/** In the order in which people read them; whatever else is kept comes behind. */
const order = ['pipeline', 'fleet', 'grow', 'slack', 'ack', 'bundle', 'warm'];

export function readResults(folder = resultsFolder): BenchResult[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const place = ({ benchmark }: BenchResult) => (order.indexOf(benchmark) + order.length + 1) % (order.length + 1);
  return files
    .sort()
    .map((name) => BenchResult.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
    .sort((a, b) => place(a) - place(b));
}

/** Each benchmark's table, and which of its targets were missed. */
export function benchmarksText(results: readonly BenchResult[]): string {
  return results.length === 0 ? 'None has been kept yet.' : results.map(section).join('\n\n');
}

function section({ benchmark, note, table, figures }: BenchResult): string {
  const [head = [], ...rows] = table;
  const missed = figures.filter(({ holds }) => !holds);
  const verdict =
    missed.length === 0
      ? `All ${figures.length} targets hold.`
      : `${figures.length - missed.length} of ${figures.length} targets hold. Missed: ${missed
          .map(({ name, value, target }) => `${name} (${value}, should be ${target})`)
          .join('; ')}.`;
  return [`#### \`npm run bench:${benchmark}\``, note, markdown(head, rows), verdict].join('\n\n');
}
