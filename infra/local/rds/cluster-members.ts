import { type Cluster, type Member, refuseGoverned, showMembers } from './cluster';
import { checkQuotas, createInstance, createOnly, freeName, freshInstance } from './create';
import { invalidCombination, RdsError } from './errors';
import type { Instance, InstanceView } from './instance';
import { available, outcomeOf, play } from './lifecycle';
import { pick, randomMaintenanceWindow, rdsArn } from './naming';
import type { Query } from './query';
import { checkClass } from './settings';
import { checkTags } from './tags';
import type { World } from './world';

/** Source: CreateDBInstance. */
export function createInstanceOrMember(world: World, query: Query): object {
  const cluster = query.text('DBClusterIdentifier');
  return cluster === undefined ? createInstance(world, query) : createMember(world, query, world.cluster(cluster));
}

/** The first member is the writer. */
function createMember(world: World, query: Query, cluster: Cluster): object {
  const name = freeName(world, query.required('DBInstanceIdentifier'), 'DBInstanceIdentifier');
  const { view } = cluster;
  if (view.Status !== 'available') {
    throw new RdsError('InvalidDBClusterStateFault', `The DB cluster ${view.DBClusterIdentifier} is ${view.Status}.`);
  }
  const isMaking = cluster.members.some(({ instance }) => instance.view.DBInstanceStatus === 'creating');
  if (isMaking && world.knobs.membersTogether === 'refuse') {
    throw new RdsError('InvalidDBClusterStateFault', `The DB cluster ${view.DBClusterIdentifier} has no writer yet.`);
  }
  if (query.required('Engine') !== view.Engine) {
    throw invalidCombination(`The engine must be ${view.Engine}, the engine of the DB cluster.`);
  }
  refuseGoverned(query);
  const memberClass = checkClass(query.required('DBInstanceClass'));
  if (memberClass === 'db.serverless' && view.ServerlessV2ScalingConfiguration === undefined) {
    throw invalidCombination('Set the Serverless v2 scaling configuration on the parent DB cluster first.');
  }
  checkQuotas(world, 0);
  const version = world.lookups.engineVersion(view.Engine, view.EngineVersion);
  const group = query.text('DBParameterGroupName') ?? `default.${version.family}`;
  const zones = view.AvailabilityZones ?? [];
  const zone = query.text('AvailabilityZone') ?? zones[pick(`${name}/zone`, zones.length)];
  const tags = query.tags() ?? [];
  checkTags(tags);
  const instance = memberOf(world, cluster, name, memberClass, {
    AvailabilityZone: zone,
    DBParameterGroups: [
      { DBParameterGroupName: world.lookups.parameterGroup(group, version), ParameterApplyStatus: 'in-sync' },
    ],
    PromotionTier: query.integer('PromotionTier') ?? 1,
    PubliclyAccessible: query.flag('PubliclyAccessible') ?? false,
    AutoMinorVersionUpgrade: query.flag('AutoMinorVersionUpgrade') ?? true,
    CACertificateIdentifier: world.lookups.certificate(query.text('CACertificateIdentifier') ?? 'rds-ca-rsa2048-g1')
      .CAIdentifier,
    CopyTagsToSnapshot: false,
    TagList: tags,
    ...createOnly(world, query),
    DatabaseInsightsMode: view.DatabaseInsightsMode,
  });
  const outcome = outcomeOf(world, 'CreateDBInstance', query);
  joinCluster(world, cluster, instance);
  const creating = {
    status: 'creating',
    seconds: world.knobs.memberCreateSeconds,
    decisive: true,
    leave: () => {
      instance.view.Endpoint = world.endpoint(instance);
      instance.view.InstanceCreateTime = new Date(world.clock.now());
      world.instanceEvent(instance, 'created');
    },
  };
  play(world, instance, [creating, available], outcome);
  return { DBInstance: world.show(instance) };
}

export function joinCluster(world: World, cluster: Cluster, instance: Instance): void {
  world.add(instance);
  const isWriter = !cluster.members.some((member) => member.isWriter);
  cluster.members.push({ instance, isWriter, tier: instance.view.PromotionTier ?? 1 });
  showMembers(world, cluster);
}

