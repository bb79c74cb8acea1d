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
  lookups.addClusterParameterGroup('ledger-aurora16', 'aurora-postgresql16');
  lookups.addParameterGroup('ledger-members-aurora16', 'aurora-postgresql16');
  seedPayments(world);
  seedTickets(world);
  seedWarehouse(world);
  seedLedger(world);
  seedAccounts(world);
  seedShared(world);
}

/** Of a partner's account: nothing of it can be changed from here. */
function seedShared(world: World): void {
  const like = world.cluster('payments-prod');
  const name = 'insights-prod';
  const view: ClusterView = {
    ...like.view,
    DBClusterIdentifier: name,
    DBClusterArn: `arn:aws:rds:${world.region}:444455556666:cluster:${name}`,
    DbClusterResourceId: 'cluster-INSIGHTSOFAPARTNER00001',
    DBClusterMembers: [],
    TagList: [],
  };
  world.sharedClusters.push({ ...like, view, members: [], endpoints: new Map(), encoded: undefined });
}

/** Away from everything that RDS gives an Aurora cluster by itself, as far as both engines have it. */
function particular(world: World, team: string): Partial<ClusterView> {
  const { lookups } = world;
  const key = lookups.keyArn(seeded.kmsKey);
  const role = roleOf(world);
  return {
    BackupRetentionPeriod: 14,
    DatabaseName: team,
    DBSubnetGroup: seeded.subnetGroup,
    MasterUsername: `${team}_admin`,
    PreferredBackupWindow: '02:10-02:40',
    PreferredMaintenanceWindow: 'sun:03:30-sun:04:30',
    VpcSecurityGroups: seeded.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    StorageEncrypted: true,
    StorageEncryptionType: 'sse-kms',
    KmsKeyId: key,
    IAMDatabaseAuthenticationEnabled: true,
    StorageType: 'aurora-iopt1',
    DeletionProtection: true,
    HttpEndpointEnabled: true,
    CopyTagsToSnapshot: true,
    DomainMemberships: [{ Domain: seeded.domain, Status: 'joined', IAMRoleName: `${team}-directory` }],
    TagList: tags({ Environment: 'staging', Team: team, 'cost centre': 'EC-2088' }),
    NetworkType: 'DUAL',
    ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 16 },
    MonitoringInterval: 15,
    MonitoringRoleArn: role('rds-enhanced-monitoring'),
    PerformanceInsightsEnabled: true,
    PerformanceInsightsKMSKeyId: key,
    PerformanceInsightsRetentionPeriod: 465,
    DatabaseInsightsMode: 'advanced',
    LocalWriteForwardingStatus: 'enabled',
    MasterUserSecret: { SecretArn: secretArn(world, team), SecretStatus: 'active', KmsKeyId: key },
    EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
  };
}

/** The same for the member at a place counted from 1. */
function particularMember(world: World, place: number, group: string): Partial<InstanceView> {
  return {
    DBParameterGroups: [{ DBParameterGroupName: group, ParameterApplyStatus: 'in-sync' }],
    AutoMinorVersionUpgrade: false,
    CACertificateIdentifier: 'rds-ca-ecc384-g1',
    MonitoringInterval: 15,
    MonitoringRoleArn: roleOf(world)('rds-enhanced-monitoring'),
    PerformanceInsightsEnabled: true,
    PerformanceInsightsKMSKeyId: world.lookups.keyArn(seeded.kmsKey),
    PerformanceInsightsRetentionPeriod: 465,
    PromotionTier: [2, 3, 15][place - 1] ?? 15,
    PubliclyAccessible: true,
    PreferredMaintenanceWindow: `mon:0${place}:00-mon:0${place}:30`,
    TagList: tags({ Environment: 'staging', Place: String(place) }),
  };
}

const roleOf = (world: World) => (name: string) => `arn:aws:iam::${world.accountId}:role/${name}`;

/** Aurora PostgreSQL, I/O-Optimized: a writer, a reader, a serverless reader, custom endpoints, nothing at its default. */
function seedPayments(world: World): void {
  const role = roleOf(world);
  const cluster = seedCluster(world, {
    name: 'payments-prod',
    engine: 'aurora-postgresql',
    version: '16.4',
    port: 5433,
    view: {
      ...particular(world, 'payments'),
      DBClusterParameterGroup: 'payments-aurora16',
      AssociatedRoles: [
        { RoleArn: role('payments-s3'), FeatureName: 's3Export', Status: 'ACTIVE' },
        { RoleArn: role('payments-lambda'), FeatureName: 'Lambda', Status: 'ACTIVE' },
      ],
      EnabledCloudwatchLogsExports: ['instance', 'postgresql'],
      TagList: tags({ Environment: 'production', Team: 'payments', 'cost centre': 'EC-2088' }),
      ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 16, SecondsUntilAutoPause: 600 },
    },
  });
  const classes = ['db.r6g.large', 'db.r6g.xlarge', 'db.serverless'];
  for (const [index, memberClass] of classes.entries()) {
    seedMember(world, cluster, index + 1, memberClass, {
      ...particularMember(world, index + 1, 'payments-members-aurora16'),
      PubliclyAccessible: index === 1,
      TagList: tags({ Environment: 'production', Place: String(index + 1) }),
    });
  }
  seedEndpoint(world, cluster, 'payments-reporting', {
    CustomEndpointType: 'READER',
    StaticMembers: [`payments-prod-3`],
  });
  seedEndpoint(world, cluster, 'payments-batch', { CustomEndpointType: 'ANY', ExcludedMembers: [`payments-prod-1`] });
  seedClusterSnapshot(world, cluster, 'payments-prod-before-release-9', 'manual', 2);
  seedClusterSnapshot(world, cluster, 'rds:payments-prod-nightly', 'automated', 1);
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
      ...particular(world, 'tickets'),
      BackupRetentionPeriod: 5,
      DBClusterParameterGroup: 'tickets-aurora8',
      BacktrackWindow: 259_200,
      EnabledCloudwatchLogsExports: ['audit', 'error', 'slowquery'],
      AssociatedRoles: [{ RoleArn: roleOf(world)('tickets-s3'), Status: 'ACTIVE' }],
    },
  });
  for (const place of [1, 2])
    seedMember(world, cluster, place, 'db.r6g.large', particularMember(world, place, 'tickets-members-aurora8'));
  seedEndpoint(world, cluster, 'tickets-search', {
    CustomEndpointType: 'READER',
    StaticMembers: ['tickets-staging-2'],
  });
  seedClusterSnapshot(world, cluster, 'tickets-staging-before-import', 'manual', 3);
}

