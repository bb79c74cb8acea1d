import type { Tag } from '@aws-sdk/client-rds';
import { freshInstance } from './create';
import type { Instance, InstanceView } from './instance';
import { defaultSecurityGroup, defaultVpc } from './lookups';
import { rdsArn, secretArn } from './naming';
import type { RdsSimulator } from './simulator';
import { snapshotOf } from './snapshots';
import { provision } from './storage';
import type { World } from './world';

const hour = 3_600_000;
const day = 24 * hour;

/** What the account holds beside its databases. */
export const seeded = {
  subnetGroup: 'orders-private',
  securityGroups: ['sg-0a11orders000000a', 'sg-0a11orders000000b'],
  kmsKey: 'key/5e1f7c1e-1111-4a4a-9b9b-0f0e0d0c0b0a',
  otherKmsKey: 'key/7d2a8d2f-2222-4b4b-8c8c-1f1e1d1c1b1a',
  parameterGroup: 'orders-postgres16',
  optionGroup: 'orders-postgres-16',
  domain: 'd-9067f0e5b1',
  longName: 'reporting-warehouse-of-the-emea-region-for-quarterly-numbers-01',
} as const;

/** Databases of a small company: production and staging, one engine beside the other. */
export function seedDatabases(simulator: RdsSimulator): void {
  const { world } = simulator;
  seedLookups(world);
  seedOrders(world);
  seedBilling(world);
  seedInventory(world);
  seedCatalog(world);
  seedAnalytics(world);
  seedOthers(world);
  seedShared(world);
  seedProxy(world);
}

function seedLookups(world: World): void {
  const { lookups } = world;
  lookups.addSubnetGroup(seeded.subnetGroup, defaultVpc, ['IPV4', 'DUAL']);
  for (const id of [...seeded.securityGroups, 'sg-0b22billing00000a', 'sg-0c33shared000000a']) {
    lookups.securityGroups.set(id, defaultVpc);
  }
  lookups.securityGroups.set('sg-0d44elsewhere0000', 'vpc-0f9e8d7c6b5a40312');
  lookups.addParameterGroup(seeded.parameterGroup, 'postgres16', 'Connections and autovacuum of orders');
  lookups.addParameterGroup('staging-postgres16', 'postgres16');
  lookups.addParameterGroup('billing-mysql80', 'mysql8.0');
  lookups.addParameterGroup('catalog-mysql80', 'mysql8.0');
  lookups.addParameterGroup('old-postgres15', 'postgres15');
  lookups.addOptionGroup(seeded.optionGroup, 'postgres', '16');
  lookups.addOptionGroup('billing-audit-8-0', 'mysql', '8.0');
  lookups.kmsKeys.add(lookups.keyArn(seeded.kmsKey));
  lookups.kmsKeys.add(lookups.keyArn(seeded.otherKmsKey));
  lookups.domains.add(seeded.domain);
}

