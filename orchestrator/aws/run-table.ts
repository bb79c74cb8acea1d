import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { sealed, type UnsealedEvent, withAudit } from '../audit';
import { AuditEvent } from '../audit-event';
import { digest } from '../digest';
import type { Log } from '../log';
import type { Lock, NextLook, Runs, Wait } from '../ports';
import { isClosed, type Phase, type Run } from '../run';
import { batchGet } from './batch-get';
import { cardLine } from './card-table';
import { getItem } from './get-item';
import { type AttributeValue, marshall, unmarshall } from './item';
import { packed } from './packed';
import { isNamed } from './refusal';
import { RunReads } from './run-reads';
import { tableSend } from './table-client';

/** A race is lost to somebody who wrote: ten approvals at once are ten of them. More means that something else is wrong. */
const maxRaces = 40;
/** What stands in `inFlight` when no name is: an index shows the field, and an index cannot be given another one. */
const brief = 'brief';
const idle = 'idle';
/** Somebody who presses a button again and again does not fill the table. */
const refusalsAtMost = 100;

/**
 * One table, one key. `run#<id>` what people may see (only its writes reach the notifier), `wait#<id>` token, lease and
 * next look, `card#<id>` what Slack shows, `lock#<database>`, `tick`. Every write is one conditional write of one item,
 * in an order in which a crash between two of them heals.
 */
