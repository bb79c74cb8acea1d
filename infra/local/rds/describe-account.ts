import { manualClusterSnapshots } from './cluster-snapshots';
import { invalidCombination, invalidValue, RdsError } from './errors';
import { page } from './paging';
import type { Query } from './query';
import { manualSnapshots } from './snapshots';
import { smallestGrowth, stripingThresholdGiB } from './storage';
import type { World } from './world';

/** Source: DescribeAccountAttributes. */
export function describeAccountAttributes(world: World): object {
  let storage = 0;
  for (const { view } of world.instances.values()) storage += view.AllocatedStorage;
  const quota = (name: string, used: number, max: number) => ({ AccountQuotaName: name, Used: used, Max: max });
  const { lookups, knobs } = world;
  return {
    AccountQuotas: [
      quota('DBInstances', world.instances.size, knobs.quotaInstances),
      quota('ReservedDBInstances', 0, 40),
      quota('AllocatedStorage', storage, knobs.quotaStorageGiB),
      quota('DBParameterGroups', lookups.parameterGroups.size, 50),
      quota('ManualSnapshots', manualSnapshots(world), knobs.quotaManualSnapshots),
      quota('DBSubnetGroups', lookups.subnetGroups.size, 50),
      quota('OptionGroups', lookups.optionGroups.size, 20),
      quota('ReadReplicasPerMaster', 0, 15),
      quota('DBClusters', world.clusters.size, knobs.quotaClusters),
      quota('ManualClusterSnapshots', manualClusterSnapshots(world), knobs.quotaManualClusterSnapshots),
      quota('DBInstanceRoles', 0, 5),
    ],
  };
}

/** Source: DescribeDBEngineVersions. */
export function describeEngineVersions(world: World, query: Query): object {
  const engine = query.text('Engine');
  const version = query.text('EngineVersion');
  const family = query.text('DBParameterGroupFamily');
  const found = world.lookups.engineVersions.filter(
    (each) =>
      (engine === undefined || each.engine === engine) &&
      (version === undefined || each.version === version || each.major === version) &&
      (family === undefined || each.family === family),
  );
  const { entries, ...marker } = page(query, found, (each) => `${each.engine}/${each.version}`);
  return {
    ...marker,
    DBEngineVersions: entries.map((each) => ({
      Engine: each.engine,
      EngineVersion: each.version,
      MajorEngineVersion: each.major,
      DBParameterGroupFamily: each.family,
      DBEngineDescription: each.engine,
      DBEngineVersionDescription: `${each.engine} ${each.version}`,
      ValidUpgradeTarget: [],
      ExportableLogTypes: world.lookups.logTypes(each.engine),
      SupportsLogExportsToCloudwatchLogs: true,
      SupportsReadReplica: true,
      SupportsGlobalDatabases: false,
      Status: 'available',
    })),
  };
}

/** Source: DescribeDBParameterGroups. */
export function describeParameterGroups(world: World, query: Query): object {
  const name = query.text('DBParameterGroupName');
  const all = [...world.lookups.parameterGroups.values()];
  const found = name === undefined ? all : all.filter((each) => each.DBParameterGroupName === name.toLowerCase());
  if (name !== undefined && found.length === 0) {
    throw new RdsError('DBParameterGroupNotFound', `DBParameterGroup not found: ${name}`);
  }
  const { entries, ...marker } = page(query, found, (each) => each.DBParameterGroupName ?? '');
  return { ...marker, DBParameterGroups: entries };
}

/** Source: DescribeOptionGroups. */
export function describeOptionGroups(world: World, query: Query): object {
  const name = query.text('OptionGroupName');
  const [engine, major] = [query.text('EngineName'), query.text('MajorEngineVersion')];
  const found = [...world.lookups.optionGroups.values()].filter(
    (each) =>
      (name === undefined || each.OptionGroupName === name.toLowerCase()) &&
      (engine === undefined || each.EngineName === engine) &&
      (major === undefined || each.MajorEngineVersion === major),
  );
  if (name !== undefined && found.length === 0) {
    throw new RdsError('OptionGroupNotFoundFault', `Specified OptionGroupName: ${name} not found.`);
  }
  const { entries, ...marker } = page(query, found, (each) => each.OptionGroupName ?? '');
  return { ...marker, OptionGroupsList: entries };
}

