import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { sealed, type UnsealedEvent } from '../audit';
import type { AuditEvent } from '../audit-event';
import type { Freeze, Freezes } from '../ports';
import { type FreezeItem, freezeKey, readFreeze } from './freeze-item';
import { marshall } from './item';
import { isNamed } from './refusal';
import { tableSend } from './table-client';

/** The item `freeze` of the table: whether everything stands still, and who made it so. */
export class FreezeTable implements Freezes {
  readonly #send: DynamoDBClient['send'];
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#send = tableSend(client);
    this.#table = table;
  }

  async current(): Promise<Freeze | undefined> {
    return (await this.#read()).current;
  }

  async audit(): Promise<AuditEvent[]> {
    return (await this.#read()).audit;
  }

  async freeze(freeze: Freeze, from?: string): Promise<boolean> {
    const { by, at, reason } = freeze;
    return this.#change((state) =>
      state.current === undefined
        ? { current: freeze, event: { at, what: 'frozen', by, detail: reason, ...(from !== undefined && { from }) } }
        : undefined,
    );
  }

  async lift(freeze: Freeze, by: string, at: number, from?: string): Promise<boolean> {
    return this.#change(({ current }) =>
      current?.at === freeze.at && current.by === freeze.by
        ? { event: { at, what: 'unfrozen', by, ...(from !== undefined && { from }) } }
        : undefined,
    );
  }

  /** One conditional write; whoever loses it reads again and finds out that somebody else was faster. */
  async #change(
    decide: (state: FreezeItem) => { current?: Freeze; event: UnsealedEvent } | undefined,
  ): Promise<boolean> {
    for (;;) {
      const state = await this.#read();
      const decided = decide(state);
      if (decided === undefined) return false;
      const { current, event } = decided;
      const audit = sealed(freezeKey, state.audit, [event]);
      const item = { pk: freezeKey, kind: 'freeze', version: state.version + 1, audit, ...(current && { current }) };
      const put = new PutItemCommand({
        TableName: this.#table,
        Item: marshall(item),
        ConditionExpression: 'attribute_not_exists(pk) OR version = :before',
        ExpressionAttributeValues: marshall({ ':before': state.version }),
      });
      try {
        await this.#send(put);
        return true;
      } catch (error) {
        if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
        // Our own write, whose answer was lost, stands there with our entry at its end.
        const last = (await this.#read()).audit.at(-1);
        if (last?.seal === audit.at(-1)?.seal) return true;
      }
    }
  }

  async #read(): Promise<FreezeItem> {
    return readFreeze(this.#send, this.#table);
  }
}