export class RunTable extends RunReads implements Runs {
  readonly #send: DynamoDBClient['send'];
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string, log: Log = () => undefined) {
    super(client, table, log);
    this.#table = table;
    this.#send = tableSend(client);
  }

  async create(run: Run, firstLookAt: number): Promise<boolean> {
    const wait = {
      pk: `wait#${run.id}`,
      kind: 'wait',
      run: run.id,
      due: 'open',
      nextLookAt: firstLookAt,
      retry: 0,
      entered: 0,
      beatenAt: 0,
      leaseUntil: 0,
    };
    // A draft reaches nobody: if another run takes the lock first, it is discarded as if it had never been.
    const [isNew] = await Promise.all([this.#put({ ...runItem(run), kind: 'draft' }), this.#put(wait)]);
    const there = isNew ? run : await this.load(run.id);
    // The same form sent twice, or our own write, whose answer was lost.
    return there !== undefined && digest(there) === digest(run);
  }

  async update(id: string, transition: (run: Run) => Run, known?: Run): Promise<Run | undefined> {
    for (let race = 0; race < maxRaces; race += 1) {
      const before = race === 0 && known ? known : await this.load(id);
      if (before === undefined) return undefined;
      const changed = transition(before);
      if (changed === before) return before;
      const after = { ...withAudit(before, changed), version: before.version + 1 };
      if (await this.#replace(after, before.version)) return after;
      // Our own write, whose answer was lost, is no race.
      const now = await this.load(id);
      if (now?.version === after.version && digest(now) === digest(after)) return now;
    }
    throw new Error(`run ${id} changed ${maxRaces} times while one change was tried`);
  }

  async discard(id: string): Promise<void> {
    await this.#send(new DeleteItemCommand({ TableName: this.#table, Key: key(`wait#${id}`) }));
    await this.#send(new DeleteItemCommand({ TableName: this.#table, Key: key(`run#${id}`) }));
  }

  async archive(id: string): Promise<void> {
    await this.#write({
      Key: key(`run#${id}`),
      UpdateExpression: 'SET #open = :past',
      ConditionExpression: 'attribute_exists(pk)',
      names: { '#open': 'open' },
      values: { ':past': 'past' },
    });
  }

  async refused(id: string, event: UnsealedEvent, known: AuditEvent[] = []): Promise<void> {
    const pk = refusedKey(id);
    let trail = known;
    // Every race is lost to one more entry, so that this ends.
    while (trail.length < refusalsAtMost) {
      const entry = sealed(pk, trail, [event]).slice(-1);
      const count = trail.length;
      const isAppended = await this.#write({
        Key: key(pk),
        UpdateExpression: 'SET #kind = :kind, entries = list_append(if_not_exists(entries, :none), :entry)',
        ConditionExpression: count === 0 ? 'attribute_not_exists(entries)' : 'size(entries) = :count',
        names: { '#kind': 'kind' },
        values: { ':kind': 'refused', ':none': [], ':entry': entry, ...(count > 0 && { ':count': count }) },
      });
      if (isAppended) return;
      trail = await this.refusals(id);
      // Our own write, whose answer was lost, is no race.
      if (trail.some(({ seal }) => seal === entry[0]?.seal)) return;
    }
  }

  async refusals(id: string): Promise<AuditEvent[]> {
    const item = await getItem(this.#send, this.#table, refusedKey(id));
    return item === undefined ? [] : z.array(AuditEvent).parse(item.entries);
  }

  async lockOf(database: string): Promise<Lock | undefined> {
    const item = await getItem(this.#send, this.#table, `lock#${database}`);
    return (
      item &&
      ({ database, run: item.run, requester: item.requester, state: item.state, at: Number(item.at ?? 0) } as Lock)
    );
  }

  async takeLock(lock: Lock, from?: Pick<Lock, 'run' | 'state'>): Promise<boolean> {
    const isFreeOrOurs = 'attribute_not_exists(pk) OR #run = :run';
    return this.#put(
      { pk: `lock#${lock.database}`, kind: 'lock', ...lock },
      from === undefined ? isFreeOrOurs : `${isFreeOrOurs} OR (#run = :from AND #state = :read)`,
      {
        names: { '#run': 'run', ...(from !== undefined && { '#state': 'state' }) },
        values: { ':run': lock.run, ...(from !== undefined && { ':from': from.run, ':read': from.state }) },
      },
    );
  }

  async freeLock(database: string, run: string): Promise<void> {
    const isOurs = {
      ConditionExpression: '#run = :run',
      ExpressionAttributeNames: { '#run': 'run' },
      ExpressionAttributeValues: marshall({ ':run': run }),
    };
    await unlessConditionFails(
      this.#send(new DeleteItemCommand({ TableName: this.#table, Key: key(`lock#${database}`), ...isOurs })),
    );
  }

  async wait(id: string): Promise<Wait | undefined> {
    const item = await getItem(this.#send, this.#table, `wait#${id}`);
    return item && waitOf(item);
  }

  async storeToken(
    id: string,
    token: { token: string; step: string; phase: Phase; entered: string; retry: number },
    now: number,
    watching: string[] = [],
  ): Promise<boolean> {
    const isNewer =
      '(attribute_not_exists(entered) OR entered < :entered OR (entered = :entered AND #retry <= :retry))';
    const result = await this.#write({
      Key: key(`wait#${id}`),
      UpdateExpression:
        'SET #token = :token, #step = :step, #phase = :phase, entered = :entered, #retry = :retry, nextLookAt = :now, beatenAt = :now, due = :open, #run = :run, #kind = :kind, watching = :watching, inFlight = :no, leaseUntil = if_not_exists(leaseUntil, :free) REMOVE #rest',
      ConditionExpression: isNewer,
      names: {
        '#token': 'token',
        '#step': 'step',
        '#phase': 'phase',
        '#retry': 'retry',
        '#run': 'run',
        '#kind': 'kind',
        '#rest': 'rest',
      },
      values: {
        ':token': token.token,
        ':step': token.step,
        ':phase': token.phase,
        ':entered': Date.parse(token.entered),
        ':retry': token.retry,
        ':now': now,
        ':open': 'open',
        ':run': id,
        ':kind': 'wait',
        ':watching': watching,
        ':no': false,
        ':free': 0,
      },
    });
    return result !== undefined;
  }

  async takeLease(id: string, holder: string, now: number, until: number): Promise<Wait | undefined> {
    const item = await this.#write({
      Key: key(`wait#${id}`),
      UpdateExpression: 'SET leaseUntil = :until, leaseOf = :holder',
      ConditionExpression: 'attribute_exists(due) AND leaseUntil <= :now',
      names: {},
      values: { ':until': until, ':holder': holder, ':now': now },
    });
    return item && waitOf(item);
  }

  async endLook(id: string, holder: string, next: NextLook): Promise<void> {
    const isMine = 'leaseOf = :holder AND attribute_exists(due)';
    const at = next.at ?? next.seen;
    const isPlanned = await this.#write({
      Key: key(`wait#${id}`),
      UpdateExpression: `SET leaseUntil = :free, nextLookAt = :at, watching = :watching, inFlight = :inFlight${next.rest ? ', #rest = :rest' : ' REMOVE #rest'}`,
      ConditionExpression: `${isMine} AND nextLookAt = :seen`,
      names: { '#rest': 'rest' },
      values: {
        ':free': 0,
        ':at': at,
        ':watching': next.watching,
        ':inFlight': next.isNameInFlight || (next.isBrief ? brief : next.isIdle ? idle : false),
        ':holder': holder,
        ':seen': next.seen,
        ...(next.rest && { ':rest': next.rest }),
      },
    });
    if (!isPlanned) await this.#freeLease(id, holder);
  }

  async tokenAnswered(id: string, token: string, holder: string, nextLookAt: number): Promise<void> {
    const isForgotten = await this.#write({
      Key: key(`wait#${id}`),
      UpdateExpression:
        'SET leaseUntil = :free, nextLookAt = :at, watching = :none, inFlight = :no REMOVE #token, #step, #phase, #rest',
      ConditionExpression: '#token = :token',
      names: { '#token': 'token', '#step': 'step', '#phase': 'phase', '#rest': 'rest' },
      values: { ':free': 0, ':at': nextLookAt, ':token': token, ':none': [], ':no': false },
    });
    if (!isForgotten) await this.#freeLease(id, holder);
  }

  /** A newer token, or an earlier look that somebody asked for, stays as it is. */
  async #freeLease(id: string, holder: string): Promise<void> {
    await this.#write({
      Key: key(`wait#${id}`),
      UpdateExpression: 'SET leaseUntil = :free',
      ConditionExpression: 'leaseOf = :holder AND attribute_exists(due)',
      names: {},
      values: { ':free': 0, ':holder': holder },
    });
  }

  async beaten(id: string, token: string, at: number): Promise<void> {
    await this.#write({
      Key: key(`wait#${id}`),
      UpdateExpression: 'SET beatenAt = :at',
      ConditionExpression: '#token = :token',
      names: { '#token': 'token' },
      values: { ':at': at, ':token': token },
    });
  }

  async lookAt(id: string, at: number): Promise<void> {
    await this.#write({
      Key: key(`wait#${id}`),
      UpdateExpression:
        'SET nextLookAt = :at, due = :open, #run = :run, #kind = :kind, leaseUntil = if_not_exists(leaseUntil, :free), #retry = if_not_exists(#retry, :free), beatenAt = if_not_exists(beatenAt, :free), entered = if_not_exists(entered, :free) REMOVE #rest',
      names: { '#run': 'run', '#kind': 'kind', '#retry': 'retry', '#rest': 'rest' },
      values: { ':at': at, ':open': 'open', ':run': id, ':kind': 'wait', ':free': 0 },
    });
  }

  async due(until: number): Promise<Wait[]> {
    const found: Wait[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.#send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: 'due',
          KeyConditionExpression: 'due = :open AND nextLookAt <= :until',
          ExpressionAttributeValues: marshall({ ':open': 'open', ':until': until }),
          ExclusiveStartKey: start,
        }),
      );
      found.push(...(page.Items ?? []).map((item) => waitOf(unmarshall(item))));
      start = page.LastEvaluatedKey;
    } while (start);
    return found;
  }

  async endWait(id: string, token?: string): Promise<void> {
    // A token that came meanwhile belongs to an execution that goes on.
    const isSeen =
      token === undefined ? 'attribute_not_exists(#token)' : '(attribute_not_exists(#token) OR #token = :token)';
    await this.#write({
      Key: key(`wait#${id}`),
      UpdateExpression: 'REMOVE due, #token, #step, #phase SET leaseUntil = :free',
      ConditionExpression: `attribute_exists(pk) AND ${isSeen}`,
      names: { '#token': 'token', '#step': 'step', '#phase': 'phase' },
      values: { ':free': 0, ...(token !== undefined && { ':token': token }) },
    });
  }

  async claimTick(now: number, gapMs: number): Promise<boolean> {
    const result = await this.#write({
      Key: key('tick'),
      UpdateExpression: 'SET lastAt = :now',
      ConditionExpression: 'attribute_not_exists(lastAt) OR lastAt <= :before',
      names: {},
      values: { ':now': now, ':before': now - gapMs },
    });
    return result !== undefined;
  }

  async planTicks(
    everySeconds: number,
    { from, until, needed }: { from: number; until: number; needed: number },
  ): Promise<{ from: number; until: number } | undefined> {
    const names = { '#from': 'from', '#until': 'until' };
    const Key = key(`ticks#${everySeconds}`);
    try {
      const { Attributes } = await this.#send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key,
          UpdateExpression: 'SET #from = :from, #until = :until',
          ConditionExpression: 'attribute_not_exists(#until) OR #until < :needed OR #from > :from',
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: marshall({ ':from': from, ':until': until, ':needed': needed }),
          ReturnValues: 'UPDATED_OLD',
        }),
      );
      const old = Attributes ? unmarshall(Attributes) : {};
      return { from: Number(old.from ?? 0), until: Number(old.until ?? 0) };
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return undefined;
      throw error;
    }
  }

  async cards(ids: string[]): Promise<Map<string, { version: number; isInLine: boolean }>> {
    const items = await batchGet(
      this.#send,
      this.#table,
      ids.map((id) => `card#${id}`),
    );
    return new Map(
      items.map((item) => [
        String(item.pk).slice('card#'.length),
        { version: Number(item.version ?? 0), isInLine: item.due === cardLine },
      ]),
    );
  }

  async cardsInLine(count: number): Promise<string[]> {
    const page = await this.#send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'due',
        KeyConditionExpression: 'due = :line',
        ExpressionAttributeValues: marshall({ ':line': cardLine }),
        Limit: count,
      }),
    );
    return (page.Items ?? []).map((item) => String(unmarshall(item).run));
  }

  async touch(id: string): Promise<void> {
    await this.#write({
      Key: key(`run#${id}`),
      UpdateExpression: 'ADD touched :one',
      ConditionExpression: 'attribute_exists(pk)',
      names: {},
      values: { ':one': 1 },
    });
  }

  /** False when something is there already, or when the condition fails. */
  async #put(
    item: Record<string, unknown>,
    condition = 'attribute_not_exists(pk)',
    extra?: { names: Record<string, string>; values: Record<string, unknown> },
  ): Promise<boolean> {
    const put = new PutItemCommand({
      TableName: this.#table,
      Item: marshall(item),
      ConditionExpression: condition,
      ...(extra && { ExpressionAttributeNames: extra.names, ExpressionAttributeValues: marshall(extra.values) }),
    });
    return unlessConditionFails(this.#send(put));
  }

  async #replace(run: Run, version: number): Promise<boolean> {
    const item = runItem(run);
    const isOpen = !isClosed(run);
    const result = await this.#write({
      Key: key(item.pk),
      UpdateExpression: `SET #record = :record, #version = :version, #status = :status, #kind = :kind${isOpen ? ', #open = :open' : ''}`,
      ConditionExpression: '#version = :before',
      names: {
        '#record': 'record',
        '#version': 'version',
        '#status': 'status',
        '#kind': 'kind',
        ...(isOpen && { '#open': 'open' }),
      },
      values: {
        ':record': item.record,
        ':version': run.version,
        ':status': run.status,
        ':kind': item.kind,
        ':before': version,
        ...(isOpen && { ':open': 'open' }),
      },
    });
    return result !== undefined;
  }

  /** The item as it then stands; undefined when the condition fails. */
  async #write(
    input: Pick<UpdateItemCommandInput, 'Key' | 'UpdateExpression' | 'ConditionExpression'> & {
      names: Record<string, string>;
      values?: Record<string, unknown>;
    },
  ): Promise<Record<string, unknown> | undefined> {
    const { names, values, ...rest } = input;
    try {
      const { Attributes } = await this.#send(
        new UpdateItemCommand({
          TableName: this.#table,
          ...rest,
          ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
          ...(values && { ExpressionAttributeValues: marshall(values) }),
          ReturnValues: rest.ConditionExpression === undefined ? 'NONE' : 'ALL_NEW',
        }),
      );
      return Attributes ? unmarshall(Attributes) : {};
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return undefined;
      throw error;
    }
  }
}

