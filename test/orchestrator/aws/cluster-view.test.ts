import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import { clusterView } from '../../../orchestrator/aws/cluster-view';

const cluster: DBCluster = {
  DBClusterIdentifier: 'payments',
  DbClusterResourceId: 'cluster-1',
  Engine: 'aurora-postgresql',
  Status: 'available',
  DBClusterMembers: [
    { DBInstanceIdentifier: 'payments-1', IsClusterWriter: true },
    { DBInstanceIdentifier: 'payments-2', IsClusterWriter: false },
  ],
};
const member = (place: number, more: DBInstance = {}): DBInstance => ({
  DBInstanceIdentifier: `payments-${place}`,
  DBInstanceStatus: 'available',
  DBInstanceClass: 'db.r6g.large',
  ...more,
});
const view = (more: DBCluster = {}, instances = [member(1), member(2)]) =>
  clusterView({ cluster: { ...cluster, ...more }, instances, endpoints: [] });

describe('a cluster is what its worst part is', () => {
  test('available with all its members', () => {
    expect(view()).toMatchObject({ readiness: 'ready', status: 'available', class: 'db.r6g.large' });
  });

  test.each([
    ['a member that is being made', [member(1), member(2, { DBInstanceStatus: 'creating' })], 'busy'],
    ['a member that nobody sees yet', [member(1)], 'busy'],
    ['a stopped member', [member(1, { DBInstanceStatus: 'stopped' }), member(2)], 'resting'],
    ['a failed member', [member(1), member(2, { DBInstanceStatus: 'incompatible-parameters' })], 'failed'],
  ])('%s', (_, instances, readiness) => {
    expect(view({}, instances).readiness).toBe(readiness);
  });

  test('readers of the autoscaler come and go, and nobody waits for them', () => {
    const name = 'application-autoscaling-7c1d';
    const DBClusterMembers = [...(cluster.DBClusterMembers ?? []), { DBInstanceIdentifier: name }];
    const instances = [
      member(1),
      member(2),
      { ...member(3), DBInstanceIdentifier: name, DBInstanceStatus: 'creating' },
    ];

    const seen = view({ DBClusterMembers }, instances);

    expect(seen.readiness).toBe('ready');
    expect(seen.members.map((one) => one.name)).toEqual(['payments-1', 'payments-2']);
    expect(Object.keys(seen.settings.members as object)).toEqual(['payments-1', 'payments-2']);
  });
});

describe('what is not restored in place says why', () => {
  test.each<[string, DBCluster, RegExp]>([
    ['a global database', { GlobalClusterIdentifier: 'accounts' }, /global database accounts/],
    ['Limitless', { ClusterScalabilityType: 'limitless' }, /Limitless/],
    ['Serverless v1', { EngineMode: 'serverless' }, /Serverless v1/],
    ['RDS Custom', { Engine: 'custom-oracle-ee' }, /RDS Custom/],
    ['a replica', { ReplicationSourceIdentifier: 'arn:aws:rds:eu-west-1:1:cluster:a' }, /read replica/],
  ])('%s', (_, more, says) => {
    expect(view(more).unsupported).toMatch(says);
  });

  test('an ordinary cluster is', () => {
    expect(view().unsupported).toBeUndefined();
  });
});
