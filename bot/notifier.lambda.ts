import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WebClient } from '@slack/web-api';
import * as z from 'zod/mini';
import { CardTable } from '../orchestrator/aws/card-table';
import { readFreeze } from '../orchestrator/aws/freeze-item';
import { OpenHomes } from '../orchestrator/aws/home-table';
import { PaceTable } from '../orchestrator/aws/pace-table';
import { RunReads } from '../orchestrator/aws/run-reads';
import { Secrets } from '../orchestrator/aws/secrets';
import type { Environment } from '../orchestrator/config';
import { failure, jsonLog, type Log } from '../orchestrator/log';
import { pipeline } from '../orchestrator/pipeline';
import type { Clock } from '../orchestrator/ports';
import { Groups } from './callers/groups';
import { NotifierEnvironment, readEnvironment, variables } from './config';
import { type NotifierParts, show } from './notifier/notify';
import { Patience } from './notifier/patience';
import { refreshHomes } from './notifier/refresh-homes';
import { clientOptions, quietLogger } from './slack-client';

/** What is used of a stream record (DynamoDB: Streams record). */
const StreamEvent = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({ SequenceNumber: z.string(), Keys: z.object({ pk: z.object({ S: z.string() }) }) }),
    }),
  ),
});

export interface BatchAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

const callTimeoutMs = 5000;

/** Settles after so many milliseconds of the clock that the function lives by. */
export type Wait = (ms: number) => Promise<void>;

/** Shows every run that a batch of the table's stream tells of, once, as its newest record says. */
export function create(env: Environment, clock: Clock, log: Log = jsonLog, wait: Wait = sleep) {
  const config = readEnvironment(NotifierEnvironment, env);
  const dynamodb = new DynamoDBClient({});
  const table = config[variables.tableName];
  const secrets = new Secrets(new SecretsManagerClient({}), config[variables.secretId], clock);
  const options = clientOptions(config[variables.slackApiUrl], callTimeoutMs, quietLogger(log));
  const parts: NotifierParts = {
    runs: new RunReads(dynamodb, table),
    cards: new CardTable(dynamodb, table),
    homes: new OpenHomes(dynamodb, table),
    freezes: { current: async () => (await readFreeze(dynamodb.send.bind(dynamodb), table)).current },
    slack: async () => new WebClient((await secrets.read()).botToken, options),
    house: {
      stages: pipeline,
      command: config[variables.command],
      label: config[variables.label],
      stateMachineArn: config[variables.stateMachineArn],
    },
    pace: new PaceTable(dynamodb, table),
    groups: new Groups(clock, log, []),
    clock,
    wait,
    log,
  };
  return (event: unknown, context: { awsRequestId: string }): Promise<BatchAnswer> =>
    notify(parts, event, context.awsRequestId);
}

/**
 * Lambda goes on from the lowest sequence number that is answered, so the first failure of a batch makes it deliver all
 * that follow once more (Lambda: Reporting batch item failures for DynamoDB). What was shown then is shown already.
 */
export async function notify(parts: NotifierParts, event: unknown, holder: string): Promise<BatchAnswer> {
  const { Records } = StreamEvent.parse(event);
  const patience = new Patience(parts);
  const batchItemFailures: BatchAnswer['batchItemFailures'] = [];
  for (const [id, sequenceNumber] of firstRecords(Records.map(({ dynamodb }) => dynamodb))) {
    if ((await tried(parts, patience, id, holder)) === 'later')
      batchItemFailures.push({ itemIdentifier: sequenceNumber });
  }
  // A tab that finds no slot now shows the freeze with the next change of any run: cards must not wait for it.
  if (Records.some(({ dynamodb }) => dynamodb.Keys.pk.S === 'freeze')) await refreshHomes(parts, holder);
  return { batchItemFailures };
}

async function tried(parts: NotifierParts, patience: Patience, id: string, holder: string): Promise<'shown' | 'later'> {
  try {
    return await show(parts, id, holder, patience);
  } catch (error) {
    // One run that cannot be shown must not hold back the others; the watcher drives it again.
    parts.log('error', 'card-failed', { run: id, ...failure(error) });
    return 'later';
  }
}

/** Each run once, with the first of its records. */
function firstRecords(records: z.infer<typeof StreamEvent>['Records'][number]['dynamodb'][]): Map<string, string> {
  const first = new Map<string, string>();
  for (const { Keys, SequenceNumber } of records) {
    const [kind, id] = Keys.pk.S.split('#', 2);
    if (kind === 'run' && id !== undefined && !first.has(id)) first.set(id, SequenceNumber);
  }
  return first;
}

/** Lambda imports this with its environment set; everybody else calls `create`. */
export const handler = process.env[variables.tableName] ? create(process.env, { now: Date.now }) : undefined;
