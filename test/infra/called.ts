import * as z from 'zod';
import { accountId, region } from '../../infra/local/sandbox';
import type { CallRecord } from '../../infra/local/service';
import type { Call } from './simulate';

/** What the resources of the sandbox are called in the synthesised template. */
export interface Names {
  table: string;
  queue: string;
  secret: string;
}

/** Where the simulated policies live (simulate.ts). */
const home = 'eu-west-1:123456789012';
const own = (service: string, rest: string) => `arn:aws:${service}:${home}:${rest}`;
/** An ARN of the sandbox as the same in the simulation; another account stays another one. */
const moved = (arn: string) =>
  arn.replace(`:${region}:${accountId}:`, `:${home}:`).replace(`:${region}:`, ':eu-west-1:');

/** What IAM is asked when a function makes this call (Service Authorization Reference, of each service). */
export function authorised({ service, operation, body }: CallRecord, names: Names): Call[] {
  if (service === 'rds') return inRds(operation, new URLSearchParams(body));
  if (service !== 'dynamodb' && service !== 'sqs' && service !== 'secretsmanager' && service !== 'states') return [];
  const input = z.record(z.string(), z.unknown()).parse(JSON.parse(body));
  if (service === 'dynamodb') return [inTable(operation, input, names.table)];
  if (service === 'sqs') return [{ action: 'sqs:SendMessage', resource: names.queue }];
  if (service === 'secretsmanager') return [{ action: `secretsmanager:${operation}`, resource: names.secret }];
  const execution = z.string().optional().parse(input.executionArn)?.split(':').at(-1);
  const resource = execution === undefined ? 'stateMachine:Trapheus' : `execution:Trapheus:${execution}`;
  return [{ action: `states:${operation}`, resource: own('states', resource) }];
}

const Key = z.looseObject({ pk: z.object({ S: z.string() }) });
const TableInput = z.looseObject({
  IndexName: z.string().optional(),
  Key: Key.optional(),
  Item: Key.optional(),
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(Key) })).optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  UpdateExpression: z.string().default(''),
  ConditionExpression: z.string().default(''),
  ReturnValues: z.string().optional(),
});

