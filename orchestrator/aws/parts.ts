import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RDSClient } from '@aws-sdk/client-rds';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { OrchestratorConfig } from '../config';
import { parsePolicy } from '../policy';
import type { Clock } from '../ports';
import { RdsDatabases } from './databases';
import { StateMachine } from './executions';
import { FreezeTable } from './freeze-table';
import { InventoryTable } from './inventory-table';
import { RunTable } from './run-table';
import { SnapshotTable } from './snapshot-table';
import { TickQueue } from './ticks';

/**
 * RDS is asked once: a look that fails is looked again a few seconds later, by a call that reads first. A retry inside
 * the SDK would act again without reading. The other services' writes are conditional, so that theirs are harmless.
 */
const rdsAttempts = 1;

/** The adapters that every entry of the orchestrator is made of. */
export function createParts(config: OrchestratorConfig, clock: Clock) {
  const dynamodb = new DynamoDBClient({});
  const databases = new RdsDatabases(new RDSClient({ maxAttempts: rdsAttempts }), clock);
  const snapshots = new SnapshotTable(dynamodb, config.tableName);
  return {
    runs: new RunTable(dynamodb, config.tableName),
    databases,
    freezes: new FreezeTable(dynamodb, config.tableName),
    snapshots,
    executions: new StateMachine(new SFNClient({}), config.stateMachineArn),
    ticks: new TickQueue(new SQSClient({}), config.tickQueueUrl),
    inventory: new InventoryTable(dynamodb, config.tableName, databases, snapshots),
    policy: parsePolicy(readFileSync(config.policyFile, 'utf8')),
    clock,
  };
}
