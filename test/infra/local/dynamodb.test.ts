import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { AbstractValueIterator } from 'abstract-level';
import { DynamoDb, type TableDefinition } from '../../../infra/local/dynamodb';
import type { StreamMapping, StreamRecord } from '../../../infra/local/dynamodb/stream';
import { table as deployedTable, runWritesOnly } from '../../../infra/table';
import { accessKeyId, accountId, credentials, loopback, noon, refusal, region } from './loopback';

const minute = 60_000;
const TableName = 'trapheus';
const definition: TableDefinition = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'due', AttributeType: 'S' },
    { AttributeName: 'at', AttributeType: 'N' },
  ],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'due',
      KeySchema: [
        { AttributeName: 'due', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function given(options: { mapping?: Partial<StreamMapping>; definition?: TableDefinition } = {}) {
  const { clock, faults, lambda, front } = loopback();
  const dynamodb = await DynamoDb.start({ clock, lambda, accessKeyId, region, accountId });
  const endpoint = await front.listen(dynamodb);
  const client = new DynamoDBClient({ region, credentials, endpoint });
  closing.push(
    () => client.destroy(),
    () => front.close(),
    () => dynamodb.close(),
  );
  await dynamodb.createTable(TableName, options.definition ?? definition);
  const batches: StreamRecord[][] = [];
  const notifier = { answer: async (_batch: StreamRecord[]): Promise<unknown> => undefined };
  lambda.deploy('notifier', {
    timeoutSeconds: 25,
    handler: async (event) => {
      const { Records } = event as { Records: StreamRecord[] };
      batches.push(Records);
      return notifier.answer(Records);
    },
  });
  const stream = dynamodb.consume({ tableName: TableName, functionName: 'notifier', ...options.mapping });
  const put = (item: object) =>
    client.send(new PutItemCommand({ TableName, Item: item as Record<string, { S: string }> }));
  const update = (pk: string, expression: string, value: string, more: Partial<UpdateItemCommandInput> = {}) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: { pk: { S: pk } },
        UpdateExpression: expression,
        ExpressionAttributeValues: { ':value': { S: value } },
        ...more,
      }),
    );
  return { clock, faults, dynamodb, client, endpoint, batches, notifier, stream, put, update };
}

const run = (id: string, status: string) => ({ pk: { S: `run#${id}` }, kind: { S: 'run' }, status: { S: status } });
const statuses = (batches: StreamRecord[][]) =>
  batches.map((batch) => batch.map(({ dynamodb }) => (dynamodb.NewImage?.status as { S: string } | undefined)?.S));

