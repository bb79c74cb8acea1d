import { type Cluster, showMembers } from './cluster';
import { joinCluster, memberOf } from './cluster-members';
import { endpointAddress, rdsArn } from './naming';
import type { World } from './world';

const zones = ['a', 'b', 'c'];

/** A Multi-AZ DB cluster has one writer and two readers from its first moment on, one in each Availability Zone. */
export function makeOwnMembers(world: World, cluster: Cluster, status: string): void {
  for (const [index, zone] of zones.entries()) {
    const { view } = cluster;
    const name = `${view.DBClusterIdentifier}-instance-${index + 1}`;
    const member = memberOf(world, cluster, name, view.DBClusterInstanceClass ?? 'db.m6gd.large', {
      DBInstanceStatus: status,
      AvailabilityZone: `${world.region}${zone}`,
      AllocatedStorage: view.AllocatedStorage ?? 100,
      PromotionTier: 1,
    });
    joinCluster(world, cluster, member);
  }
  mirrorCluster(world, cluster);
}

/** What its members show is the cluster's. */
export function mirrorCluster(world: World, cluster: Cluster): void {
  const { view } = cluster;
  for (const { instance } of cluster.members) {
    Object.assign(instance.view, {
      DBInstanceClass: view.DBClusterInstanceClass,
      PreferredMaintenanceWindow: view.PreferredMaintenanceWindow,
      PreferredBackupWindow: view.PreferredBackupWindow,
      BackupRetentionPeriod: view.BackupRetentionPeriod,
      AutoMinorVersionUpgrade: view.AutoMinorVersionUpgrade,
      PubliclyAccessible: view.PubliclyAccessible,
      CACertificateIdentifier: view.CertificateDetails?.CAIdentifier,
      MonitoringInterval: view.MonitoringInterval,
      MonitoringRoleArn: view.MonitoringRoleArn,
      PerformanceInsightsEnabled: view.PerformanceInsightsEnabled,
      PerformanceInsightsKMSKeyId: view.PerformanceInsightsKMSKeyId,
      PerformanceInsightsRetentionPeriod: view.PerformanceInsightsRetentionPeriod,
      DatabaseInsightsMode: view.DatabaseInsightsMode,
      EnabledCloudwatchLogsExports: [...view.EnabledCloudwatchLogsExports],
      Iops: view.Iops,
    });
    world.touch(instance);
  }
}

export function settleOwnMembers(world: World, cluster: Cluster): void {
  for (const { instance } of cluster.members) {
    instance.view.InstanceCreateTime = new Date(world.clock.now());
    instance.view.Endpoint = world.endpoint(instance);
    world.setStatus(instance, 'available');
  }
}

/** Its members follow its name. Source: RDS User Guide, Renaming a Multi-AZ DB cluster. */
export function renameOwnMembers(world: World, cluster: Cluster): void {
  for (const [index, { instance }] of cluster.members.entries()) {
    const { view } = instance;
    const name = `${cluster.view.DBClusterIdentifier}-instance-${index + 1}`;
    world.byName.delete(view.DBInstanceIdentifier);
    world.taken.delete(view.DBInstanceIdentifier);
    view.DBInstanceIdentifier = name;
    view.DBInstanceArn = rdsArn(world, 'db', name);
    world.byName.set(name, instance);
    world.taken.set(name, view.DbiResourceId);
    if (view.Endpoint) view.Endpoint = { ...view.Endpoint, Address: endpointAddress(world, name) };
    world.touch(instance);
  }
  showMembers(world, cluster);
}

export function removeOwnMembers(world: World, cluster: Cluster): void {
  for (const { instance } of cluster.members) world.remove(instance);
  cluster.members = [];
}