/** A name that stands in an expression by itself: neither a value, nor a placeholder, nor a key word. */
const attribute = /(?<![:#\w])[a-z]\w*/g;
const functions = ['if_not_exists', 'attribute_exists', 'attribute_not_exists', 'begins_with', 'contains', 'size'];

function inTable(operation: string, input: unknown, table: string): Call {
  const { IndexName, Key: key, Item, RequestItems, ReturnValues, ...expressions } = TableInput.parse(input);
  const action = `dynamodb:${operation}`;
  if (IndexName !== undefined) return { action, resource: `${table}/index/${IndexName}` };
  const keys = [key, Item, ...Object.values(RequestItems ?? {}).flatMap(({ Keys }) => Keys)].flatMap(
    (one) => one ?? [],
  );
  const words = `${expressions.UpdateExpression} ${expressions.ConditionExpression}`.match(attribute) ?? [];
  const attributes = [
    ...keys.flatMap((one) => Object.keys(one)),
    ...Object.values(expressions.ExpressionAttributeNames),
    ...words.filter((word) => !functions.includes(word)),
  ];
  return {
    action,
    resource: table,
    context: {
      'dynamodb:LeadingKeys': keys.map(({ pk }) => pk.S),
      'dynamodb:Attributes': [...new Set(attributes)],
      ...(ReturnValues !== undefined && { 'dynamodb:ReturnValues': ReturnValues }),
    },
  };
}

/** Of which type a parameter names a resource. */
const types: Record<string, string> = {
  DBInstanceIdentifier: 'db',
  NewDBInstanceIdentifier: 'db',
  SourceDBInstanceIdentifier: 'db',
  TargetDBInstanceIdentifier: 'db',
  DBClusterIdentifier: 'cluster',
  NewDBClusterIdentifier: 'cluster',
  SourceDBClusterIdentifier: 'cluster',
  DBSnapshotIdentifier: 'snapshot',
  SourceDBSnapshotIdentifier: 'snapshot',
  TargetDBSnapshotIdentifier: 'snapshot',
  DBClusterSnapshotIdentifier: 'cluster-snapshot',
  SnapshotIdentifier: 'cluster-snapshot',
  FinalDBSnapshotIdentifier: 'snapshot',
  DBClusterEndpointIdentifier: 'cluster-endpoint',
  DBProxyName: 'db-proxy',
  DBParameterGroupName: 'pg',
  DBClusterParameterGroupName: 'cluster-pg',
  DBSubnetGroupName: 'subgrp',
  OptionGroupName: 'og',
};
/** The last snapshot is of the kind of what is removed. */
const typeOf = (parameter: string, operation: string): string | undefined =>
  parameter === 'FinalDBSnapshotIdentifier' && operation.includes('Cluster') ? 'cluster-snapshot' : types[parameter];

/** On what a list is authorised that names nothing. */
const lists: Record<string, string> = {
  DescribeBlueGreenDeployments: 'deployment',
  DescribeDBClusterEndpoints: 'cluster-endpoint',
  DescribeDBClusters: 'cluster',
  DescribeDBClusterSnapshots: 'cluster-snapshot',
  DescribeDBInstanceAutomatedBackups: 'auto-backup',
  DescribeDBInstances: 'db',
  DescribeDBProxies: 'db-proxy',
  DescribeDBSnapshots: 'snapshot',
};

function inRds(operation: string, input: URLSearchParams): Call[] {
  const action = `rds:${operation}`;
  const named = [...input].flatMap(([parameter, value]) => {
    const type = typeOf(parameter, operation);
    return type === undefined ? [] : [value.startsWith('arn:') ? moved(value) : own('rds', `${type}:${value}`)];
  });
  for (const parameter of ['ResourceName', 'ResourceArn']) {
    const arn = input.get(parameter);
    if (arn !== null) named.push(moved(arn));
  }
  const keys = [...input].filter(([name]) => name.startsWith('TagKeys.')).map(([, key]) => key);
  const context = keys.length > 0 ? { context: { 'aws:TagKeys': keys } } : {};
  const list = lists[operation];
  if (named.length === 0) named.push(list === undefined ? '*' : own('rds', `${list}:*`));
  return [
    ...named.map((resource) => ({ action, resource, ...context })),
    // Tags in a call that makes something (RDS: "Required IAM permissions for tagging").
    ...(input.has('Tags.Tag.1.Key') && operation !== 'AddTagsToResource'
      ? made(operation, input).map((resource) => ({ action: 'rds:AddTagsToResource', resource }))
      : []),
    ...[...input]
      .filter(([, value]) => /^arn:aws:iam::\d+:role\//.test(value))
      .map(([parameter, value]) => ({
        action: 'iam:PassRole',
        resource: value.replace(accountId, '123456789012'),
        context: {
          'iam:PassedToService':
            parameter === 'MonitoringRoleArn' ? 'monitoring.rds.amazonaws.com' : 'rds.amazonaws.com',
        },
      })),
  ];
}

/** What a call makes: the one that its answer will describe. */
function made(operation: string, input: URLSearchParams): string[] {
  const [kind, names] =
    operation.includes('Snapshot') && /^(Create|Copy)/.test(operation)
      ? (['snapshot', ['TargetDBSnapshotIdentifier', 'DBSnapshotIdentifier', 'DBClusterSnapshotIdentifier']] as const)
      : (['db', ['TargetDBInstanceIdentifier', 'DBInstanceIdentifier', 'DBClusterIdentifier']] as const);
  const parameter = names.find((name) => input.has(name)) ?? '';
  return [own('rds', `${typeOf(parameter, operation) ?? kind}:${input.get(parameter)}`)];
}
