import type { DBClusterEndpoint } from '@aws-sdk/client-rds';
import type { Cluster, ClusterView } from './cluster';
import { addCluster, auroraPort, freshCluster } from './cluster-create';
import { joinCluster, memberOf } from './cluster-members';
import { makeOwnMembers, settleOwnMembers } from './cluster-multi-az';
import { clusterSnapshotOf } from './cluster-snapshots';
import type { InstanceView } from './instance';
import { endpointAddress, rdsArn, secretArn } from './naming';
import { seeded } from './seed';
import type { RdsSimulator } from './simulator';
import type { Tag } from './tags';
import type { World } from './world';

const day = 86_400_000;

/** Clusters of the same company. To be called after `seedDatabases`. */
export function seedClusters(simulator: RdsSimulator): void {
  const { world } = simulator;
  const { lookups } = world;
  lookups.addClusterParameterGroup('payments-aurora16', 'aurora-postgresql16');
  lookups.addParameterGroup('payments-members-aurora16', 'aurora-postgresql16');
  lookups.addClusterParameterGroup('tickets-aurora8', 'aurora-mysql8.0');
  lookups.addParameterGroup('tickets-members-aurora8', 'aurora-mysql8.0');
  lookups.addClusterParameterGroup('warehouse-cluster16', 'postgres16');
  seedPayments(world);
  seedTickets(world);
  seedWarehouse(world);
  seedLedger(world);
  seedAccounts(world);
}

/** Aurora PostgreSQL, I/O-Optimized: a writer, a reader, a serverless reader, custom endpoints, nothing at its default. */
function seedPayments(world: World): void {
  const { lookups, accountId } = world;
  const key = lookups.keyArn(seeded.kmsKey);
  const role = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;
  const cluster = seedCluster(world, {
    name: 'payments-prod',
    engine: 'aurora-postgresql',
    version: '16.4',
    port: 5433,
    view: {
      BackupRetentionPeriod: 14,
      DatabaseName: 'payments',
      DBClusterParameterGroup: 'payments-aurora16',
      DBSubnetGroup: seeded.subnetGroup,
      MasterUsername: 'payments_admin',
      PreferredBackupWindow: '02:10-02:40',
      PreferredMaintenanceWindow: 'sun:03:30-sun:04:30',
      VpcSecurityGroups: seeded.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
      StorageEncrypted: true,
      StorageEncryptionType: 'sse-kms',
      KmsKeyId: key,
      AssociatedRoles: [
        { RoleArn: role('payments-s3'), FeatureName: 's3Export', Status: 'ACTIVE' },
        { RoleArn: role('payments-lambda'), FeatureName: 'Lambda', Status: 'ACTIVE' },
      ],
      IAMDatabaseAuthenticationEnabled: true,
      EnabledCloudwatchLogsExports: ['instance', 'postgresql'],
      StorageType: 'aurora-iopt1',
      DeletionProtection: true,
      HttpEndpointEnabled: true,
      CopyTagsToSnapshot: true,
      DomainMemberships: [{ Domain: seeded.domain, Status: 'joined', IAMRoleName: 'payments-directory' }],
      TagList: tags({ Environment: 'production', Team: 'payments', 'cost centre': 'EC-2088' }),
      NetworkType: 'DUAL',
      ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 16, SecondsUntilAutoPause: 600 },
      MonitoringInterval: 15,
      MonitoringRoleArn: role('rds-enhanced-monitoring'),
      PerformanceInsightsEnabled: true,
      PerformanceInsightsKMSKeyId: key,
      PerformanceInsightsRetentionPeriod: 465,
      DatabaseInsightsMode: 'advanced',
      MasterUserSecret: { SecretArn: secretArn(world, 'payments-prod'), SecretStatus: 'active', KmsKeyId: key },
      EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
    },
  });
  const shared: Partial<InstanceView> = {
    DBParameterGroups: [{ DBParameterGroupName: 'payments-members-aurora16', ParameterApplyStatus: 'in-sync' }],
    AutoMinorVersionUpgrade: false,
    CACertificateIdentifier: 'rds-ca-ecc384-g1',
    MonitoringInterval: 15,
    MonitoringRoleArn: role('rds-enhanced-monitoring'),
    PerformanceInsightsEnabled: true,
    PerformanceInsightsKMSKeyId: key,
    PerformanceInsightsRetentionPeriod: 465,
  };
  const classes = ['db.r6g.large', 'db.r6g.xlarge', 'db.serverless'];
  for (const [index, memberClass] of classes.entries()) {
    seedMember(world, cluster, index + 1, memberClass, {
      ...shared,
      PromotionTier: [2, 3, 15][index] ?? 15,
      PubliclyAccessible: index === 1,
      PreferredMaintenanceWindow: `mon:0${index + 1}:00-mon:0${index + 1}:30`,
      TagList: tags({ Environment: 'production', Place: String(index + 1) }),
    });
  }
  seedEndpoint(world, cluster, 'payments-reporting', {
    CustomEndpointType: 'READER',
    StaticMembers: [`payments-prod-3`],
  });
  seedEndpoint(world, cluster, 'payments-batch', { CustomEndpointType: 'ANY', ExcludedMembers: [`payments-prod-1`] });
  seedSnapshot(world, cluster, 'payments-prod-before-release-9', 'manual', 2);
  seedSnapshot(world, cluster, 'rds:payments-prod-nightly', 'automated', 1);
  seedClusterProxy(world, cluster);
}

