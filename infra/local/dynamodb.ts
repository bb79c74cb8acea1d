import type { VirtualClock } from './clock';
import { Dynalite } from './dynamodb/dynalite-engine';
import { anyOf } from './dynamodb/filter';
import { type Change, Images, isSame } from './dynamodb/images';
import { Delivery, type Item, type StreamMapping, type StreamRecord, type StreamViewType } from './dynamodb/stream';
import { uuid } from './ids';
import { checkKey, errorAnswer, ServiceError, targetOperation, wireText } from './json';
import type { Lambda } from './lambda';
import { type Answer, type Incoming, type Protocol, type RefusalKind, valued } from './service';

/** A table as CreateTable takes it, without its name: the same data that the deployment uses. */
export interface TableDefinition {
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: 'S' | 'N' | 'B' }[];
  readonly KeySchema: readonly KeyElement[];
  readonly GlobalSecondaryIndexes?: readonly {
    readonly IndexName: string;
    readonly KeySchema: readonly KeyElement[];
    readonly Projection: {
      readonly ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
      readonly NonKeyAttributes?: readonly string[];
    };
  }[];
  readonly BillingMode: 'PAY_PER_REQUEST';
  readonly StreamSpecification?: { readonly StreamEnabled: boolean; readonly StreamViewType?: StreamViewType };
}

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

export interface DynamoDbOptions {
  clock: VirtualClock;
  lambda: Lambda;
  accessKeyId: string;
  region: string;
  accountId: string;
}

export type Request = Pick<Incoming, 'headers' | 'body'>;

/** What keeps the items: answers requests of the protocol, of which it needs to know only the data plane. */
export interface Engine {
  /** `input`: what the body says, when that has been read already. */
  answer(request: Request, input?: object): Promise<Answer>;
  close(): Promise<void>;
}

interface Tap {
  tableName: string;
  filter: object;
  latencyMs: number;
}

interface Table {
  name: string;
  images: Images;
  view: StreamViewType | undefined;
  deliveries: Pick<Delivery, 'push'>[];
}

const dialect = { target: 'DynamoDB_20120810', version: '1.0', namespace: 'com.amazonaws.dynamodb.v20120810' } as const;
const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];
const tableOperations = ['CreateTable', 'DescribeTable', 'UpdateTable', 'DeleteTable'];

/**
 * DynamoDB: dynalite (in memory) behind a proxy that adds what dynalite lacks and we use: stream records for Lambda,
 * the item in a failed condition check, our account in ARNs. Everything else is forwarded as it comes.
 */
export class DynamoDb implements Protocol {
  readonly service = 'dynamodb';
  readonly #options: DynamoDbOptions;
  readonly #engine: Engine;
  readonly #tables = new Map<string, Table>();
  #lastWrite: Promise<unknown> = Promise.resolve();
  #requests = 0;
  #sequence = 0;

  /** Every item of every table is the engine's; stream records and error details are added here. */
  static async start(options: DynamoDbOptions, engine?: Engine): Promise<DynamoDb> {
    return new DynamoDb(options, engine ?? (await Dynalite.start()));
  }

  private constructor(options: DynamoDbOptions, engine: Engine) {
    this.#options = options;
    this.#engine = engine;
  }

  /** Ends the engine; what the tables held is gone. */
  close(): Promise<void> {
    return this.#engine.close();
  }

  /** Creates a table and waits until it is active. */
  async createTable(name: string, definition: TableDefinition): Promise<void> {
    const created = await this.#direct('CreateTable', { TableName: name, ...definition });
    if (created.status !== 200) throw new Error(`Table ${name} cannot be created: ${created.body}`);
    this.#track(name, definition);
    for (;;) {
      const { body } = await this.#direct('DescribeTable', { TableName: name });
      if ((JSON.parse(body) as { Table?: { TableStatus?: string } }).Table?.TableStatus === 'ACTIVE') return;
    }
  }