async function unlessConditionFails(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return false;
    throw error;
  }
}

/** Where the seals of a run's refusals begin, too: an entry cannot pass for one of the run's own trail. */
const refusedKey = (id: string): string => `refused#${id}`;

function key(pk: string): Record<string, AttributeValue> {
  return { pk: { S: pk } };
}

function runItem(run: Run) {
  const { request } = run;
  return {
    pk: `run#${run.id}`,
    kind: 'run',
    version: run.version,
    status: run.status,
    // A clone belongs to the history of the database whose data it has.
    database: request.target.kind === 'onto' ? request.target.name : request.database,
    requestedAt: request.at,
    open: 'open',
    record: packed(run),
  };
}

function waitOf(item: Record<string, unknown>): Wait {
  return {
    runId: String(item.run),
    token: item.token as string | undefined,
    step: item.step as string | undefined,
    phase: item.phase as Phase | undefined,
    retry: Number(item.retry ?? 0),
    nextLookAt: Number(item.nextLookAt ?? 0),
    beatenAt: Number(item.beatenAt ?? 0),
    watching: (item.watching as string[] | undefined) ?? [],
    isNameInFlight: item.inFlight === true,
    isBrief: item.inFlight === brief,
    isIdle: item.inFlight === idle,
    rest: item.rest as Wait['rest'],
  };
}