/** Aurora MySQL with three days of backtrack and write forwarding from its reader. */
function seedTickets(world: World): void {
  const cluster = seedCluster(world, {
    name: 'tickets-staging',
    engine: 'aurora-mysql',
    version: '8.0.mysql_aurora.3.08.0',
    port: 3307,
    view: {
      BackupRetentionPeriod: 5,
      DatabaseName: 'tickets',
      DBClusterParameterGroup: 'tickets-aurora8',
      BacktrackWindow: 259_200,
      EnabledCloudwatchLogsExports: ['audit', 'error', 'slowquery'],
      LocalWriteForwardingStatus: 'enabled',
      AssociatedRoles: [{ RoleArn: `arn:aws:iam::${world.accountId}:role/tickets-s3`, Status: 'ACTIVE' }],
      TagList: tags({ Environment: 'staging', Team: 'tickets' }),
    },
  });
  for (const place of [1, 2]) {
    seedMember(world, cluster, place, 'db.r6g.large', {
      DBParameterGroups: [{ DBParameterGroupName: 'tickets-members-aurora8', ParameterApplyStatus: 'in-sync' }],
      PromotionTier: place,
    });
  }
  seedSnapshot(world, cluster, 'tickets-staging-before-import', 'manual', 3);
}

/** A Multi-AZ DB cluster: PostgreSQL with two readable standbys. */
function seedWarehouse(world: World): void {
  const { lookups } = world;
  const cluster = seedCluster(world, {
    name: 'warehouse-staging',
    engine: 'postgres',
    version: '16.6',
    port: 5440,
    view: {
      AllocatedStorage: 200,
      Iops: 3000,
      StorageType: 'io1',
      DBClusterInstanceClass: 'db.m6gd.large',
      DatabaseName: 'warehouse',
      DBClusterParameterGroup: 'warehouse-cluster16',
      BackupRetentionPeriod: 9,
      AutoMinorVersionUpgrade: false,
      PubliclyAccessible: true,
      CertificateDetails: lookups.certificate('rds-ca-rsa4096-g1'),
      EnabledCloudwatchLogsExports: ['postgresql', 'upgrade'],
      CopyTagsToSnapshot: true,
      PerformanceInsightsEnabled: true,
      PerformanceInsightsKMSKeyId: lookups.keyArn('alias/aws/rds'),
      PerformanceInsightsRetentionPeriod: 93,
      MonitoringInterval: 30,
      MonitoringRoleArn: `arn:aws:iam::${world.accountId}:role/rds-enhanced-monitoring`,
      TagList: tags({ Environment: 'staging', Team: 'data' }),
    },
  });
  makeOwnMembers(world, cluster, 'available');
  settleOwnMembers(world, cluster);
  seedSnapshot(world, cluster, 'warehouse-staging-weekly', 'manual', 4);
}