/** The database with every setting away from its default, so that nothing a restore loses goes unseen. */
function seedOrders(world: World): void {
  const { accountId, lookups } = world;
  const key = lookups.keyArn(seeded.kmsKey);
  const role = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;
  const orders = seedInstance(world, {
    name: 'orders-prod',
    engine: 'postgres',
    version: '16.6',
    class: 'db.r6g.xlarge',
    sizeGiB: 500,
    iops: 14_000,
    throughput: 700,
    port: 5433,
    ageDays: 410,
    view: {
      DBName: 'orders',
      MasterUsername: 'orders_admin',
      MultiAZ: true,
      SecondaryAvailabilityZone: `${world.region}b`,
      DBParameterGroups: [{ DBParameterGroupName: seeded.parameterGroup, ParameterApplyStatus: 'in-sync' }],
      OptionGroupMemberships: [{ OptionGroupName: seeded.optionGroup, Status: 'in-sync' }],
      VpcSecurityGroups: seeded.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
      DBSubnetGroup: lookups.subnetGroup(seeded.subnetGroup),
      StorageEncrypted: true,
      StorageEncryptionType: 'sse-kms',
      KmsKeyId: key,
      IAMDatabaseAuthenticationEnabled: true,
      EnabledCloudwatchLogsExports: ['postgresql', 'upgrade'],
      CACertificateIdentifier: 'rds-ca-ecc384-g1',
      CertificateDetails: lookups.certificate('rds-ca-ecc384-g1'),
      CopyTagsToSnapshot: true,
      AutoMinorVersionUpgrade: false,
      NetworkType: 'DUAL',
      EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
      BackupRetentionPeriod: 14,
      PreferredBackupWindow: '02:10-02:40',
      PreferredMaintenanceWindow: 'sun:03:30-sun:04:30',
      MonitoringInterval: 15,
      MonitoringRoleArn: role('rds-enhanced-monitoring'),
      PerformanceInsightsEnabled: true,
      PerformanceInsightsKMSKeyId: key,
      PerformanceInsightsRetentionPeriod: 731,
      DatabaseInsightsMode: 'advanced',
      MaxAllocatedStorage: 2000,
      DeletionProtection: true,
      MasterUserSecret: { SecretArn: secretArn(world, 'orders-prod'), SecretStatus: 'active', KmsKeyId: key },
      AssociatedRoles: [
        { RoleArn: role('orders-s3-import'), FeatureName: 's3Import', Status: 'ACTIVE' },
        { RoleArn: role('orders-lambda'), FeatureName: 'Lambda', Status: 'ACTIVE' },
      ],
      TagList: tags({
        Environment: 'production',
        Team: 'orders',
        'cost centre': 'EC-1044',
        'contact person': 'Zoë Müller',
        データ分類: 'confidential',
        backup: 'daily/14',
      }),
    },
  });
  seedSnapshot(world, orders, 'orders-prod-before-release-42', 2 * day);
  seedSnapshot(world, orders, 'orders-prod-monthly', 20 * day);
  automated(world, orders, 3);

  const staging = seedInstance(world, {
    name: 'orders-staging',
    engine: 'postgres',
    version: '16.6',
    class: 'db.t4g.large',
    sizeGiB: 100,
    ageDays: 120,
    view: {
      DBName: 'orders',
      MasterUsername: 'orders_admin',
      DBParameterGroups: [{ DBParameterGroupName: 'staging-postgres16', ParameterApplyStatus: 'in-sync' }],
      VpcSecurityGroups: [{ VpcSecurityGroupId: seeded.securityGroups[0], Status: 'active' }],
      DBSubnetGroup: lookups.subnetGroup(seeded.subnetGroup),
      EnabledCloudwatchLogsExports: ['postgresql'],
      CopyTagsToSnapshot: true,
      BackupRetentionPeriod: 3,
      MaxAllocatedStorage: 200,
      MonitoringInterval: 60,
      MonitoringRoleArn: role('rds-enhanced-monitoring'),
      PerformanceInsightsEnabled: true,
      PerformanceInsightsKMSKeyId: lookups.keyArn('alias/aws/rds'),
      PerformanceInsightsRetentionPeriod: 7,
      TagList: tags({ Environment: 'staging', Team: 'orders' }),
    },
  });
  seedSnapshot(world, staging, 'orders-staging-snapshot', 6 * hour);
  seedSnapshot(world, staging, 'orders-staging-known-good', 5 * day);
  automated(world, staging, 2);
}

function seedBilling(world: World): void {
  const billing = seedInstance(world, {
    name: 'billing-prod',
    engine: 'mysql',
    version: '8.0.40',
    class: 'db.m6g.large',
    sizeGiB: 200,
    ageDays: 800,
    view: {
      DBName: 'billing',
      MultiAZ: true,
      SecondaryAvailabilityZone: `${world.region}c`,
      DBParameterGroups: [{ DBParameterGroupName: 'billing-mysql80', ParameterApplyStatus: 'in-sync' }],
      OptionGroupMemberships: [{ OptionGroupName: 'billing-audit-8-0', Status: 'in-sync' }],
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0b22billing00000a', Status: 'active' }],
      EnabledCloudwatchLogsExports: ['error', 'slowquery'],
      DeletionProtection: true,
      BackupRetentionPeriod: 7,
      TagList: tags({ Environment: 'production', Team: 'billing' }),
    },
  });
  seedSnapshot(world, billing, 'billing-prod-year-end', 30 * day);
  automated(world, billing, 2);
  const running = snapshotOf(world, billing, 'billing-prod-running', 'manual');
  const now = world.clock.now();
  running.view.Status = 'creating';
  running.view.SnapshotCreateTime = new Date(now);
  running.progress = { from: now, to: Number.POSITIVE_INFINITY };
  world.addSnapshot(running);
}

