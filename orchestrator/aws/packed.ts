import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * A run's record as one text: JSON, deflated (RFC 1951), in base64. DynamoDB charges for each begun KiB of a write
 * (DynamoDB Developer Guide, Read and write operations), and the settings of one database stand in a record several
 * times: so it is a quarter of what a map of the same would be. To read one by hand:
 * `node -p "zlib.inflateRawSync(Buffer.from(process.argv[1], 'base64')).toString()" TEXT`.
 */
export function packed(record: object): string {
  return deflateRawSync(JSON.stringify(record)).toString('base64');
}

/** What `packed` was given. A map is what it was before records were packed. */
export function unpacked(record: unknown): unknown {
  return typeof record === 'string' ? JSON.parse(inflateRawSync(Buffer.from(record, 'base64')).toString()) : record;
}