/** One member, no initial database, and a name that looks like the work of another tool. */
function seedLedger(world: World): void {
  const cluster = seedCluster(world, {
    name: 'ledger-temp-staging',
    engine: 'aurora-postgresql',
    version: '16.6',
    view: { TagList: tags({ Environment: 'staging', Team: 'ledger' }) },
  });
  seedMember(world, cluster, 1, 'db.t4g.medium', {});
  seedSnapshot(world, cluster, 'ledger-temp-staging-known-good', 'manual', 1);
}

/** The primary cluster of a global database, which is not restored in place. */
function seedAccounts(world: World): void {
  const cluster = seedCluster(world, {
    name: 'accounts-prod',
    engine: 'aurora-mysql',
    version: '8.0.mysql_aurora.3.07.1',
    view: {
      DatabaseName: 'accounts',
      GlobalClusterIdentifier: 'accounts-global',
      TagList: tags({ Environment: 'production', Team: 'accounts' }),
    },
  });
  seedMember(world, cluster, 1, 'db.r6g.large', {});
  seedSnapshot(world, cluster, 'accounts-prod-monthly', 'manual', 12);
}

interface ClusterSeed {
  name: string;
  engine: string;
  version: string;
  port?: number;
  view: Partial<ClusterView>;
}

/** A cluster that has been there for a while: defaults of the service, but for what the seed says. */
function seedCluster(world: World, seed: ClusterSeed): Cluster {
  const { lookups } = world;
  const { family } = lookups.engineVersion(seed.engine, seed.version);
  const port = seed.port ?? auroraPort(seed.engine);
  const isAurora = seed.engine.startsWith('aurora');
  const cluster = freshCluster(
    {
      AllocatedStorage: 1,
      AvailabilityZones: ['a', 'b', 'c'].map((zone) => `${world.region}${zone}`),
      BackupRetentionPeriod: 1,
      DBClusterIdentifier: seed.name,
      DBClusterParameterGroup: `default.${family}`,
      DBSubnetGroup: 'default',
      Status: 'available',
      CustomEndpoints: [],
      MultiAZ: false,
      Engine: seed.engine,
      EngineVersion: seed.version,
      EngineMode: 'provisioned',
      Port: port,
      MasterUsername: 'admin_user',
      DBClusterOptionGroupMemberships: [],
      PreferredBackupWindow: '01:00-01:30',
      PreferredMaintenanceWindow: 'sat:05:00-sat:05:30',
      PendingModifiedValues: {},
      ReadReplicaIdentifiers: [],
      DBClusterMembers: [],
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0default00000001', Status: 'active' }],
      StorageEncrypted: false,
      StorageEncryptionType: 'none',
      DbClusterResourceId: world.nextClusterId(),
      DBClusterArn: rdsArn(world, 'cluster', seed.name),
      AssociatedRoles: [],
      IAMDatabaseAuthenticationEnabled: false,
      ClusterCreateTime: new Date(world.clock.now() - 200 * day),
      EnabledCloudwatchLogsExports: [],
      StorageType: isAurora ? 'aurora' : 'io1',
      DeletionProtection: false,
      HttpEndpointEnabled: false,
      ActivityStreamStatus: 'stopped',
      CopyTagsToSnapshot: false,
      CrossAccountClone: false,
      DomainMemberships: [],
      TagList: [],
      AutoMinorVersionUpgrade: true,
      NetworkType: 'IPV4',
      MonitoringInterval: 0,
      PerformanceInsightsEnabled: false,
      DatabaseInsightsMode: 'standard',
      LocalWriteForwardingStatus: 'disabled',
      EngineLifecycleSupport: 'open-source-rds-extended-support',
      ...seed.view,
    },
    port,
    undefined,
  );
  cluster.firstRestorable = world.clock.now() - cluster.view.BackupRetentionPeriod * day;
  addCluster(world, cluster);
  return cluster;
}