function seedInventory(world: World): void {
  const inventory = seedInstance(world, {
    name: 'inventory-dev',
    engine: 'postgres',
    version: '15.10',
    class: 'db.t4g.micro',
    sizeGiB: 20,
    ageDays: 60,
    view: {
      DBInstanceStatus: 'stopped',
      AutomaticRestartTime: new Date(world.clock.now() + 5 * day),
      DBParameterGroups: [{ DBParameterGroupName: 'old-postgres15', ParameterApplyStatus: 'in-sync' }],
      TagList: tags({ Environment: 'development' }),
    },
  });
  seedSnapshot(world, inventory, 'inventory-dev-fixtures', 9 * day);
  automated(world, inventory, 1);
}

function seedCatalog(world: World): void {
  const shared = {
    engine: 'mysql',
    version: '8.0.39',
    class: 'db.r6g.large',
    sizeGiB: 300,
    ageDays: 300,
  };
  const groups = {
    DBParameterGroups: [{ DBParameterGroupName: 'catalog-mysql80', ParameterApplyStatus: 'in-sync' }],
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0c33shared000000a', Status: 'active' }],
  };
  const catalog = seedInstance(world, {
    ...shared,
    name: 'catalog-prod',
    view: {
      ...groups,
      DBName: 'catalog',
      BackupRetentionPeriod: 7,
      ReadReplicaDBInstanceIdentifiers: ['catalog-prod-replica'],
      TagList: tags({ Environment: 'production', Team: 'catalog' }),
    },
  });
  const replica = seedInstance(world, {
    ...shared,
    name: 'catalog-prod-replica',
    ageDays: 290,
    view: {
      ...groups,
      DBName: 'catalog',
      BackupRetentionPeriod: 0,
      LatestRestorableTime: undefined,
      ReadReplicaSourceDBInstanceIdentifier: 'catalog-prod',
      StatusInfos: [{ StatusType: 'read replication', Normal: true, Status: 'replicating' }],
      TagList: tags({ Environment: 'production', Team: 'catalog' }),
    },
  });
  seedSnapshot(world, replica, 'catalog-prod-replica-audit', 12 * day);
  seedSnapshot(world, catalog, 'catalog-prod-before-import', 4 * day);
  automated(world, catalog, 2);
}

function seedAnalytics(world: World): void {
  const analytics = seedInstance(world, {
    name: 'analytics-staging',
    engine: 'mariadb',
    version: '10.11.9',
    class: 'db.m5.large',
    storage: 'io1',
    sizeGiB: 400,
    iops: 4000,
    ageDays: 90,
    view: { DBName: 'analytics', DedicatedLogVolume: true, TagList: tags({ Environment: 'staging', Team: 'data' }) },
  });
  seedSnapshot(world, analytics, 'analytics-staging-small', 3 * day);
  automated(world, analytics, 1);
}

function seedOthers(world: World): void {
  const legacy = seedInstance(world, {
    name: 'legacy-reports',
    engine: 'mysql',
    version: '8.0.39',
    class: 'db.t3.medium',
    storage: 'gp2',
    sizeGiB: 80,
    ageDays: 1500,
    view: { DBName: 'reports', BackupRetentionPeriod: 0, LatestRestorableTime: undefined },
  });
  seedSnapshot(world, legacy, 'legacy-reports-final-2025', 200 * day);
  seedLong(world);
}

