import {
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DescribeAccountAttributesCommand,
  DescribeDBClustersCommand,
  DescribeDBEngineVersionsCommand,
  DescribeDBInstancesCommand,
  type DescribeDBInstancesCommandInput,
  DescribeDBParameterGroupsCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyTargetGroupsCommand,
  DescribeDBSubnetGroupsCommand,
  DescribeEventsCommand,
  DescribeExportTasksCommand,
  DescribeOptionGroupsCommand,
  DescribePendingMaintenanceActionsCommand,
  DescribeValidDBInstanceModificationsCommand,
  paginateDescribeDBInstances,
  RebootDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { measuredRate } from '../../../../infra/local/rds/knobs';
import { type Account, accessKeyId, clientFor, openAccount, refused } from './harness';

describe('the Query protocol (API Reference: Making Query requests)', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount();
  });
  afterEach(() => account.close());

  const post = async (body: string, authorization?: string) => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      authorization:
        authorization ?? `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260302/eu-west-1/rds/aws4_request, Signature=0`,
    };
    const response = await fetch(account.endpoint, { method: 'POST', headers, body });
    return { status: response.status, text: await response.text(), id: response.headers.get('x-amzn-requestid') };
  };

  test('an answer names its namespace and its request', async () => {
    const { status, text, id } = await post('Action=DescribeDBClusters&Version=2014-10-31');
    expect(status).toBe(200);
    expect(text).toBe(
      `<DescribeDBClustersResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBClustersResult><DBClusters></DBClusters></DescribeDBClustersResult><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></DescribeDBClustersResponse>`,
    );
    const call = await account.client.send(new DescribeDBInstancesCommand({}));
    expect(call.$metadata.requestId).toMatch(/^[0-9a-f]{8}-/);
  });

  test('lists are taken as .member.N and by their declared names, as the AWS CLI sends them', async () => {
    const restore = (name: string, list: string) =>
      post(
        `Action=RestoreDBInstanceFromDBSnapshot&DBInstanceIdentifier=${name}&DBSnapshotIdentifier=orders-staging-snapshot&${list}`,
      );
    const ids = ['sg-0a11orders000000a', 'sg-0a11orders000000b'];
    await restore('one', `VpcSecurityGroupIds.member.1=${ids[0]}&VpcSecurityGroupIds.member.2=${ids[1]}`);
    await restore(
      'two',
      `VpcSecurityGroupIds.VpcSecurityGroupId.1=${ids[0]}&VpcSecurityGroupIds.VpcSecurityGroupId.2=${ids[1]}`,
    );
    for (const name of ['one', 'two']) {
      expect((await account.database(name)).VpcSecurityGroups?.map((each) => each.VpcSecurityGroupId)).toEqual(ids);
    }
  });

  test('an action that is not simulated is answered as AWS answers one that is not there', async () => {
    expect((await refused(account.client.send(new DescribeExportTasksCommand({})))).name).toBe('InvalidAction');
    expect((await post('Action=Nonsense')).status).toBe(400);
  });

  test('strangers are turned away (General Reference: Signature Version 4)', async () => {
    const call = (keyId: string, region?: string) => {
      const client = clientFor(account.endpoint, keyId, region);
      return refused(client.send(new DescribeDBInstancesCommand({}))).finally(() => client.destroy());
    };
    expect((await call('AKIASOMEBODYELSE')).name).toBe('InvalidClientTokenId');
    expect((await call(accessKeyId, 'us-east-1')).name).toBe('SignatureDoesNotMatch');
    const unsigned = await post('Action=DescribeDBInstances', 'none');
    expect([unsigned.status, unsigned.text]).toEqual([403, expect.stringContaining('MissingAuthenticationToken')]);
  });

  test.each([
    ['throttle', 'Throttling', 400],
    ['5xx', 'InternalFailure', 500],
    ['access-denied', 'AccessDenied', 403],
    ['not-found', 'DBInstanceNotFoundFault', 404],
    ['wrong-state', 'InvalidDBInstanceStateFault', 400],
    ['quota', 'InstanceQuotaExceededFault', 400],
  ] as const)('an armed %s is worded %s', async (kind, name, status) => {
    account.faults.arm({ service: 'rds', kind });
    const call = account.client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: 'orders-prod' }));
    await expect(call).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
  });

  test.each([
    ['quota', 'SnapshotQuotaExceededFault'],
    ['not-found', 'DBInstanceNotFoundFault'],
  ] as const)('an armed %s on CreateDBSnapshot is worded %s', async (kind, name) => {
    account.faults.arm({ service: 'rds', kind });
    const input = { DBInstanceIdentifier: 'orders-prod', DBSnapshotIdentifier: 's' };
    expect((await refused(account.client.send(new CreateDBSnapshotCommand(input)))).name).toBe(name);
  });

  test('the rate is a token bucket on virtual time; off unless turned on', async () => {
    account.simulator.knobs.rate = measuredRate;
    const calls = (count: number) =>
      Promise.all(Array.from({ length: count }, () => post('Action=DescribeDBInstances').then(({ status }) => status)));
    const statuses = await calls(310);
    expect(statuses.filter((status) => status === 400)).toHaveLength(10);
    await account.seconds(1);
    expect((await calls(13)).filter((status) => status === 200)).toHaveLength(12);
    expect(account.simulator.calls).toMatchObject({ accepted: 312, throttled: 11 });
  });
});

