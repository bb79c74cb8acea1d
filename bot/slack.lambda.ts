import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CardTable } from '../orchestrator/aws/card-table';
import { RdsDatabases } from '../orchestrator/aws/databases';
import { StateMachine } from '../orchestrator/aws/executions';
import { FreezeTable } from '../orchestrator/aws/freeze-table';
import { OpenedHomes } from '../orchestrator/aws/home-table';
import { InventoryTable } from '../orchestrator/aws/inventory-table';
import { RunTable } from '../orchestrator/aws/run-table';
import { Secrets } from '../orchestrator/aws/secrets';
import { SeenTable } from '../orchestrator/aws/seen-table';
import { SnapshotTable } from '../orchestrator/aws/snapshot-table';
import { TickQueue } from '../orchestrator/aws/ticks';
import type { Environment } from '../orchestrator/config';
import { Door } from '../orchestrator/door/door';
import { jsonLog, type Log } from '../orchestrator/log';
import { pipeline } from '../orchestrator/pipeline';
import { parsePolicy } from '../orchestrator/policy';
import type { Clock } from '../orchestrator/ports';
import { slackHandler } from './app';
import { readEnvironment, SlackEnvironment, variables } from './config';
import { Foresight } from './foresight';
import { Hurry } from './hurry';
import type { Handler } from './receiver';

/** No call may use up the three seconds that Slack waits: better a sorry in time than silence. */
const inTime = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
};

/**
 * Everything that Slack sends: commands, clicks, forms and menus.
 * @param wall Wall time in milliseconds, with which Slack signs; `clock` is the time of everything else.
 */
export function create(env: Environment, clock: Clock, wall: () => number = Date.now, log: Log = jsonLog): Handler {
  const config = readEnvironment(SlackEnvironment, env);
  const dynamodb = new DynamoDBClient(inTime);
  const table = config[variables.tableName];
  const policy = parsePolicy(readFileSync(config[variables.policyFile], 'utf8'));
  const kept = new SnapshotTable(dynamodb, table);
  const rds = new RdsDatabases(new RDSClient({ ...inTime, maxAttempts: 1 }), clock, true);
  const seers = {
    databases: rds,
    inventory: new InventoryTable(dynamodb, table, rds, kept),
    runs: new RunTable(dynamodb, table),
    freezes: new FreezeTable(dynamodb, table),
    snapshots: kept,
  };
  const foresight = new Foresight();
  const hurry = new Hurry(wall);
  const databases = foresight.over(seers.databases);
  const inventory = foresight.over(seers.inventory);
  const door = new Door({
    runs: foresight.over(seers.runs),
    executions: new StateMachine(new SFNClient(inTime), config[variables.stateMachineArn]),
    ticks: new TickQueue(new SQSClient(inTime), config[variables.tickQueueUrl]),
    databases,
    freezes: foresight.over(seers.freezes),
    snapshots: foresight.over(seers.snapshots),
    inventory,
    policy,
    clock,
    hasTimeFor: (calls) => hurry.hasTimeFor(calls),
  });
  return slackHandler({
    door,
    databases,
    cards: new CardTable(dynamodb, table),
    homes: new OpenedHomes(dynamodb, table),
    seen: new SeenTable(dynamodb, table),
    inventory,
    policy,
    clock,
    wall,
    secrets: new Secrets(new SecretsManagerClient(inTime), config[variables.secretId], clock),
    apiUrl: config[variables.slackApiUrl],
    house: { stages: pipeline, command: config[variables.command], label: config[variables.label] },
    hurry,
    foresee: (payload, answer) => foresight.of(seers, payload, answer),
    log,
  });
}

/** Lambda imports this with its environment set; everybody else calls `create`. */
export const handler = process.env[variables.tableName] ? create(process.env, { now: Date.now }) : undefined;