/** A Multi-AZ DB cluster: PostgreSQL with two readable standbys. */
function seedWarehouse(world: World): void {
  const { lookups } = world;
  const key = lookups.keyArn(seeded.kmsKey);
  const cluster = seedCluster(world, {
    name: 'warehouse-staging',
    engine: 'postgres',
    version: '16.6',
    port: 5440,
    view: {
      AllocatedStorage: 200,
      Iops: 3000,
      StorageType: 'io2',
      DBClusterInstanceClass: 'db.m6gd.large',
      DatabaseName: 'warehouse',
      MasterUsername: 'warehouse_admin',
      DBClusterParameterGroup: 'warehouse-cluster16',
      DBSubnetGroup: seeded.subnetGroup,
      VpcSecurityGroups: seeded.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
      BackupRetentionPeriod: 9,
      PreferredBackupWindow: '02:10-02:40',
      PreferredMaintenanceWindow: 'sun:03:30-sun:04:30',
      AutoMinorVersionUpgrade: false,
      PubliclyAccessible: true,
      StorageEncrypted: true,
      StorageEncryptionType: 'sse-kms',
      KmsKeyId: key,
      CertificateDetails: lookups.certificate('rds-ca-rsa4096-g1'),
      EnabledCloudwatchLogsExports: ['postgresql', 'upgrade'],
      CopyTagsToSnapshot: true,
      DeletionProtection: true,
      PerformanceInsightsEnabled: true,
      PerformanceInsightsKMSKeyId: key,
      PerformanceInsightsRetentionPeriod: 93,
      MonitoringInterval: 30,
      MonitoringRoleArn: roleOf(world)('rds-enhanced-monitoring'),
      MasterUserSecret: { SecretArn: secretArn(world, 'warehouse'), SecretStatus: 'active', KmsKeyId: key },
      EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
      TagList: tags({ Environment: 'staging', Team: 'data' }),
    },
  });
  makeOwnMembers(world, cluster, 'available');
  settleOwnMembers(world, cluster);
  seedClusterSnapshot(world, cluster, 'warehouse-staging-weekly', 'manual', 4);
}

/** One member, no initial database, and a name that looks like the work of another tool. */
function seedLedger(world: World): void {
  const cluster = seedCluster(world, {
    name: 'ledger-temp-staging',
    engine: 'aurora-postgresql',
    version: '16.6',
    port: 5434,
    view: {
      ...particular(world, 'ledger'),
      DatabaseName: undefined,
      DBClusterParameterGroup: 'ledger-aurora16',
      EnabledCloudwatchLogsExports: ['postgresql'],
      AssociatedRoles: [{ RoleArn: roleOf(world)('ledger-s3'), FeatureName: 's3Import', Status: 'ACTIVE' }],
    },
  });
  seedMember(world, cluster, 1, 'db.t4g.medium', {
    ...particularMember(world, 1, 'ledger-members-aurora16'),
    AvailabilityZone: `${world.region}b`,
  });
  seedEndpoint(world, cluster, 'ledger-audit', { CustomEndpointType: 'ANY', StaticMembers: ['ledger-temp-staging-1'] });
  seedClusterSnapshot(world, cluster, 'ledger-temp-staging-known-good', 'manual', 1);
}

/** The primary cluster of a global database, which is not restored in place. */
function seedAccounts(world: World): void {
  const cluster = seedCluster(world, {
    name: 'accounts-prod',
    engine: 'aurora-mysql',
    version: '8.0.mysql_aurora.3.08.0',
    port: 3308,
    view: {
      ...particular(world, 'accounts'),
      // Aurora User Guide, Secrets Manager: not for members of a global database.
      MasterUserSecret: undefined,
      GlobalClusterIdentifier: 'accounts-global',
      GlobalWriteForwardingRequested: true,
      DBClusterParameterGroup: 'tickets-aurora8',
      EnabledCloudwatchLogsExports: ['audit', 'error'],
      AssociatedRoles: [{ RoleArn: roleOf(world)('accounts-s3'), Status: 'ACTIVE' }],
      TagList: tags({ Environment: 'production', Team: 'accounts' }),
    },
  });
  for (const place of [1, 2])
    seedMember(world, cluster, place, 'db.r6g.large', particularMember(world, place, 'tickets-members-aurora8'));
  seedEndpoint(world, cluster, 'accounts-read', { CustomEndpointType: 'READER', StaticMembers: ['accounts-prod-2'] });
  seedClusterSnapshot(world, cluster, 'accounts-prod-monthly', 'manual', 12);
}

interface ClusterSeed {
  name: string;
  engine: string;
  version: string;
  port?: number;
  view: Partial<ClusterView>;
}

/** A cluster that has been there for a while: defaults of the service, but for what the seed says. */
export function seedCluster(world: World, seed: ClusterSeed): Cluster {
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

export function seedMember(
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

export function seedClusterSnapshot(
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