describe('Describe calls', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount();
  });
  afterEach(() => account.close());

  const names = async (input: DescribeDBInstancesCommandInput = {}) =>
    ((await account.client.send(new DescribeDBInstancesCommand(input))).DBInstances ?? []).map(
      (each) => each.DBInstanceIdentifier,
    );

  test('a database is found by its name in any case, and by its ARN', async () => {
    expect((await account.database('ORDERS-Prod')).DBInstanceIdentifier).toBe('orders-prod');
    const arn = 'arn:aws:rds:eu-west-1:123456789012:db:orders-prod';
    expect((await account.database(arn)).DBInstanceArn).toBe(arn);
    const elsewhere = 'arn:aws:rds:us-east-1:123456789012:db:orders-prod';
    expect((await refused(account.database(elsewhere))).name).toBe('DBInstanceNotFoundFault');
  });

  test('filters add up, their values are alternatives (API: DescribeDBInstances)', async () => {
    const filter = (Name: string, ...Values: string[]) => ({ Name, Values });
    expect(await names({ Filters: [filter('engine', 'mariadb')] })).toEqual(['analytics-staging']);
    expect(
      await names({ Filters: [filter('db-instance-id', 'orders-prod', 'billing-prod'), filter('engine', 'mysql')] }),
    ).toEqual(['billing-prod']);
    expect(await names({ Filters: [filter('db-cluster-id', 'none')] })).toEqual([]);
    expect(await names({ Filters: [filter('domain', 'd-none')] })).toEqual([]);
    expect((await refused(names({ Filters: [filter('colour', 'red')] }))).name).toBe('InvalidParameterValue');
  });

  test('pages have 20 to 100 entries, and every entry is on one page (API: MaxRecords, Marker)', async () => {
    for (let index = 10; index < 40; index += 1) {
      await account.client.send(
        new CreateDBInstanceCommand({
          DBInstanceIdentifier: `small-${index}`,
          Engine: 'postgres',
          DBInstanceClass: 'db.t4g.micro',
          MasterUsername: 'u',
          MasterUserPassword: 'secret-secret',
        }),
      );
    }
    const pages: number[] = [];
    const seen = new Set<string | undefined>();
    for await (const page of paginateDescribeDBInstances({ client: account.client, pageSize: 20 }, {})) {
      pages.push(page.DBInstances?.length ?? 0);
      for (const each of page.DBInstances ?? []) seen.add(each.DBInstanceIdentifier);
    }
    expect(pages).toEqual([20, 19]);
    expect(seen.size).toBe(39);
    for (const MaxRecords of [19, 101])
      expect((await refused(names({ MaxRecords }))).name).toBe('InvalidParameterValue');
  });

  test('an account without clusters says so', async () => {
    const call = (input: object) => account.client.send(new DescribeDBClustersCommand(input));
    expect((await call({})).DBClusters).toEqual([]);
    expect((await refused(call({ DBClusterIdentifier: 'c' }))).name).toBe('DBClusterNotFoundFault');
  });

  test('a version names the family of its parameter groups (API: DescribeDBEngineVersions)', async () => {
    const input = { Engine: 'mysql', EngineVersion: '8.0.40' };
    const { DBEngineVersions } = await account.client.send(new DescribeDBEngineVersionsCommand(input));
    expect(DBEngineVersions).toMatchObject([{ DBParameterGroupFamily: 'mysql8.0', MajorEngineVersion: '8.0' }]);
  });

  test('groups are looked up by name, and refused by the right error', async () => {
    const { client } = account;
    const groups = await client.send(
      new DescribeDBParameterGroupsCommand({ DBParameterGroupName: 'orders-postgres16' }),
    );
    expect(groups.DBParameterGroups?.[0]?.DBParameterGroupFamily).toBe('postgres16');
    const subnets = await client.send(new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: 'orders-private' }));
    expect(subnets.DBSubnetGroups?.[0]?.Subnets).toHaveLength(3);
    const options = await client.send(
      new DescribeOptionGroupsCommand({ EngineName: 'mysql', MajorEngineVersion: '8.0' }),
    );
    expect(options.OptionGroupsList?.map((each) => each.OptionGroupName)).toContain('billing-audit-8-0');
    const missing = {
      DBParameterGroupNotFoundFault: client.send(new DescribeDBParameterGroupsCommand({ DBParameterGroupName: 'x' })),
      DBSubnetGroupNotFoundFault: client.send(new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: 'x' })),
      OptionGroupNotFoundFault: client.send(new DescribeOptionGroupsCommand({ OptionGroupName: 'x' })),
    };
    await Promise.all(
      Object.entries(missing).map(async ([error, call]) => expect((await refused(call)).name).toBe(error)),
    );
  });

  test('quotas count what is there (API: DescribeAccountAttributes)', async () => {
    const { AccountQuotas } = await account.client.send(new DescribeAccountAttributesCommand({}));
    expect(AccountQuotas).toContainEqual({ AccountQuotaName: 'DBInstances', Used: 9, Max: 40 });
  });

  test('a proxy shows its group; maintenance shows by ARN; valid storage shows its threshold', async () => {
    const { client, simulator } = account;
    expect((await client.send(new DescribeDBProxiesCommand({}))).DBProxies?.[0]?.DBProxyName).toBe('orders-proxy');
    const { TargetGroups } = await client.send(new DescribeDBProxyTargetGroupsCommand({ DBProxyName: 'orders-proxy' }));
    expect(TargetGroups).toMatchObject([{ TargetGroupName: 'default', IsDefault: true }]);
    expect((await refused(client.send(new DescribeDBProxyTargetGroupsCommand({ DBProxyName: 'x' })))).name).toBe(
      'DBProxyNotFoundFault',
    );

    const { DbiResourceId, DBInstanceArn } = await account.database('orders-prod');
    simulator.world.maintenance.set(DbiResourceId ?? '', [
      { Action: 'system-update', OptInStatus: 'next-maintenance' },
    ]);
    const pending = await client.send(
      new DescribePendingMaintenanceActionsCommand({ ResourceIdentifier: DBInstanceArn }),
    );
    expect(pending.PendingMaintenanceActions).toEqual([
      {
        ResourceIdentifier: DBInstanceArn,
        PendingMaintenanceActionDetails: [{ Action: 'system-update', OptInStatus: 'next-maintenance' }],
      },
    ]);

    const valid = await client.send(
      new DescribeValidDBInstanceModificationsCommand({ DBInstanceIdentifier: 'orders-staging' }),
    );
    const gp3 = valid.ValidDBInstanceModificationsMessage?.Storage?.find((each) => each.StorageType === 'gp3');
    expect(gp3?.ProvisionedIops).toEqual([{ From: 3000, To: 3000, Step: 1 }]);
  });

  test('the seed holds a database of every kind that a plan meets', async () => {
    const orders = await account.database('orders-prod');
    expect(orders.TagList?.length).toBeGreaterThanOrEqual(5);
    expect(orders.TagList).toContainEqual({ Key: 'データ分類', Value: 'confidential' });
    expect(orders.MasterUserSecret?.SecretStatus).toBe('active');
    expect(await names()).toEqual(
      expect.arrayContaining([
        'orders-staging',
        'billing-prod',
        'inventory-dev',
        'catalog-prod-replica',
        'legacy-reports',
      ]),
    );
    expect((await names()).map((name) => name?.length)).toContain(63);
  });
});

