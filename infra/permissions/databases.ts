import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** A run's id as IAM can say it: `r` and seven characters (orchestrator/names.ts). */
const run = 'r???????';
/** The forms of name that only a run gives. Nothing else is ever deleted or tagged. */
const ownForms = [`*-trapheus-${run}`, `*-old-${run}`];
/** The one tag prefix that a run may take off a database which has its final name by then. */
const ownTags = 'trapheus:*';

/** What a request needs to see before it is accepted: databases and their snapshots. */
export function seeDatabases(): PolicyStatement[] {
  return [
    read([
      'rds:DescribeDBInstances',
      'rds:DescribeDBClusters',
      'rds:DescribeDBSnapshots',
      'rds:DescribeDBClusterSnapshots',
    ]),
  ];
}

/**
 * What a run does to databases. The resource types of each action are those of "Actions, resources, and condition keys
 * for Amazon RDS" (Service Authorization Reference); an action needs every type that its call names.
 *
 * A rename is authorised on the old ARN; whether on the new one too is not documented, so both are allowed.
 */
export function changeDatabases(stack: Stack, identifierPatterns: readonly string[]): PolicyStatement[] {
  const rds = (type: string, names: readonly string[]) =>
    names.map((name) =>
      stack.formatArn({ service: 'rds', resource: type, resourceName: name, arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
    );
  const own = (...types: string[]) => types.flatMap((type) => rds(type, ownForms));
  const named = (...types: string[]) => types.flatMap((type) => rds(type, identifierPatterns));
  const any = (...types: string[]) => types.flatMap((type) => rds(type, ['*']));

  return [
    ...seeDatabases(),
    read([
      'rds:DescribeDBClusterEndpoints',
      'rds:DescribeDBInstanceAutomatedBackups',
      'rds:DescribeDBProxies',
      'rds:DescribeDBProxyTargetGroups',
      'rds:DescribeDBProxyTargets',
      'rds:DescribeOptionGroups',
      'rds:DescribePendingMaintenanceActions',
      'rds:ListTagsForResource',
    ]),
    new PolicyStatement({
      sid: 'RestoreUnderOwnName',
      actions: ['rds:RestoreDBInstanceFromDBSnapshot', 'rds:RestoreDBClusterFromSnapshot', 'rds:CreateDBInstance'],
      resources: [
        ...own('db', 'cluster'),
        ...any('snapshot', 'cluster-snapshot', 'subgrp', 'pg', 'cluster-pg', 'og', 'secgrp'),
      ],
    }),
    new PolicyStatement({
      sid: 'ChangeRenameAndSnapshot',
      actions: [
        'rds:ModifyDBInstance',
        'rds:ModifyDBCluster',
        'rds:RebootDBInstance',
        'rds:FailoverDBCluster',
        'rds:AddRoleToDBInstance',
        'rds:AddRoleToDBCluster',
        'rds:CreateDBSnapshot',
        'rds:CreateDBClusterSnapshot',
      ],
      // A new snapshot has to be of our own form too: it is a resource of the call that makes it.
      resources: [
        ...named('db', 'cluster'),
        ...own('db', 'cluster', 'snapshot', 'cluster-snapshot'),
        ...any('subgrp', 'pg', 'cluster-pg', 'og', 'secgrp'),
      ],
    }),
    new PolicyStatement({
      sid: 'TagOwnOnly',
      actions: ['rds:AddTagsToResource'],
      resources: own('db', 'cluster', 'snapshot', 'cluster-snapshot'),
    }),
    new PolicyStatement({
      sid: 'TakeOwnTagsOff',
      actions: ['rds:RemoveTagsFromResource'],
      resources: [...named('db', 'cluster'), ...own('db', 'cluster')],
      conditions: {
        'ForAllValues:StringLike': { 'aws:TagKeys': [ownTags] },
        // Without it, a call that names no tag key would pass.
        Null: { 'aws:TagKeys': 'false' },
      },
    }),
    new PolicyStatement({
      sid: 'DeleteOwnOnly',
      actions: ['rds:DeleteDBInstance', 'rds:DeleteDBCluster'],
      // The snapshots are the final ones, which a deletion takes.
      resources: own('db', 'cluster', 'snapshot', 'cluster-snapshot'),
    }),
    new PolicyStatement({
      sid: 'GiveTheCopyItsRoles',
      actions: ['iam:PassRole'],
      resources: [stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: '*' })],
      conditions: {
        StringEquals: { 'iam:PassedToService': ['rds.amazonaws.com', 'monitoring.rds.amazonaws.com'] },
      },
    }),
    // A key's own policy has to allow it too. Only RDS, on its own behalf, and never to decrypt for us.
    new PolicyStatement({
      sid: 'LetRdsUseKeys',
      actions: ['kms:DescribeKey', 'kms:CreateGrant'],
      resources: ['*'],
      conditions: {
        StringEquals: { 'kms:ViaService': `rds.${stack.region}.amazonaws.com` },
        BoolIfExists: { 'kms:GrantIsForAWSResource': 'true' },
      },
    }),
    // RDS looks at the network with the caller's rights when it places a copy.
    read([
      'ec2:DescribeAccountAttributes',
      'ec2:DescribeAvailabilityZones',
      'ec2:DescribeInternetGateways',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcAttribute',
      'ec2:DescribeVpcs',
    ]),
  ];
}

/** Describe calls that name no resource, or would need one for each. */
function read(actions: string[]): PolicyStatement {
  return new PolicyStatement({ actions, resources: ['*'] });
}