/** Source: DescribeDBSubnetGroups. */
export function describeSubnetGroups(world: World, query: Query): object {
  const name = query.text('DBSubnetGroupName');
  const found = name === undefined ? [...world.lookups.subnetGroups.values()] : [world.lookups.subnetGroup(name)];
  const { entries, ...marker } = page(query, found, (each) => each.DBSubnetGroupName ?? '');
  return { ...marker, DBSubnetGroups: entries };
}

/** Source: DescribePendingMaintenanceActions: resources without any are left out. */
export function describePendingMaintenance(world: World, query: Query): object {
  const arn = query.text('ResourceIdentifier');
  const ids = arn === undefined ? [...world.maintenance.keys()] : [resourceIdOf(world, arn)];
  const all = ids.flatMap((id) => {
    const instance = world.instances.get(id);
    const actions = world.maintenance.get(id) ?? [];
    if (instance === undefined || actions.length === 0) return [];
    return [{ ResourceIdentifier: instance.view.DBInstanceArn, PendingMaintenanceActionDetails: actions }];
  });
  const { entries, ...marker } = page(query, all, (each) => each.ResourceIdentifier);
  return { ...marker, PendingMaintenanceActions: entries };
}

function resourceIdOf(world: World, arn: string): string {
  try {
    return world.instance(arn).view.DbiResourceId;
  } catch {
    throw new RdsError('ResourceNotFoundFault', `The resource ${arn} was not found.`);
  }
}

const defaultMinutes = 60;
const mostMinutes = 20_160;

/** Source: DescribeEvents: the last hour by default, 14 days at most. */
export function describeEvents(world: World, query: Query): object {
  const identifier = query.text('SourceIdentifier')?.toLowerCase();
  const type = query.text('SourceType');
  const minutes = query.integer('Duration') ?? defaultMinutes;
  if (identifier !== undefined && type === undefined) {
    throw invalidCombination('If SourceIdentifier is supplied, SourceType must also be provided.');
  }
  if (minutes < 1 || minutes > mostMinutes)
    throw invalidValue(`Invalid duration ${minutes}: 1 to ${mostMinutes} minutes.`);
  const end = query.date('EndTime') ?? world.clock.now();
  const start = query.date('StartTime') ?? end - minutes * 60_000;
  const categories = query.list('EventCategories');
  const found = world.events
    .map((event, index) => ({ event, key: String(index).padStart(9, '0') }))
    .filter(
      ({ event }) =>
        event.Date.getTime() >= start &&
        event.Date.getTime() <= end &&
        (type === undefined || event.SourceType === type) &&
        (identifier === undefined || event.SourceIdentifier === identifier) &&
        (categories === undefined || (event.EventCategories ?? []).some((each) => categories.includes(each))),
    );
  const { entries, ...marker } = page(query, found, (each) => each.key);
  return { ...marker, Events: entries.map(({ event }) => event) };
}

/** Source: DescribeValidDBInstanceModifications. */
export function describeValidModifications(world: World, query: Query): object {
  const { view } = world.instance(query.required('DBInstanceIdentifier'));
  const striped = view.AllocatedStorage >= stripingThresholdGiB(view.Engine);
  const size = [{ From: smallestGrowth(view.AllocatedStorage), To: 65_536, Step: 1 }];
  return {
    ValidDBInstanceModificationsMessage: {
      Storage: [
        { StorageType: 'gp2', StorageSize: size, SupportsStorageAutoscaling: true },
        {
          StorageType: 'gp3',
          StorageSize: size,
          ProvisionedIops: [striped ? { From: 12_000, To: 64_000, Step: 1 } : { From: 3000, To: 3000, Step: 1 }],
          ProvisionedStorageThroughput: [striped ? { From: 500, To: 4000, Step: 1 } : { From: 125, To: 125, Step: 1 }],
          SupportsStorageAutoscaling: true,
        },
        {
          StorageType: 'io1',
          StorageSize: size,
          ProvisionedIops: [{ From: 1000, To: 80_000, Step: 1 }],
          IopsToStorageRatio: [{ From: 0.5, To: 50 }],
          SupportsStorageAutoscaling: true,
        },
      ],
      ValidProcessorFeatures: [],
      SupportsDedicatedLogVolume: true,
    },
  };
}
