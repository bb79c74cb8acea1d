import {
  type DBCluster,
  type DBClusterEndpoint,
  type DBInstance,
  DescribeDBClusterEndpointsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
} from '@aws-sdk/client-rds';
import { Drive } from './drive';
import { quick } from './quick';

let drive: Drive;
beforeEach(async () => {
  drive = await Drive.start({
    ...quick,
    knobs: { ...quick.knobs, clusterRestoreSeconds: 90, memberCreateSeconds: 60, clusterRenameSeconds: 30 },
  });
});
afterEach(() => drive.close());

interface Whole {
  cluster: DBCluster;
  members: DBInstance[];
  endpoints: DBClusterEndpoint[];
}

/** What a client that is not ours sees of a cluster. */
async function describeWhole(DBClusterIdentifier: string): Promise<Whole> {
  const { DBClusters } = await drive.rds().send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  const Filters = [{ Name: 'db-cluster-id', Values: [DBClusterIdentifier] }];
  const { DBInstances } = await drive.rds().send(new DescribeDBInstancesCommand({ Filters }));
  const { DBClusterEndpoints } = await drive.rds().send(new DescribeDBClusterEndpointsCommand({ DBClusterIdentifier }));
  if (!DBClusters?.[0]) throw new Error(`there is no cluster ${DBClusterIdentifier}`);
  return { cluster: DBClusters[0], members: DBInstances ?? [], endpoints: DBClusterEndpoints ?? [] };
}

/** Everything that Describe says but what makes it this one, and what passes. */
function settingsOf({ cluster, members, endpoints }: Whole): object {
  const {
    DbClusterResourceId: _,
    ClusterCreateTime: __,
    EarliestRestorableTime: ___,
    LatestRestorableTime: ____,
    EarliestBacktrackTime: _____,
    MasterUserSecret,
    DBClusterMembers,
    ...settings
  } = cluster;
  const roles = settings.AssociatedRoles?.map((role) => `${role.FeatureName} ${role.RoleArn} ${role.Status}`).sort();
  return {
    ...settings,
    AssociatedRoles: roles,
    secretKey: MasterUserSecret?.KmsKeyId,
    secretStatus: MasterUserSecret?.SecretStatus,
    roles: DBClusterMembers?.map((one) => ({ ...one })).sort(byName),
    members: members.map(({ DbiResourceId: _, InstanceCreateTime: __, ...member }) => member).sort(byName),
    endpoints: endpoints.map(({ DBClusterEndpointResourceIdentifier: _, ...endpoint }) => endpoint),
  };
}

function byName(a: { DBInstanceIdentifier?: string | undefined }, b: { DBInstanceIdentifier?: string | undefined }) {
  return (a.DBInstanceIdentifier ?? '') < (b.DBInstanceIdentifier ?? '') ? -1 : 1;
}

async function approved(database: string, snapshot?: string): Promise<string> {
  const run = await drive.requested(database, snapshot === undefined ? {} : { snapshot });
  await drive.click('ben', run, 'approve');
  if (drive.buttons(run).includes('approve')) await drive.click('chloe', run, 'approve');
  return run;
}

const clusters = () => drive.sandbox.rds.snapshotOfWorld().clusters;
const cluster = (name: string) => clusters().find((one) => one.name === name && one.answersByName);

test('an Aurora cluster comes back whole: members, roles of members, custom endpoints, Data API, tags', async () => {
  const before = await describeWhole('payments-prod');

  const id = await approved('payments-prod');
  const run = await drive.until(id, 'succeeded', 8);

  const after = await describeWhole('payments-prod');
  expect(after.cluster.DbClusterResourceId).toBe(run.facts.copy?.resourceId);
  expect(after.cluster.DbClusterResourceId).not.toBe(before.cluster.DbClusterResourceId);
  expect(settingsOf(after)).toEqual(settingsOf(before));
  expect(run.facts.report?.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);
  const aside = cluster(`payments-prod-old-${id}`);
  expect(aside?.resourceId).toBe(before.cluster.DbClusterResourceId);
  expect(aside?.members.map(({ name }) => name).sort()).toEqual([
    `payments-prod-1-old-${id}`,
    `payments-prod-2-old-${id}`,
  ]);
});
