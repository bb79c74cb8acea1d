import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Options } from '../options';

/** A run's id as IAM can say it: `r` and seven characters (orchestrator/names.ts). */
const run = 'r???????';
/** The forms of name that only a run gives. Nothing else is ever deleted or tagged. */
const ownForms = [`*-trapheus-${run}`, `*-old-${run}`];
/** What of an account a deployment may touch, as its settings say. */
export type DatabaseScope = Pick<Options, 'identifierPatterns' | 'databaseRoles'>;

/** The one tag prefix that a run may take off a database which has its final name by then. */
const ownTags = 'trapheus:*';

/**
 * What a request, or the end of a run, needs to see: databases and their snapshots. A list is authorised on every name
 * of its type (`db:*`).
 */
export function seeDatabases(stack: Stack): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'SeeDatabases',
      actions: [
        'rds:DescribeBlueGreenDeployments',
        'rds:DescribeDBClusterEndpoints',
        'rds:DescribeDBClusters',
        'rds:DescribeDBClusterSnapshots',
        'rds:DescribeDBInstanceAutomatedBackups',
        'rds:DescribeDBInstances',
        'rds:DescribeDBSnapshots',
      ],
      resources: [
        ...arnsOf(stack, ['db', 'auto-backup', 'cluster-endpoint', 'deployment'], ['*']),
        // Other accounts share clusters, too: for a clone.
        ...shared(stack, 'cluster'),
        ...anySnapshots(stack),
      ],
    }),
  ];
}

/**
 * What a run does with its copies and with what it has set aside: everything under names that only a run gives.
 *
 * The resource types of each action are those of "Actions, resources, and condition keys for Amazon RDS" (Service
 * Authorization Reference); an action needs every type that its call names.
 */
export function makeCopies(stack: Stack, { identifierPatterns, databaseRoles }: DatabaseScope): PolicyStatement[] {
  const { named, own, ownSnapshots, groups } = resources(stack, identifierPatterns);
  return [
    ...seeDatabases(stack),
    new PolicyStatement({
      sid: 'SeeProxies',
      actions: ['rds:DescribeDBProxies', 'rds:DescribeDBProxyTargets'],
      resources: arnsOf(stack, ['db-proxy', 'target-group', 'target', 'db', 'cluster'], ['*']),
    }),
    new PolicyStatement({
      sid: 'RestoreUnderOwnName',
      actions: ['rds:RestoreDBInstanceFromDBSnapshot', 'rds:RestoreDBClusterFromSnapshot', 'rds:CreateDBInstance'],
      resources: [...own, ...anySnapshots(stack), ...groups],
    }),
    new PolicyStatement({
      sid: 'CopySharedSnapshots',
      actions: ['rds:CopyDBSnapshot'],
      // Both ends are resources of the call, and the source is another account's. A copy replaces nothing.
      resources: anySnapshots(stack),
    }),
    new PolicyStatement({
      sid: 'RestoreToTimeUnderOwnName',
      actions: ['rds:RestoreDBInstanceToPointInTime', 'rds:RestoreDBClusterToPointInTime'],
      // The source is a resource of the call too.
      resources: [...named, ...own, ...groups, ...arnsOf(stack, ['auto-backup', 'cluster-auto-backup'], ['*'])],
    }),
    new PolicyStatement({
      sid: 'TagOwnOnly',
      actions: ['rds:AddTagsToResource'],
      resources: [...own, ...ownSnapshots],
    }),
    new PolicyStatement({
      sid: 'DeleteOwnOnly',
      actions: ['rds:DeleteDBInstance', 'rds:DeleteDBCluster'],
      // The snapshots are the final ones, which a deletion takes.
      resources: [...own, ...ownSnapshots],
    }),
    new PolicyStatement({
      sid: 'DeleteOwnSnapshots',
      actions: ['rds:DeleteDBSnapshot', 'rds:DeleteDBClusterSnapshot'],
      resources: ownSnapshots,
    }),
    new PolicyStatement({
      sid: 'GiveTheCopyItsRoles',
      actions: ['iam:PassRole'],
      resources: databaseRoles.map((resourceName) =>
        stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName }),
      ),
      conditions: {
        StringEquals: { 'iam:PassedToService': ['rds.amazonaws.com', 'monitoring.rds.amazonaws.com'] },
      },
    }),
    // A key's own policy has to allow it too. Only RDS, on its own behalf, and never to decrypt for us.
    new PolicyStatement({
      sid: 'LetRdsUseKeys',
      actions: ['kms:DescribeKey', 'kms:CreateGrant'],
      // The key of a shared snapshot is another account's.
      resources: [stack.formatArn({ service: 'kms', account: '*', resource: 'key', resourceName: '*' })],
      conditions: {
        StringEquals: { 'kms:ViaService': `rds.${stack.region}.amazonaws.com` },
        BoolIfExists: { 'kms:GrantIsForAWSResource': 'true' },
      },
    }),
    // RDS looks at the network with the caller's rights when it places a copy. None of these has a resource type.
    new PolicyStatement({
      sid: 'SeeAccountAndNetwork',
      actions: [
        'rds:DescribeAccountAttributes',
        'ec2:DescribeAccountAttributes',
        'ec2:DescribeAvailabilityZones',
        'ec2:DescribeInternetGateways',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'SeeNetworkSettings',
      actions: ['ec2:DescribeVpcAttribute'],
      // Another account may share its network with this one.
      resources: [stack.formatArn({ service: 'ec2', account: '*', resource: 'vpc', resourceName: '*' })],
    }),
  ];
}