describe('events (User Guide: Event categories and event messages)', () => {
  test('every transition is told, to DescribeEvents and to EventBridge', async () => {
    const account = await openAccount();
    await account.client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: 'orders-prod' }));
    await account.client.send(
      new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'billing-prod', DBSnapshotIdentifier: 'fresh' }),
    );
    await account.seconds(200);
    expect(account.events.map((event) => [event['detail-type'], event.detail.EventID])).toEqual([
      ['RDS DB Instance Event', 'RDS-EVENT-0004'],
      ['RDS DB Snapshot Event', 'RDS-EVENT-0040'],
      ['RDS DB Instance Event', 'RDS-EVENT-0006'],
      ['RDS DB Snapshot Event', 'RDS-EVENT-0042'],
    ]);
    expect(account.events[0]).toMatchObject({
      source: 'aws.rds',
      account: '123456789012',
      region: 'eu-west-1',
      resources: ['arn:aws:rds:eu-west-1:123456789012:db:orders-prod'],
      detail: { SourceType: 'DB_INSTANCE', SourceIdentifier: 'orders-prod', EventCategories: ['availability'] },
    });

    const list = async (input: object) => (await account.client.send(new DescribeEventsCommand(input))).Events ?? [];
    expect(
      (await list({ SourceIdentifier: 'orders-prod', SourceType: 'db-instance' })).map((each) => each.Message),
    ).toEqual(['DB instance shutdown', 'DB instance restarted']);
    expect((await refused(list({ SourceIdentifier: 'orders-prod' }))).name).toBe('InvalidParameterCombination');
    await account.seconds(3600);
    expect(await list({})).toEqual([]);
    expect(await list({ Duration: 120 })).toHaveLength(4);
    await account.close();
  });
});
