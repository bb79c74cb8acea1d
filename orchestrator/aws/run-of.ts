import { Run } from '../run';
import { unpacked } from './packed';

/** Most looks find a record as it was: the same bytes are unpacked and checked once. Nobody changes a run in place. */
const known = new Map<string, Run>();
const knownAtMost = 50;

/** The run that a record of the table is. Throws on a record that is none. */
export function runOf(record: unknown): Run {
  const bytes =
    record instanceof Uint8Array ? Buffer.from(record.buffer, record.byteOffset, record.byteLength) : record;
  // Latin-1 has a character for each byte.
  const key = Buffer.isBuffer(bytes) ? bytes.toString('latin1') : bytes;
  if (typeof key !== 'string') return Run.parse(unpacked(record));
  const run = known.get(key) ?? Run.parse(unpacked(record));
  // The one read last is the last to go.
  known.delete(key);
  known.set(key, run);
  const [oldest] = known.keys();
  if (known.size > knownAtMost && oldest !== undefined) known.delete(oldest);
  return run;
}
