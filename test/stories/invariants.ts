import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { DatabaseInWorld } from '../../infra/local/rds/simulator';
import { accessKeyId, region, secretAccessKey } from '../../infra/local/sandbox';
import { asText, type Drive } from './drive';

/** What stood in the account before the run. */
export interface Before {
  databases: DatabaseInWorld[];
}

export function before(drive: Drive): Before {
  return { databases: drive.databases() };
}

/**
 * What no run may ever do, read off the simulated services and not off our own record: whatever failed on the way, one
 * database answers, nothing of somebody else's is gone, nothing of ours is left unnamed, and nobody is told a lie.
 */
export async function holds(
  drive: Drive,
  run: string,
  world: Before,
  { name = 'orders-staging', wasStopped = false }: { name?: string; wasStopped?: boolean } = {},
): Promise<void> {
  await drive.settle(130);
  const record = drive.run(run);
  const original = world.databases.find((one) => one.name === name);
  const now = drive.databases();
  const told = drive
    .messages()
    .filter((message) => JSON.stringify(message.blocks).includes(run) || message.thread_ts !== undefined)
    .map(asText)
    .join('\n');

  const answering = now.filter((one) => one.name === name && one.answersByName && one.status === 'available');
  const isOriginal = answering[0]?.resourceId === original?.resourceId;
  const isCopy = answering[0]?.restoredFrom !== undefined;
  expect({ rule: 'I2: exactly one database answers under the name', answering: answering.length }).toMatchObject({
    answering: 1,
  });
  expect({ rule: 'I2: it is the original or the copy', ok: isOriginal || isCopy }).toMatchObject({ ok: true });
  if (record.status === 'succeeded') expect({ rule: 'a success is the copy', isCopy }).toMatchObject({ isCopy: true });
  else if (record.status !== 'needs-help')
    expect({ rule: 'anything else is the original', isOriginal }).toMatchObject({ isOriginal: true });

  const gone = world.databases.filter((one) => !now.some((other) => other.resourceId === one.resourceId));
  const mayBeGone = record.status === 'succeeded' ? [original?.resourceId] : [];
  expect({
    rule: 'I1: nothing of others is deleted',
    gone: gone.map((one) => one.resourceId).filter((id) => !mayBeGone.includes(id)),
  }).toMatchObject({ gone: [] });
  const others = world.databases.filter((one) => one.name !== name);
  for (const other of others)
    expect(now.find((one) => one.resourceId === other.resourceId)).toMatchObject({
      name: other.name,
      tags: other.tags,
    });

  const temporary = now.filter((one) => one.name.endsWith(`-trapheus-${run}`) || one.name.endsWith(`-old-${run}`));
  for (const one of temporary)
    expect({ rule: 'I3: what is left is named', named: told.includes(one.name), name: one.name }).toMatchObject({
      named: true,
    });
  expect({
    rule: 'I7: at most one copy',
    copies: now.filter((one) => one.tags['trapheus:run'] === run && one.restoredFrom).length <= 1,
  }).toMatchObject({ copies: true });
  if (isOriginal && record.closedAt !== undefined)
    expect({ rule: 'the original carries no tag of ours', tags: answering[0]?.tags }).toMatchObject({
      tags: original?.tags ?? {},
    });

  const lock = await lockOf(drive, name);
  const mayBeHeld = record.status === 'needs-help';
  expect({ rule: 'I4: the lock is free after a terminal status', lock: mayBeHeld ? undefined : lock }).toMatchObject({
    lock: undefined,
  });

  const card = asText(drive.root(run)).toLowerCase();
  expect({
    rule: 'I5: the card says how it ended',
    card: card.slice(0, 200),
    says: card.includes(words[record.status] ?? record.status),
  }).toMatchObject({ says: true });

  const execution = drive.executions(run).at(-1)?.status;
  const isAsAsked = !['failed', 'needs-help'].includes(record.status);
  const isOpen = record.closedAt === undefined && record.status === 'succeeded';
  const wanted = isOpen ? ['RUNNING'] : isAsAsked ? ['SUCCEEDED'] : ['FAILED', 'ABORTED', 'TIMED_OUT'];
  if (!wasStopped)
    expect({ rule: 'I6: alarms ring for failures only', status: record.status, execution }).toMatchObject({
      execution: expect.stringMatching(wanted.join('|')),
    });
}

const words: Partial<Record<string, string>> = { 'needs-help': 'help', undone: 'undone' };

async function lockOf(drive: Drive, name: string): Promise<string | undefined> {
  const { dynamodb } = drive.sandbox.endpoints;
  const client = new DynamoDBClient({ region, endpoint: dynamodb, credentials: { accessKeyId, secretAccessKey } });
  const { Item } = await client.send(
    new GetItemCommand({ TableName: drive.sandbox.tableName, Key: { pk: { S: `lock#${name}` } } }),
  );
  client.destroy();
  return Item?.run?.S;
}
