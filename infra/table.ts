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
    // Sparse: only waits that somebody has to look at carry `due`. Whole items, tokens included, so that the watcher
    // needs one query for all of them; nobody else may query it.
    index('due', 'nextLookAt', 'ALL'),
    // `open`: runs that are not closed, or whose last card is not shown; `past`: all others, for lists of what was.
    index('open', 'requestedAt', 'KEYS_ONLY'),
    index('database', 'requestedAt', 'KEYS_ONLY'),
  ],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
} as const;

/** Items that have had their day carry the time, in seconds since the epoch, after which DynamoDB may drop them. */
export const timeToLiveAttribute = 'expiresAt';

/** Only writes of runs reach the notifier: a heartbeat or a lease shows nobody anything. */
export const runWritesOnly = { dynamodb: { NewImage: { kind: { S: ['run'] } } } };

export type IndexName = (typeof table.GlobalSecondaryIndexes)[number]['IndexName'];

function index<Name extends string, Sort extends string, Shown extends 'ALL' | 'KEYS_ONLY'>(
  name: Name,
  sort: Sort,
  shown: Shown,
) {
  return {
    IndexName: name,
    KeySchema: [
      { AttributeName: name, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ],
    Projection: { ProjectionType: shown },
  } as const;
}