function seedMember(
  world: World,
  cluster: Cluster,
  place: number,
  memberClass: string,
  view: Partial<InstanceView>,
): void {
  const member = memberOf(world, cluster, `${cluster.view.DBClusterIdentifier}-${place}`, memberClass, {
    DBInstanceStatus: 'available',
    InstanceCreateTime: new Date(world.clock.now() - 200 * day),
    AvailabilityZone: `${world.region}${'abc'.charAt((place - 1) % 3)}`,
    PromotionTier: 1,
    CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    ...view,
  });
  member.view.Endpoint = world.endpoint(member);
  joinCluster(world, cluster, member);
}

function seedEndpoint(
  world: World,
  cluster: Cluster,
  name: string,
  more: Pick<DBClusterEndpoint, 'CustomEndpointType' | 'StaticMembers' | 'ExcludedMembers'>,
): void {
  cluster.endpoints.set(name, {
    DBClusterEndpointIdentifier: name,
    DBClusterIdentifier: cluster.view.DBClusterIdentifier,
    DBClusterEndpointResourceIdentifier: `cluster-endpoint-${name.replaceAll('-', '').toUpperCase()}`,
    Endpoint: endpointAddress(world, name, 'cluster-custom-'),
    Status: 'available',
    EndpointType: 'CUSTOM',
    StaticMembers: [],
    ExcludedMembers: [],
    DBClusterEndpointArn: rdsArn(world, 'cluster-endpoint', name),
    ...more,
  });
  cluster.view.CustomEndpoints = [...cluster.endpoints.values()].map((each) => each.Endpoint ?? '');
  world.touch(cluster);
}

function seedSnapshot(
  world: World,
  cluster: Cluster,
  name: string,
  type: 'manual' | 'automated',
  ageDays: number,
): void {
  const at = world.clock.now() - ageDays * day;
  world.clusterSnapshots.set(name, clusterSnapshotOf(world, cluster, name, type, at));
}

function seedClusterProxy(world: World, { view }: Cluster): void {
  const created = new Date(world.clock.now() - 100 * day);
  const name = 'payments-proxy';
  world.proxies.set(name, {
    view: {
      DBProxyName: name,
      DBProxyArn: rdsArn(world, 'db-proxy', 'prx-0payments00000001'),
      Status: 'available',
      EngineFamily: 'POSTGRESQL',
      VpcId: 'vpc-0a1b2c3d4e5f60718',
      VpcSecurityGroupIds: [seeded.securityGroups[0]],
      VpcSubnetIds: [],
      Auth: [],
      RoleArn: `arn:aws:iam::${world.accountId}:role/payments-proxy`,
      Endpoint: `${name}.proxy-payments.${world.region}.rds.amazonaws.com`,
      RequireTLS: true,
      IdleClientTimeout: 1800,
      DebugLogging: false,
      CreatedDate: created,
      UpdatedDate: created,
    },
    group: {
      DBProxyName: name,
      TargetGroupName: 'default',
      TargetGroupArn: rdsArn(world, 'target-group', 'prx-tg-0payments000001'),
      IsDefault: true,
      Status: 'available',
      CreatedDate: created,
      UpdatedDate: created,
    },
    targets: [{ kind: 'cluster', name: view.DBClusterIdentifier, resourceId: view.DbClusterResourceId }],
  });
}

function tags(values: Record<string, string>): Tag[] {
  return Object.entries(values).map(([Key, Value]) => ({ Key, Value }));
}