/** A name of 63 characters, the most that RDS takes, and every setting of a Single-AZ database away from its default. */
function seedLong(world: World): void {
  const { accountId, lookups } = world;
  const key = lookups.keyArn(seeded.kmsKey);
  const role = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;
  const long = seedInstance(world, {
    name: seeded.longName,
    engine: 'postgres',
    version: '16.4',
    class: 'db.m6g.large',
    storage: 'io2',
    sizeGiB: 150,
    iops: 6000,
    port: 5435,
    ageDays: 30,
    view: {
      DBName: 'reporting',
      MasterUsername: 'reporting_admin',
      AvailabilityZone: `${world.region}b`,
      DedicatedLogVolume: true,
      PubliclyAccessible: true,
      DomainMemberships: [{ Domain: seeded.domain, Status: 'joined', IAMRoleName: 'reporting-directory' }],
      DBParameterGroups: [{ DBParameterGroupName: 'staging-postgres16', ParameterApplyStatus: 'in-sync' }],
      OptionGroupMemberships: [{ OptionGroupName: seeded.optionGroup, Status: 'in-sync' }],
      VpcSecurityGroups: seeded.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
      DBSubnetGroup: lookups.subnetGroup(seeded.subnetGroup),
      StorageEncrypted: true,
      StorageEncryptionType: 'sse-kms',
      KmsKeyId: key,
      IAMDatabaseAuthenticationEnabled: true,
      EnabledCloudwatchLogsExports: ['postgresql', 'upgrade'],
      CACertificateIdentifier: 'rds-ca-rsa4096-g1',
      CertificateDetails: lookups.certificate('rds-ca-rsa4096-g1'),
      CopyTagsToSnapshot: true,
      AutoMinorVersionUpgrade: false,
      NetworkType: 'DUAL',
      EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
      BackupRetentionPeriod: 21,
      PreferredBackupWindow: '03:10-03:40',
      PreferredMaintenanceWindow: 'tue:04:30-tue:05:30',
      MonitoringInterval: 30,
      MonitoringRoleArn: role('rds-enhanced-monitoring'),
      PerformanceInsightsEnabled: true,
      PerformanceInsightsKMSKeyId: key,
      PerformanceInsightsRetentionPeriod: 465,
      DatabaseInsightsMode: 'advanced',
      MaxAllocatedStorage: 900,
      DeletionProtection: true,
      MasterUserSecret: { SecretArn: secretArn(world, 'reporting'), SecretStatus: 'active', KmsKeyId: key },
      AssociatedRoles: [{ RoleArn: role('reporting-s3'), FeatureName: 's3Export', Status: 'ACTIVE' }],
      TagList: tags({ Environment: 'staging', Team: 'reporting' }),
    },
  });
  seedSnapshot(world, long, `${seeded.longName}-snapshot`, 1 * day);
  automated(world, long, 1);
}

/** A snapshot that another account shares with this one. */
function seedShared(world: World): void {
  const source = world.instance('orders-staging');
  const snapshot = snapshotOf(world, source, 'partner-orders-sample', 'manual');
  snapshot.view.DBSnapshotArn = rdsArn(
    { region: world.region, accountId: '210987654321' },
    'snapshot',
    'partner-orders-sample',
  );
  snapshot.view.DBInstanceIdentifier = 'partner-orders';
  snapshot.view.SnapshotType = 'shared';
  snapshot.view.DbiResourceId = 'db-PARTNERORDERS0000000000000';
  snapshot.view.SnapshotCreateTime = new Date(world.clock.now() - 8 * day);
  world.addSnapshot(snapshot);
}

function seedProxy(world: World): void {
  const { view } = world.instance('orders-prod');
  const created = new Date(world.clock.now() - 100 * day);
  const name = 'orders-proxy';
  world.proxies.set(name, {
    view: {
      DBProxyName: name,
      DBProxyArn: rdsArn(world, 'db-proxy', 'prx-0orders0000000001'),
      Status: 'available',
      EngineFamily: 'POSTGRESQL',
      VpcId: defaultVpc,
      VpcSecurityGroupIds: [seeded.securityGroups[0]],
      VpcSubnetIds: [],
      Auth: [],
      RoleArn: `arn:aws:iam::${world.accountId}:role/orders-proxy`,
      Endpoint: `${name}.proxy-orders.${world.region}.rds.amazonaws.com`,
      RequireTLS: true,
      IdleClientTimeout: 1800,
      DebugLogging: false,
      CreatedDate: created,
      UpdatedDate: created,
    },
    group: {
      DBProxyName: name,
      TargetGroupName: 'default',
      TargetGroupArn: rdsArn(world, 'target-group', 'prx-tg-0orders000000001'),
      IsDefault: true,
      Status: 'available',
      CreatedDate: created,
      UpdatedDate: created,
    },
    targets: [{ kind: 'instance', name: view.DBInstanceIdentifier, resourceId: view.DbiResourceId }],
  });
}

export interface Seed {
  name: string;
  engine: string;
  version: string;
  class: string;
  storage?: string;
  sizeGiB: number;
  iops?: number;
  throughput?: number;
  port?: number;
  ageDays: number;
  view?: Partial<InstanceView>;
}