describe('the table', () => {
  test('is created from the very data that is deployed, with its sparse indexes', async () => {
    const { client } = await given({ definition: deployedTable });
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table?.TableArn).toBe(`arn:aws:dynamodb:${region}:${accountId}:table/${TableName}`);
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName, IndexStatus }) => [IndexName, IndexStatus]).sort()).toEqual(
      deployedTable.GlobalSecondaryIndexes.map(({ IndexName }) => [IndexName, 'ACTIVE']).sort(),
    );
  });

  test('a sparse index lists only the items that carry its key', async () => {
    const { client, put } = await given();
    await put({ pk: { S: 'wait#1' }, due: { S: 'look' }, at: { N: '2' } });
    await put({ pk: { S: 'wait#2' } });
    const { Items } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'due',
        KeyConditionExpression: 'due = :due',
        ExpressionAttributeValues: { ':due': { S: 'look' } },
      }),
    );
    expect(Items).toEqual([{ pk: { S: 'wait#1' }, due: { S: 'look' }, at: { N: '2' } }]);
  });

  test('a question that is answered leaves no iterator open behind it', async () => {
    const { client, put } = await given();
    await put({ pk: { S: 'wait#1' }, due: { S: 'look' }, at: { N: '1' } });
    await put({ pk: { S: 'wait#2' }, due: { S: 'look' }, at: { N: '2' } });
    const asked = jest.spyOn(AbstractValueIterator.prototype, 'next');
    const query = {
      TableName,
      IndexName: 'due',
      KeyConditionExpression: 'due = :due',
      ExpressionAttributeValues: { ':due': { S: 'look' } },
    };
    await client.send(new QueryCommand(query));
    await client.send(new QueryCommand({ ...query, Limit: 1 }));
    const iterators = new Set(asked.mock.contexts);
    asked.mockRestore();

    expect(iterators.size).toBe(2);
    // A closed iterator refuses to go on.
    for (const iterator of iterators) {
      await expect((iterator as typeof AbstractValueIterator.prototype).next()).rejects.toThrow('Iterator is not open');
    }
  });

  test('of fifty racing conditional writes exactly one wins', async () => {
    const { client } = await given();
    const claims = await Promise.allSettled(
      Array.from({ length: 50 }, (_, holder) =>
        client.send(
          new PutItemCommand({
            TableName,
            Item: { pk: { S: 'lock#orders' }, holder: { N: String(holder) } },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      ),
    );
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('a failed condition names the item that stood in the way when asked', async () => {
    const { put, update } = await given();
    await put(run('r1', 'waiting'));
    const call = update('run#r1', 'SET #s = :value', 'running', {
      ExpressionAttributeNames: { '#s': 'status' },
      ConditionExpression: '#s = :value',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(call).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: run('r1', 'waiting') });
  });
});

describe('the stream', () => {
  test('INSERT, MODIFY and REMOVE reach the function with keys and images, 200 ms later', async () => {
    const { clock, batches, put, update, client } = await given();
    await put({ pk: { S: 'run#r1' }, kind: { S: 'run' } });
    expect(batches).toHaveLength(0);
    await clock.advance(200);
    await update('run#r1', 'SET kind = :value', 'card');
    await clock.advance(200);
    await client.send(new DeleteItemCommand({ TableName, Key: { pk: { S: 'run#r1' } } }));
    await clock.advance(200);
    const [[insert], [modify], [remove]] = batches as [[StreamRecord], [StreamRecord], [StreamRecord]];
    expect(insert).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: region,
      eventSourceARN: expect.stringContaining(`:table/${TableName}/stream/`),
      dynamodb: {
        ApproximateCreationDateTime: noon / 1000,
        Keys: { pk: { S: 'run#r1' } },
        NewImage: { pk: { S: 'run#r1' }, kind: { S: 'run' } },
        SequenceNumber: expect.stringMatching(/^\d{21}$/),
        SizeBytes: expect.any(Number),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
    expect(modify).toMatchObject({
      eventName: 'MODIFY',
      dynamodb: { OldImage: { kind: { S: 'run' } }, NewImage: { kind: { S: 'card' } } },
    });
    expect(remove).toMatchObject({ eventName: 'REMOVE', dynamodb: { OldImage: { kind: { S: 'card' } } } });
    expect(remove.dynamodb).not.toHaveProperty('NewImage');
    expect(BigInt(remove.dynamodb.SequenceNumber)).toBeGreaterThan(BigInt(insert.dynamodb.SequenceNumber));
  });

  test('an update answers what it was asked for, whatever the stream needed', async () => {
    const { clock, batches, put, update } = await given();
    await put(run('r1', 'one'));
    const names = { ExpressionAttributeNames: { '#s': 'status' } };
    expect((await update('run#r1', 'SET #s = :value', 'two', names)).Attributes).toBeUndefined();
    const old = await update('run#r1', 'SET #s = :value', 'three', { ...names, ReturnValues: 'UPDATED_OLD' });
    expect(old.Attributes).toEqual({ status: { S: 'two' } });
    const all = await update('run#r1', 'SET #s = :value', 'four', { ...names, ReturnValues: 'ALL_NEW' });
    expect(all.Attributes).toEqual(run('r1', 'four'));
    await clock.advance(200);
    expect(statuses(batches)).toEqual([['one', 'two', 'three', 'four']]);
  });

  test('the view type decides what a record carries', async () => {
    const { clock, batches, put } = await given({ definition: deployedTable });
    await put(run('r1', 'one'));
    await put(run('r1', 'two'));
    await clock.advance(200);
    expect(batches[0]?.[1]?.dynamodb).toMatchObject({ StreamViewType: 'NEW_IMAGE', NewImage: run('r1', 'two') });
    expect(batches[0]?.[1]?.dynamodb).not.toHaveProperty('OldImage');
  });

  test('a write that changes nothing, or is refused, writes no record', async () => {
    const { clock, batches, put, update, client } = await given();
    await put({ pk: { S: 'a' }, tags: { SS: ['x', 'y'] } });
    await clock.advance(200);
    await put({ pk: { S: 'a' }, tags: { SS: ['y', 'x'] } });
    await refusal(update('a', 'SET kind = :value', 'run', { ConditionExpression: 'attribute_not_exists(pk)' }));
    await client.send(new DeleteItemCommand({ TableName, Key: { pk: { S: 'nobody' } } }));
    await clock.advance(minute);
    expect(batches).toHaveLength(1);
  });

  test('BatchWriteItem writes a record for each of its changes', async () => {
    const { clock, batches, put, client } = await given({ mapping: { batchSize: 1 } });
    await put({ pk: { S: 'old' } });
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TableName]: [
            { PutRequest: { Item: { pk: { S: 'new' } } } },
            { DeleteRequest: { Key: { pk: { S: 'old' } } } },
          ],
        },
      }),
    );
    await clock.advance(minute);
    expect(
      batches
        .flat()
        .map(({ eventName, dynamodb }) => `${eventName} ${JSON.stringify(dynamodb.Keys)}`)
        .sort(),
    ).toEqual(['INSERT {"pk":{"S":"new"}}', 'INSERT {"pk":{"S":"old"}}', 'REMOVE {"pk":{"S":"old"}}']);
  });

  test('the deployed filter lets only writes of runs through', async () => {
    const { clock, batches, put } = await given({ mapping: { filters: [runWritesOnly] } });
    await put({ pk: { S: 'wait#r1' }, kind: { S: 'wait' } });
    await put(run('r1', 'one'));
    await clock.advance(minute);
    expect(statuses(batches)).toEqual([['one']]);
  });

  test('batches keep to their size and to the order of one item', async () => {
    const { clock, batches, put } = await given({ mapping: { batchSize: 2 } });
    for (const status of ['1', '2', '3', '4', '5']) await put(run('r1', status));
    await clock.advance(minute);
    expect(statuses(batches)).toEqual([['1', '2'], ['3', '4'], ['5']]);
  });

  test('a record can come twice, or late, behind what was written meanwhile', async () => {
    const { clock, batches, put, stream } = await given();
    stream.reorder();
    await put(run('r1', 'one'));
    stream.duplicate();
    await put(run('r1', 'two'));
    await clock.advance(minute);
    expect(statuses(batches)).toEqual([['two', 'two'], ['one']]);
  });
});