  /** Connects a function to a table's stream. */
  consume(mapping: StreamMapping): Delivery {
    const table = this.#tables.get(mapping.tableName);
    if (table?.view === undefined) throw new Error(`There is no table ${mapping.tableName} with a stream.`);
    const delivery = new Delivery(this.#options, mapping);
    table.deliveries.push(delivery);
    return delivery;
  }

  /** Tells the sandbox itself of every new image that passes, in order, and without a function in between. */
  observe({ tableName, filter, latencyMs }: Tap, tell: (image: Item) => void): void {
    const passes = anyOf([filter]);
    const push = (record: StreamRecord) => {
      const image = record.dynamodb.NewImage;
      if (image && passes(record)) this.#options.clock.after(latencyMs, () => tell(image));
    };
    this.#tables.get(tableName)?.deliveries.push({ push });
  }

  /** The newest image of an item, for whoever checks what is there. */
  image(tableName: string, key: Item): Item | undefined {
    return this.#tables.get(tableName)?.images.get(key);
  }

  operation(incoming: Incoming): string {
    return targetOperation(incoming);
  }

  async answer(incoming: Incoming, operation: string): Promise<Answer> {
    try {
      checkKey(incoming, this.#options.accessKeyId, 400);
    } catch (error) {
      if (error instanceof ServiceError) return errorAnswer(dialect, error, this.#requestId());
      throw error;
    }
    if (writes.includes(operation)) return this.#inTurn(() => this.#write(incoming, operation));
    const answer = await this.#forward(incoming, incoming.given);
    if (answer.status !== 200 || !tableOperations.includes(operation)) return answer;
    if (operation === 'CreateTable') {
      const definition = JSON.parse(incoming.body) as TableDefinition & { TableName: string };
      this.#track(definition.TableName, definition);
    }
    if (operation === 'DeleteTable')
      this.#tables.delete((JSON.parse(incoming.body) as { TableName: string }).TableName);
    return { ...answer, body: this.#withOurArns(answer.body) };
  }

  refusal(kind: RefusalKind, operation: string): Answer {
    return errorAnswer(dialect, refuse(kind, operation), this.#requestId());
  }

  #track(name: string, definition: TableDefinition): void {
    const { StreamEnabled, StreamViewType } = definition.StreamSpecification ?? { StreamEnabled: false };
    this.#tables.set(name, {
      name,
      images: new Images(definition.KeySchema.map(({ AttributeName }) => AttributeName)),
      view: StreamEnabled ? (StreamViewType ?? 'NEW_AND_OLD_IMAGES') : undefined,
      deliveries: [],
    });
  }

  /** One write after another: their order here is the order of the stream. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#lastWrite.then(work);
    this.#lastWrite = result.catch(() => undefined);
    return result;
  }

  async #write(incoming: Incoming, operation: string): Promise<Answer> {
    const input = incoming.given ? (incoming.given as Record<string, unknown>) : parse(incoming.body);
    if (input === undefined) return this.#forward(incoming);
    if (operation === 'BatchWriteItem') return this.#writeBatch(incoming, input);
    const table = this.#tables.get(String(input.TableName));
    if (table === undefined) return this.#forward(incoming, input);
    const wanted = input.ReturnValues ?? 'NONE';
    // An update tells its new image only when asked to; whoever did not ask does not get it.
    const asked = operation === 'UpdateItem' && wanted === 'NONE';
    const sent = asked ? { ...input, ReturnValues: 'ALL_NEW' } : input;
    const answer = await this.#forward(asked ? bodyOf(incoming.headers, sent) : incoming, sent);
    if (answer.status !== 200) return withFailedItem(answer, input, table);
    const output = (answer.value ?? JSON.parse(answer.body)) as { Attributes?: Item };
    if (operation === 'PutItem') this.#emit(table, table.images.put(input.Item as Item));
    if (operation === 'DeleteItem') this.#emit(table, table.images.remove(input.Key as Item));
    if (operation === 'UpdateItem') {
      const known = asked || wanted === 'ALL_NEW' ? output.Attributes : undefined;
      this.#emit(table, table.images.put(known ?? (await this.#read(table, input.Key as Item))));
    }
    if (!asked) return answer;
    const { Attributes: _, ...rest } = output;
    return answer.value ? valued(200, answer.headers ?? {}, rest) : { ...answer, body: JSON.stringify(rest) };
  }

  async #writeBatch(incoming: Incoming, input: Record<string, unknown>): Promise<Answer> {
    const answer = await this.#forward(incoming, input);
    if (answer.status !== 200) return answer;
    type Requests = Record<string, { PutRequest?: { Item: Item }; DeleteRequest?: { Key: Item } }[]>;
    for (const [name, requests] of Object.entries(input.RequestItems as Requests)) {
      const table = this.#tables.get(name);
      if (table === undefined) continue;
      for (const { PutRequest, DeleteRequest } of requests) {
        if (PutRequest) this.#emit(table, table.images.put(PutRequest.Item));
        if (DeleteRequest) this.#emit(table, table.images.remove(DeleteRequest.Key));
      }
    }
    return answer;
  }

  async #read(table: Table, key: Item): Promise<Item> {
    const { body } = await this.#direct('GetItem', { TableName: table.name, Key: key, ConsistentRead: true });
    return (JSON.parse(body) as { Item: Item }).Item;
  }

  #emit(table: Table, change: Change): void {
    const { keys, before, after } = change;
    if (table.view === undefined || isSame(before, after)) return;
    const { region, accountId, clock } = this.#options;
    const sequence = (this.#sequence += 1);
    const withNew = after !== undefined && table.view.startsWith('NEW');
    const withOld = before !== undefined && table.view.includes('OLD');
    const record: StreamRecord = {
      get eventID() {
        return uuid(`${table.name} event ${sequence}`).replaceAll('-', '');
      },
      eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: region,
      eventSourceARN: `arn:aws:dynamodb:${region}:${accountId}:table/${table.name}/stream/2027-01-01T00:00:00.000`,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(clock.now() / 1000),
        Keys: keys,
        ...(withNew ? { NewImage: asSent(after) } : {}),
        ...(withOld ? { OldImage: asSent(before) } : {}),
        SequenceNumber: String(100_000_000_000_000_000_000n + BigInt(sequence)),
        // Reckoned when the record is handed over: most are of items that no function is told about.
        get SizeBytes() {
          return Buffer.byteLength(wireText({ keys, after: withNew && after, before: withOld && before }));
        },
        StreamViewType: table.view,
      },
    };
    for (const delivery of table.deliveries) delivery.push(record);
  }

  /** A call of the proxy's own. */
  #direct(operation: string, input: object): Promise<Answer> {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${dialect.target}.${operation}`,
      'x-amz-date': '20270101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=sandbox/20270101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    };
    return this.#forward(bodyOf(headers, input), input);
  }

  /** `input`: what the body says, when that is known already. */
  async #forward(request: Request, input?: object): Promise<Answer> {
    const answer = await this.#engine.answer(request, input);
    const headers = { ...answer.headers, 'x-amzn-requestid': this.#requestId() };
    return answer.value ? valued(answer.status, headers, answer.value) : { ...answer, headers };
  }

  #withOurArns(body: string): string {
    const { region, accountId } = this.#options;
    return body.replaceAll(/arn:aws:dynamodb:[^:"]*:\d*:/g, `arn:aws:dynamodb:${region}:${accountId}:`);
  }

  #requestId(): string {
    this.#requests += 1;
    return uuid(`dynamodb request ${this.#requests}`);
  }
}

/** In a stream record bytes are base64; ours are never deeper in an item. */
function asSent(item: Item): Item {
  const sent = Object.entries(item).map(([name, value]) => {
    const { B } = value as { B?: unknown };
    return [name, B instanceof Uint8Array ? { B: Buffer.from(B).toString('base64') } : value];
  });
  return Object.fromEntries(sent) as Item;
}

function bodyOf(headers: Incoming['headers'], input: object): Request {
  return {
    headers,
    get body() {
      return wireText(input);
    },
  };
}

/** ReturnValuesOnConditionCheckFailure, which dynalite does not know: the item that stood in the way. */
function withFailedItem(answer: Answer, input: Record<string, unknown>, table: Table): Answer {
  const error = parse(answer.body);
  const condition = String(error?.__type).endsWith('#ConditionalCheckFailedException');
  if (!condition || input.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') return answer;
  const Item = table.images.get((input.Key ?? input.Item) as Item);
  return Item === undefined ? answer : { ...answer, body: JSON.stringify({ ...error, Item }) };
}

function refuse(kind: RefusalKind, operation: string): ServiceError {
  switch (kind) {
    case 'throttle':
      return new ServiceError(
        'ProvisionedThroughputExceededException',
        'The level of configured provisioned throughput for the table was exceeded.',
      );
    case '5xx':
      return new ServiceError('InternalServerError', 'Internal server error', 500);
    case 'access-denied':
      return new ServiceError(
        'com.amazon.coral.service#AccessDeniedException',
        `User is not authorized to perform: dynamodb:${operation}`,
      );
    case 'not-found':
      return new ServiceError('ResourceNotFoundException', 'Requested resource not found');
    case 'wrong-state':
      return new ServiceError('ResourceInUseException', 'The resource is in use.');
    case 'quota':
      return new ServiceError('RequestLimitExceeded', 'Throughput exceeds the current throughput limit.');
  }
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