/** A database that has been there for a while: defaults of the service, but for what the seed says. */
export function seedInstance(world: World, seed: Seed): Instance {
  const { lookups } = world;
  const version = lookups.engineVersion(seed.engine, seed.version);
  const storage = provision(seed.engine, {
    type: seed.storage ?? 'gp3',
    sizeGiB: seed.sizeGiB,
    iops: seed.iops,
    throughput: seed.throughput,
  });
  const isPostgres = seed.engine === 'postgres';
  const port = seed.port ?? (isPostgres ? 5432 : 3306);
  const instance = freshInstance(
    {
      DBInstanceIdentifier: seed.name,
      DBInstanceClass: seed.class,
      Engine: seed.engine,
      DBInstanceStatus: 'available',
      MasterUsername: 'admin_user',
      AllocatedStorage: storage.sizeGiB,
      InstanceCreateTime: new Date(world.clock.now() - seed.ageDays * day),
      PreferredBackupWindow: '01:00-01:30',
      BackupRetentionPeriod: 1,
      DBSecurityGroups: [],
      VpcSecurityGroups: [{ VpcSecurityGroupId: defaultSecurityGroup, Status: 'active' }],
      DBParameterGroups: [{ DBParameterGroupName: `default.${version.family}`, ParameterApplyStatus: 'in-sync' }],
      AvailabilityZone: `${world.region}a`,
      DBSubnetGroup: lookups.subnetGroup('default'),
      PreferredMaintenanceWindow: 'sat:05:00-sat:05:30',
      PendingModifiedValues: {},
      LatestRestorableTime: new Date(world.clock.now() - 300_000),
      MultiAZ: false,
      EngineVersion: seed.version,
      AutoMinorVersionUpgrade: true,
      ReadReplicaDBInstanceIdentifiers: [],
      LicenseModel: isPostgres ? 'postgresql-license' : 'general-public-license',
      Iops: storage.iops,
      StorageThroughput: storage.throughput,
      OptionGroupMemberships: [
        { OptionGroupName: `default:${seed.engine}-${version.major.replace('.', '-')}`, Status: 'in-sync' },
      ],
      PubliclyAccessible: false,
      StorageType: storage.type,
      StorageEncryptionType: 'none',
      DbInstancePort: 0,
      StorageEncrypted: false,
      DbiResourceId: world.nextResourceId(),
      CACertificateIdentifier: 'rds-ca-rsa2048-g1',
      CertificateDetails: lookups.certificate('rds-ca-rsa2048-g1'),
      DomainMemberships: [],
      CopyTagsToSnapshot: false,
      MonitoringInterval: 0,
      DBInstanceArn: rdsArn(world, 'db', seed.name),
      IAMDatabaseAuthenticationEnabled: false,
      DatabaseInsightsMode: 'standard',
      PerformanceInsightsEnabled: false,
      EnabledCloudwatchLogsExports: [],
      ProcessorFeatures: [],
      DeletionProtection: false,
      AssociatedRoles: [],
      TagList: [],
      CustomerOwnedIpEnabled: false,
      NetworkType: 'IPV4',
      ActivityStreamStatus: 'stopped',
      BackupTarget: 'region',
      DedicatedLogVolume: false,
      EngineLifecycleSupport: 'open-source-rds-extended-support',
      ...seed.view,
    },
    port,
    undefined,
  );
  world.add(instance);
  instance.view.Endpoint = world.endpoint(instance);
  return instance;
}

/** A snapshot that a person has taken. */
export function seedSnapshot(world: World, instance: Instance, name: string, ageMs: number): void {
  snapshotOfAge(world, instance, name, 'manual', ageMs);
}

/** One automated snapshot for each of the last `days` nights. */
function automated(world: World, instance: Instance, days: number): void {
  for (let age = 1; age <= days; age += 1) {
    const at = new Date(world.clock.now() - age * day);
    const stamp = at.toISOString().slice(0, 16).replace('T', '-').replace(':', '-');
    snapshotOfAge(world, instance, `rds:${instance.view.DBInstanceIdentifier}-${stamp}`, 'automated', age * day);
  }
}

function snapshotOfAge(world: World, instance: Instance, name: string, type: 'manual' | 'automated', ageMs: number) {
  const snapshot = snapshotOf(world, instance, name, type);
  const at = new Date(world.clock.now() - ageMs);
  Object.assign(snapshot.view, { SnapshotCreateTime: at, OriginalSnapshotCreateTime: at, SnapshotDatabaseTime: at });
  if (instance.view.CopyTagsToSnapshot) snapshot.view.TagList = [...instance.view.TagList];
  world.addSnapshot(snapshot);
}

function tags(values: Record<string, string>): Tag[] {
  return Object.entries(values).map(([Key, Value]) => ({ Key, Value }));
}
