import { isDeepStrictEqual } from 'node:util';
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  DescribeDBClusterEndpointsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
} from '@aws-sdk/client-rds';
import { seeded } from '../../../../infra/local/rds/seed';
import { seedClusters } from '../../../../infra/local/rds/seed-clusters';
import { instanceSettings, readSettings } from '../../../../orchestrator/aws/settings';
import { clusterSettings, readClusterSettings } from '../../../../orchestrator/aws/settings-cluster';
import { memberRows } from '../../../../orchestrator/aws/settings-member';
import { membersOf, type Settings } from '../../../../orchestrator/settings';
import { type Account, openAccount } from './harness';

/**
 * A restore loses what it is not told. So each kind of database is seeded with every setting away from what RDS gives by
 * itself, and whatever Trapheus would forget is missed by somebody. The yardstick is a database that was created with
 * nothing but what the call requires.
 */
let account: Account;
beforeAll(async () => {
  account = await openAccount();
  seedClusters(account.simulator);
});
afterAll(() => account.close());

const login = { MasterUsername: 'admin', MasterUserPassword: 'long-enough' };
const minutes = (count: number) => account.seconds(count * 60);

interface Row {
  key: string;
  /** It says what the data is, which nobody sets on a restore. */
  fromData?: string;
}

/** Settings that are what RDS gives by itself. */
function ordinary(rows: readonly Row[], own: Settings, plain: Settings): string[] {
  const settable = rows.filter((row) => row.fromData === undefined);
  return settable.filter(({ key }) => isDeepStrictEqual(own[key], plain[key])).map(({ key }) => key);
}

async function cluster(DBClusterIdentifier: string): Promise<Settings> {
  const { client } = account;
  const { DBClusters } = await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  const Filters = [{ Name: 'db-cluster-id', Values: [DBClusterIdentifier] }];
  const { DBInstances: instances = [] } = await client.send(new DescribeDBInstancesCommand({ Filters }));
  const { DBClusterEndpoints = [] } = await client.send(new DescribeDBClusterEndpointsCommand({ DBClusterIdentifier }));
  const endpoints = DBClusterEndpoints.filter(({ EndpointType }) => EndpointType === 'CUSTOM');
  return readClusterSettings({ cluster: DBClusters?.[0] ?? {}, instances, endpoints });
}

/** Started and stopped by calls of their own, or for other engines and deployments. */
const nowhere = ['activityStream', 'capacityReservation', 'backupReplication'];

describe('instances', () => {
  test.each([
    [
      'orders-prod',
      'Multi-AZ with gp3',
      ['availabilityZone', 'dedicatedLogVolume', 'storageType', 'publiclyAccessible', 'domain'],
    ],
    [
      'reporting-warehouse-of-the-emea-region-for-quarterly-numbers-01',
      '63 characters, Single-AZ with io2',
      ['multiAz'],
    ],
  ])('%s: %s', async (name, _, others) => {
    expect(seeded.longName).toHaveLength(63);
    const { client } = account;
    const plainName = `plain-${name.slice(0, 5)}`;
    const plain = { DBInstanceIdentifier: plainName, Engine: 'postgres', DBInstanceClass: 'db.t4g.large' };
    await client.send(new CreateDBInstanceCommand({ ...plain, ...login, AllocatedStorage: 20 }));
    await minutes(600);

    const [own, yardstick] = [
      readSettings(await account.database(name)),
      readSettings(await account.database(plainName)),
    ];

    // PostgreSQL has one license, and no choice of processors.
    const allowed = [...others, ...nowhere, 'licenseModel', 'processorFeatures', 'storageThroughput'];
    expect(ordinary(instanceSettings, own, yardstick).filter((key) => !allowed.includes(key))).toEqual([]);
  });
});

/** Only what AWS does not offer for the kind may be as it comes. */
const aurora = [
  // The others have ended; Multi-AZ DB clusters have these, Aurora has them on its members or not at all.
  ...['engineMode', 'class', 'iops', 'publiclyAccessible', 'autoMinorVersionUpgrade', 'certificateAuthority'],
  // Aurora PostgreSQL with express configuration only.
  ...['vpcNetworking', 'internetAccessGateway'],
];
const multiAz = [
  ...['engineMode', 'serverlessCapacity', 'localWriteForwarding', 'httpEndpoint', 'members', 'customEndpoints'],
  ...['vpcNetworking', 'internetAccessGateway', 'roles', 'backtrackWindow'],
  // RDS User Guide, Limitations of Multi-AZ DB clusters.
  ...['networkType', 'iamAuthentication', 'domain'],
];

describe('clusters', () => {
  test.each([
    ['payments-prod', 'aurora-postgresql', 3, [...aurora, 'backtrackWindow']],
    ['tickets-staging', 'aurora-mysql', 2, aurora],
    ['ledger-temp-staging', 'aurora-postgresql', 1, [...aurora, 'backtrackWindow']],
    // Aurora User Guide: neither backtrack nor a managed password for members of a global database.
    ['accounts-prod', 'aurora-mysql', 2, [...aurora, 'backtrackWindow', 'managedPassword']],
    ['warehouse-staging', 'postgres', 0, multiAz],
  ])('%s, of %s with %i members', async (name, Engine, count, others) => {
    const { client } = account;
    const plain = `plain-${name}`;
    const isAurora = Engine.startsWith('aurora');
    const required = isAurora ? {} : { DBClusterInstanceClass: 'db.r6gd.large', Iops: 1000, AllocatedStorage: 100 };
    await client.send(new CreateDBClusterCommand({ DBClusterIdentifier: plain, Engine, ...login, ...required }));
    await minutes(600);
    if (isAurora) {
      const member = { DBInstanceIdentifier: `${plain}-1`, DBClusterIdentifier: plain, Engine };
      await client.send(new CreateDBInstanceCommand({ ...member, DBInstanceClass: 'db.r6g.4xlarge' }));
      await minutes(600);
    }

    const [own, yardstick] = [await cluster(name), await cluster(plain)];

    expect(ordinary(clusterSettings, own, yardstick).filter((key) => ![...others, ...nowhere].includes(key))).toEqual(
      [],
    );
    expect(Object.keys(membersOf(own))).toHaveLength(count);
    const [plainMember = {}] = Object.values(membersOf(yardstick));
    for (const [member, settings] of Object.entries(membersOf(own))) {
      // Some have a zone, a public address, like the one that was created with nothing: all of them have the rest.
      const allowed = ['availabilityZone', 'publiclyAccessible'];
      const left = ordinary(memberRows, settings, plainMember).filter((key) => !allowed.includes(key));
      expect({ member, left }).toEqual({ member, left: [] });
    }
  });
});
