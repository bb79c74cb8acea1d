import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * A run's record as one value: JSON, deflated (RFC 1951). DynamoDB charges for each begun KiB of a write (DynamoDB
 * Developer Guide, Read and write operations), and the settings of one database stand in a record several times: so it
 * is a fifth of what a map of the same would be. Binary, since base64 is stored as the four characters that it makes of
 * three bytes. To read one by hand, as the AWS CLI and the console show it:
 * `node -p "zlib.inflateRawSync(Buffer.from(process.argv[1], 'base64')).toString()" TEXT`.
 */
export function packed(record: object): Uint8Array {
  // Plain bytes: a Buffer is a view of memory that others use, too.
  return Uint8Array.from(deflateRawSync(JSON.stringify(record)));
}

/** What `packed` was given; in base64 as well, which is how records were kept before. A map is older still. */
export function unpacked(record: unknown): unknown {
  const bytes = typeof record === 'string' ? Buffer.from(record, 'base64') : record;
  return bytes instanceof Uint8Array ? JSON.parse(inflateRawSync(bytes).toString()) : record;
}
