import { Run } from '../run';
import { unpacked } from './packed';

/** Most looks find a record as it was: the same text is unpacked and checked once. Nobody changes a run in place. */
const known = new Map<string, Run>();
const knownAtMost = 50;

/** The run that a record of the table is. Throws on a record that is none. */
export function runOf(record: unknown): Run {
  if (typeof record !== 'string') return Run.parse(unpacked(record));
  const run = known.get(record) ?? Run.parse(unpacked(record));
  // The one read last is the last to go.
  known.delete(record);
  known.set(record, run);
  const [oldest] = known.keys();
  if (known.size > knownAtMost && oldest !== undefined) known.delete(oldest);
  return run;
}