describe('failures of the function', () => {
  test('the batch is bisected until only the bad record is tried again, five times, then given up', async () => {
    const { clock, batches, put, notifier, stream } = await given();
    const done: string[] = [];
    notifier.answer = async (batch) => {
      if (statuses([batch]).flat().includes('bad')) throw new Error('cannot render');
      done.push(...statuses([batch]).flat().map(String));
    };
    for (const status of ['1', '2', 'bad', '4']) await put(run('r1', status));
    await clock.advance(10 * minute);
    expect(done).toEqual(['1', '2', '4']);
    const alone = statuses(batches).filter((batch) => batch.join() === 'bad');
    expect(alone).toHaveLength(1 + 5);
    expect(statuses([stream.failures])).toEqual([['bad']]);
  });

  test('ReportBatchItemFailures goes on from the lowest sequence number that failed', async () => {
    const { clock, batches, put, notifier } = await given();
    notifier.answer = async (batch) =>
      batches.length > 1
        ? { batchItemFailures: [] }
        : { batchItemFailures: batch.slice(1, 3).map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })) };
    for (const status of ['1', '2', '3', '4']) await put(run('r1', status));
    await clock.advance(minute);
    expect(statuses(batches)).toEqual([
      ['1', '2', '3', '4'],
      ['2', '3', '4'],
    ]);
  });

  test('an identifier that is not in the batch fails all of it', async () => {
    const { clock, batches, put, notifier } = await given();
    notifier.answer = async () => (batches.length > 1 ? undefined : { batchItemFailures: [{ itemIdentifier: '' }] });
    await put(run('r1', '1'));
    await clock.advance(minute);
    expect(statuses(batches)).toEqual([['1'], ['1']]);
  });

  test('what is newer waits behind a failing record of the same item', async () => {
    const { clock, batches, put, notifier } = await given();
    notifier.answer = async () => {
      if (batches.length < 3) throw new Error('Slack is down');
    };
    await put(run('r1', 'one'));
    await clock.advance(300);
    await put(run('r1', 'two'));
    await clock.advance(minute);
    expect(statuses(batches)).toEqual([['one'], ['one'], ['one'], ['two']]);
  });
});

