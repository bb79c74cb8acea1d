type Attribute = Record<string, unknown>;

/**
 * What is used of @aws-sdk/util-dynamodb: plain data to an item and back, undefined fields left out.
 * @throws Error for what a record of ours never holds: sets of anything but words, functions.
 */
export function marshall(data: Record<string, unknown>): Record<string, Attribute> {
  const present = Object.entries(data).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, attribute(value)]));
}

export function unmarshall(item: Record<string, Attribute>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
}

function attribute(value: unknown): Attribute {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number' && Number.isFinite(value)) return { N: String(value) };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') };
  if (isSetOfWords(value)) return { SS: [...value] };
  if (Array.isArray(value)) return { L: value.filter((one) => one !== undefined).map(attribute) };
  const isPlain = typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
  if (isPlain) return { M: marshall(value as Record<string, unknown>) };
  throw new Error(`DynamoDB cannot hold ${typeof value === 'object' ? value.constructor.name : String(value)}.`);
}

function isSetOfWords(value: unknown): value is Set<string> {
  return value instanceof Set && value.size > 0 && [...value].every((one) => typeof one === 'string');
}

function plain(value: Attribute): unknown {
  const [type, held] = Object.entries(value)[0] ?? [];
  if (type === 'S' || type === 'BOOL') return held;
  if (type === 'N') return Number(held);
  if (type === 'B') return Buffer.from(String(held), 'base64');
  if (type === 'SS') return new Set(held as string[]);
  if (type === 'NULL') return null;
  if (type === 'L') return (held as Attribute[]).map(plain);
  if (type === 'M') return unmarshall(held as Record<string, Attribute>);
  throw new Error(`An attribute of type ${type} is none of ours.`);
}
