import { parseArgs } from 'node:util';
import { keep, type Report, report } from '../table';

/** Runs a benchmark whose figures are measured here: prints, keeps with `--keep`, and exits 1 when a target is missed. */
export async function run(measure: () => Promise<Report>): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: 'boolean' } } });
  const found = await measure();
  process.exitCode = report(found);
  if (values.keep) keep(found);
}

/** On what it was measured: figures in milliseconds are this machine's, ratios are not. */
export const machine = `Measured with Node ${process.versions.node} on ${process.arch}`;
