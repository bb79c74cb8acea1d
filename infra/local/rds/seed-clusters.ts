import { addCluster, freshCluster } from './cluster-create';
import { joinCluster, memberOf } from './cluster-members';
import { clusterSnapshotOf } from './cluster-snapshots';
import { endpointAddress, rdsArn } from './naming';
import { seeded } from './seed';
import type { RdsSimulator } from './simulator';

const day = 86_400_000;

/** An Aurora cluster with a writer, a reader and a custom endpoint. To be called after `seedDatabases`. */
export function seedClusters(simulator: RdsSimulator): void {
  const { world } = simulator;
  const { lookups } = world;
  const now = world.clock.now();
  const name = 'payments-prod';
  lookups.addClusterParameterGroup('payments-aurora16', 'aurora-postgresql16');
  const cluster = freshCluster(
    {
      AllocatedStorage: 1,
      AvailabilityZones: ['a', 'b', 'c'].map((zone) => `${world.region}${zone}`),
      BackupRetentionPeriod: 14,
      DatabaseName: 'payments',
      DBClusterIdentifier: name,
      DBClusterParameterGroup: 'payments-aurora16',
      DBSubnetGroup: seeded.subnetGroup,
      Status: 'available',
      CustomEndpoints: [],
      Engine: 'aurora-postgresql',
      EngineVersion: '16.4',
      EngineMode: 'provisioned',
      Port: 5433,
      MasterUsername: 'payments_admin',
      PreferredBackupWindow: '02:10-02:40',
      PreferredMaintenanceWindow: 'sun:03:30-sun:04:30',
      PendingModifiedValues: {},
      DBClusterMembers: [],
      VpcSecurityGroups: seeded.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
      StorageEncrypted: true,
      StorageEncryptionType: 'sse-kms',
      KmsKeyId: lookups.keyArn(seeded.kmsKey),
      DbClusterResourceId: world.nextClusterId(),
      DBClusterArn: rdsArn(world, 'cluster', name),
      AssociatedRoles: [
        { RoleArn: `arn:aws:iam::${world.accountId}:role/payments-s3`, FeatureName: 's3Export', Status: 'ACTIVE' },
      ],
      IAMDatabaseAuthenticationEnabled: true,
      ClusterCreateTime: new Date(now - 200 * day),
      EnabledCloudwatchLogsExports: ['postgresql'],
      StorageType: 'aurora-iopt1',
      DeletionProtection: true,
      HttpEndpointEnabled: true,
      CopyTagsToSnapshot: true,
      DomainMemberships: [],
      TagList: [
        { Key: 'Environment', Value: 'production' },
        { Key: 'Team', Value: 'payments' },
      ],
      NetworkType: 'IPV4',
      ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 16 },
      MonitoringInterval: 0,
      PerformanceInsightsEnabled: true,
      PerformanceInsightsKMSKeyId: lookups.keyArn(seeded.kmsKey),
      PerformanceInsightsRetentionPeriod: 465,
      DatabaseInsightsMode: 'advanced',
      EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
    },
    5433,
    undefined,
  );
  cluster.firstRestorable = now - 14 * day;
  const endpoint = 'payments-reporting';
  cluster.endpoints.set(endpoint, {
    DBClusterEndpointIdentifier: endpoint,
    DBClusterIdentifier: name,
    DBClusterEndpointResourceIdentifier: 'cluster-endpoint-PAYMENTSREPORTING',
    Endpoint: endpointAddress(world, endpoint, 'cluster-custom-'),
    Status: 'available',
    EndpointType: 'CUSTOM',
    CustomEndpointType: 'READER',
    StaticMembers: ['payments-prod-2'],
    ExcludedMembers: [],
    DBClusterEndpointArn: rdsArn(world, 'cluster-endpoint', endpoint),
  });
  cluster.view.CustomEndpoints = [endpointAddress(world, endpoint, 'cluster-custom-')];
  addCluster(world, cluster);
  for (const [index, zone] of ['a', 'b'].entries()) {
    const member = memberOf(world, cluster, `${name}-${index + 1}`, index === 0 ? 'db.r6g.large' : 'db.serverless', {
      DBInstanceStatus: 'available',
      InstanceCreateTime: new Date(now - 200 * day),
      AvailabilityZone: `${world.region}${zone}`,
      PromotionTier: index,
      CACertificateIdentifier: 'rds-ca-rsa2048-g1',
      TagList: [{ Key: 'Environment', Value: 'production' }],
    });
    member.view.Endpoint = world.endpoint(member);
    joinCluster(world, cluster, member);
  }
  for (const [snapshot, type, age] of [
    ['payments-prod-before-release-9', 'manual', 2],
    [`rds:${name}-nightly`, 'automated', 1],
  ] as const) {
    world.clusterSnapshots.set(snapshot, clusterSnapshotOf(world, cluster, snapshot, type, now - age * day));
  }
}