/**
 * What a run does to databases of the configured names too. A rename is authorised on the old ARN; whether on the new
 * one too is not documented, so both are allowed.
 */
export function changeDatabases(stack: Stack, { identifierPatterns }: DatabaseScope): PolicyStatement[] {
  const { named, own, ownSnapshots, groups } = resources(stack, identifierPatterns);
  return [
    new PolicyStatement({
      sid: 'ChangeRenameAndSnapshot',
      actions: [
        'rds:ModifyDBInstance',
        'rds:ModifyDBCluster',
        'rds:RebootDBInstance',
        'rds:FailoverDBCluster',
        'rds:AddRoleToDBInstance',
        'rds:AddRoleToDBCluster',
        'rds:EnableHttpEndpoint',
        'rds:CreateDBSnapshot',
        'rds:CreateDBClusterSnapshot',
      ],
      // A new snapshot has to be of our own form: it is a resource of the call that makes it.
      resources: [...named, ...own, ...ownSnapshots, ...groups],
    }),
    new PolicyStatement({
      sid: 'MoveCustomEndpoints',
      actions: ['rds:CreateDBClusterEndpoint', 'rds:DeleteDBClusterEndpoint'],
      // Their names say nothing about the cluster's; a run gives back under the same name what it takes.
      resources: [...named, ...own, ...arnsOf(stack, ['cluster-endpoint'], ['*'])],
    }),
    new PolicyStatement({
      sid: 'PutProxiesRight',
      actions: ['rds:RegisterDBProxyTargets', 'rds:DeregisterDBProxyTargets'],
      resources: [...named, ...own, ...arnsOf(stack, ['target-group', 'db-proxy'], ['*'])],
    }),
    new PolicyStatement({
      sid: 'TakeOwnTagsOff',
      actions: ['rds:RemoveTagsFromResource'],
      resources: [...named, ...own],
      conditions: {
        'ForAllValues:StringLike': { 'aws:TagKeys': [ownTags] },
        // Without it, a call that names no tag key would pass.
        Null: { 'aws:TagKeys': 'false' },
      },
    }),
  ];
}

/** Of whichever account, in this Region: others share theirs with this one. */
function anySnapshots(stack: Stack): string[] {
  return shared(stack, 'snapshot', 'cluster-snapshot');
}

function shared(stack: Stack, ...types: string[]): string[] {
  return types.map((resource) => rdsArn(stack, { account: '*', resource, resourceName: '*' }));
}

function arnsOf(stack: Stack, types: readonly string[], names: readonly string[]): string[] {
  return types.flatMap((resource) => names.map((resourceName) => rdsArn(stack, { resource, resourceName })));
}

function rdsArn(stack: Stack, parts: { account?: string; resource: string; resourceName: string }): string {
  return stack.formatArn({ service: 'rds', arnFormat: ArnFormat.COLON_RESOURCE_NAME, ...parts });
}

function resources(stack: Stack, identifierPatterns: readonly string[]) {
  const arns = (types: string[], names: readonly string[]) => arnsOf(stack, types, names);
  return {
    // A cluster's members are instances: the patterns have to cover their names too.
    named: arns(['db', 'cluster'], identifierPatterns),
    own: arns(['db', 'cluster'], ownForms),
    ownSnapshots: arns(['snapshot', 'cluster-snapshot'], ownForms),
    // A copy takes over the groups of its original, whatever their names.
    groups: arns(['subgrp', 'pg', 'cluster-pg', 'og', 'secgrp'], ['*']),
  };
}
