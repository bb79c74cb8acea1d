/**
 * The one table, as data: CDK and the sandbox create the very same. Each item is written alone, under a condition;
 * `pk` says what it is: `run#`, `wait#`, `card#`, `lock#` and so on.
 */
export const table = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'due', AttributeType: 'S' },
    { AttributeName: 'nextLookAt', AttributeType: 'N' },
    { AttributeName: 'open', AttributeType: 'S' },
    { AttributeName: 'requestedAt', AttributeType: 'N' },
    { AttributeName: 'database', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    // Sparse: only waits that somebody has to look at carry `due`. All that the watcher needs of a wait, tokens
    // included, so that one query is enough; nobody else may query it. Without the lease, which changes most often.
    index('due', 'nextLookAt', ['run', 'token', 'step', 'phase', 'retry', 'beatenAt', 'watching', 'inFlight', 'rest']),
    // `open`: runs that are not closed, or whose last card is not shown; `past`: all others, for lists of what was.
    index('open', 'requestedAt'),
    index('database', 'requestedAt'),
  ],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
} as const;

/** Items that have had their day carry the time, in seconds since the epoch, after which DynamoDB may drop them. */
export const timeToLiveAttribute = 'expiresAt';

/** Writes that people see something of: a heartbeat or a lease shows nobody anything. */
export const runWritesOnly = { dynamodb: { NewImage: { kind: { S: ['run'] } } } };
/** Only these reach the notifier: a run has its card, and a freeze is shown on Home tabs. */
export const shownWritesOnly = { dynamodb: { NewImage: { kind: { S: ['run', 'freeze'] } } } };

export type IndexName = (typeof table.GlobalSecondaryIndexes)[number]['IndexName'];

type Projection =
  | { readonly ProjectionType: 'INCLUDE'; readonly NonKeyAttributes: readonly string[] }
  | { readonly ProjectionType: 'KEYS_ONLY' };

function index<Name extends string, Sort extends string>(name: Name, sort: Sort, shown: readonly string[] = []) {
  const projection: Projection =
    shown.length > 0 ? { ProjectionType: 'INCLUDE', NonKeyAttributes: shown } : { ProjectionType: 'KEYS_ONLY' };
  return {
    IndexName: name,
    KeySchema: [
      { AttributeName: name, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ],
    Projection: projection,
  } as const;
}