export function memberOf(
  world: World,
  cluster: Cluster,
  name: string,
  memberClass: string,
  more: Partial<InstanceView>,
): Instance {
  const { view } = cluster;
  const version = world.lookups.engineVersion(view.Engine, view.EngineVersion);
  const id = world.nextResourceId();
  return freshInstance(
    {
      DBInstanceIdentifier: name,
      DBInstanceClass: memberClass,
      Engine: view.Engine,
      EngineVersion: view.EngineVersion,
      DBInstanceStatus: 'creating',
      MasterUsername: view.MasterUsername,
      DBName: view.DatabaseName,
      AllocatedStorage: 1,
      StorageType: view.StorageType ?? 'aurora',
      BackupRetentionPeriod: view.BackupRetentionPeriod,
      PreferredBackupWindow: view.PreferredBackupWindow,
      PreferredMaintenanceWindow: randomMaintenanceWindow(id),
      PendingModifiedValues: {},
      MultiAZ: false,
      ReadReplicaDBInstanceIdentifiers: [],
      DBParameterGroups: [{ DBParameterGroupName: `default.${version.family}`, ParameterApplyStatus: 'in-sync' }],
      OptionGroupMemberships: [
        { OptionGroupName: `default:${view.Engine}-${version.major.replace('.', '-')}`, Status: 'in-sync' },
      ],
      VpcSecurityGroups: [...view.VpcSecurityGroups],
      DBSubnetGroup: world.lookups.subnetGroup(view.DBSubnetGroup ?? 'default'),
      DBClusterIdentifier: view.DBClusterIdentifier,
      StorageEncrypted: view.StorageEncrypted,
      KmsKeyId: view.KmsKeyId,
      DbiResourceId: id,
      DBInstanceArn: rdsArn(world, 'db', name),
      DbInstancePort: 0,
      IAMDatabaseAuthenticationEnabled: view.IAMDatabaseAuthenticationEnabled,
      EnabledCloudwatchLogsExports: [...view.EnabledCloudwatchLogsExports],
      DeletionProtection: false,
      DomainMemberships: [],
      AssociatedRoles: [],
      NetworkType: view.NetworkType,
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: true,
      CopyTagsToSnapshot: false,
      MonitoringInterval: 0,
      PerformanceInsightsEnabled: false,
      // The mode is the cluster's (CreateDBInstance, DatabaseInsightsMode).
      DatabaseInsightsMode: view.DatabaseInsightsMode,
      TagList: [],
      ...more,
    },
    cluster.port,
    undefined,
  );
}

/** Source: FailoverDBCluster. */
export function failoverCluster(world: World, query: Query): object {
  const cluster = world.cluster(query.required('DBClusterIdentifier'));
  const { view } = cluster;
  if (view.Status !== 'available' || cluster.work !== undefined) {
    throw new RdsError('InvalidDBClusterStateFault', `The DB cluster ${view.DBClusterIdentifier} is ${view.Status}.`);
  }
  const target = failoverTarget(cluster, query.text('TargetDBInstanceIdentifier'));
  const failing = {
    status: 'failing-over',
    seconds: world.knobs.failoverSeconds,
    decisive: true,
    leave: () => {
      for (const member of cluster.members) member.isWriter = member === target;
      showMembers(world, cluster);
      world.clusterEvent(cluster, 'failoverFinished');
    },
  };
  play(world, cluster, [failing, available], outcomeOf(world, 'FailoverDBCluster', query));
  return { DBCluster: world.showCluster(cluster) };
}

function failoverTarget(cluster: Cluster, name: string | undefined): Member {
  const readers = cluster.members.filter((member) => !member.isWriter);
  const byTier = [...readers].sort((a, b) => a.tier - b.tier);
  const target =
    name === undefined
      ? byTier[0]
      : readers.find(({ instance }) => instance.view.DBInstanceIdentifier === name.toLowerCase());
  if (target === undefined || target.instance.view.DBInstanceStatus !== 'available') {
    throw new RdsError('InvalidDBInstanceState', 'There is no available reader to fail over to.');
  }
  return target;
}