describe('the protocol', () => {
  test('an operation that dynalite does not know is UnknownOperationException', async () => {
    const { client } = await given();
    const call = client.send(new TransactWriteItemsCommand({ TransactItems: [] }));
    expect((await refusal(call)).name).toBe('UnknownOperationException');
  });

  test('another access key is UnrecognizedClientException', async () => {
    const { endpoint } = await given();
    const client = new DynamoDBClient({ region, endpoint, credentials: { ...credentials, accessKeyId: 'AKIDOTHER' } });
    closing.push(() => client.destroy());
    const call = client.send(new GetItemCommand({ TableName, Key: { pk: { S: 'a' } } }));
    expect(await refusal(call)).toEqual({ name: 'UnrecognizedClientException', status: 400 });
  });

  test('a missing table is ResourceNotFoundException, and one made through the API has a stream as well', async () => {
    const { client, dynamodb, clock, batches } = await given();
    const Item = { pk: { S: 'a' } };
    expect((await refusal(client.send(new PutItemCommand({ TableName: 'other', Item })))).name).toBe(
      'ResourceNotFoundException',
    );
    await client.send(
      new CreateTableCommand({
        TableName: 'other',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
      }),
    );
    dynamodb.consume({ tableName: 'other', functionName: 'notifier' });
    await client.send(new PutItemCommand({ TableName: 'other', Item }));
    await clock.advance(minute);
    expect(batches).toHaveLength(1);
  });

  test.each([
    ['access-denied', 'AccessDeniedException', 400],
    ['not-found', 'ResourceNotFoundException', 400],
    ['quota', 'RequestLimitExceeded', 400],
  ] as const)('a fault of kind %s is refused as %s', async (kind, name, status) => {
    const { faults, put } = await given();
    faults.arm({ service: 'dynamodb', operation: 'PutItem', kind, times: 9 });
    expect(await refusal(put(run('r1', 'one')))).toEqual({ name, status });
  });

  test('the SDK tries a throttled call, an internal error and a lost answer again, and the stream tells each write once', async () => {
    const { faults, put, clock, batches } = await given();
    for (const kind of ['throttle', '5xx', 'lost-answer'] as const) {
      faults.arm({ service: 'dynamodb', operation: 'PutItem', kind });
      await put(run('r1', kind));
    }
    await clock.advance(minute);
    expect(statuses(batches)).toEqual([['throttle', '5xx', 'lost-answer']]);
  });
});
