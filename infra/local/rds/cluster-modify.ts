import { type Cluster, type ClusterView, isMultiAz, showMembers } from './cluster';
import { nameEndpoints, serverlessCapacity } from './cluster-create';
import { mirrorCluster, renameOwnMembers } from './cluster-multi-az';
import { invalidCombination, RdsError } from './errors';
import type { Change } from './instance';
import { available, type Outcome, outcomeOf, type Phase, play } from './lifecycle';
import { instanceName, rdsArn } from './naming';
import type { Query } from './query';
import { secretFor } from './secret';
import {
  checkBackupWindow,
  checkInsights,
  checkMaintenanceWindow,
  checkMonitoring,
  checkPort,
  checkRetention,
  insightsMode,
  lifecycleSupport,
  networkType,
} from './settings';
import type { World } from './world';

interface Wanted {
  mentioned: number;
  atOnce: ((view: ClusterView) => void)[];
  soon: Map<string, Change<ClusterView>>;
  inWindow: Map<string, Change<ClusterView>>;
}

/** Source: ModifyDBCluster; Aurora User Guide, Modifying an Amazon Aurora DB cluster. */
export function modifyCluster(world: World, query: Query): object {
  const cluster = world.cluster(query.required('DBClusterIdentifier'));
  const { view } = cluster;
  const now = query.flag('ApplyImmediately') ?? false;
  const given = query.text('NewDBClusterIdentifier');
  const newName = given === undefined ? undefined : instanceName(given, 'NewDBClusterIdentifier');
  const wanted = wantedChanges(world, cluster, query);
  const hasDeferred = cluster.deferred.size > 0 || cluster.deferredName !== undefined;
  if (wanted.mentioned === 0 && newName === undefined && !(now && hasDeferred)) {
    throw invalidCombination('No modifications were requested');
  }
  const rename = newName ?? (now ? cluster.deferredName : undefined);
  checkModifiable(world, cluster, rename);
  const outcome = outcomeOf(world, 'ModifyDBCluster', query);

  for (const apply of wanted.atOnce) apply(view);
  if (isMultiAz(cluster)) mirrorCluster(world, cluster);
  cluster.accepted.push(...wanted.soon.values());
  for (const [key, change] of wanted.inWindow) {
    if (now) cluster.accepted.push(change);
    else cluster.deferred.set(key, change);
  }
  if (now) {
    for (const [key, change] of cluster.deferred) if (!wanted.inWindow.has(key)) cluster.accepted.push(change);
    cluster.deferred.clear();
    cluster.deferredName = undefined;
  }
  const isNew = rename !== undefined && rename !== view.DBClusterIdentifier;
  if (isNew && now) {
    cluster.renamingTo = rename;
    world.clusterNamesTaken.set(rename, view.DbClusterResourceId);
  } else if (isNew) cluster.deferredName = rename;
  view.PendingModifiedValues = pendingValues(cluster);
  world.touch(cluster);
  const works = cluster.accepted.length > 0 || cluster.renamingTo !== undefined || wanted.atOnce.length > 0;
  if (works) begin(world, cluster, outcome);
  return { DBCluster: world.showCluster(cluster) };
}

/** @throws InvalidDBClusterStateFault, DBClusterAlreadyExistsFault */
function checkModifiable(world: World, cluster: Cluster, rename: string | undefined): void {
  const { Status: status, DBClusterIdentifier: name, DbClusterResourceId: id } = cluster.view;
  const isBusy = cluster.work !== undefined && (!cluster.work.stale || world.knobs.modifyWhileStale === 'refuse');
  const isOtherName = cluster.renamingTo !== undefined && rename !== undefined && rename !== cluster.renamingTo;
  if (status !== 'available' || isBusy || isOtherName) {
    throw new RdsError('InvalidDBClusterStateFault', `The DB cluster ${name} is not in available state: ${status}.`);
  }
  const owner = rename === undefined ? undefined : world.clusterNamesTaken.get(rename);
  if (owner !== undefined && owner !== id) {
    throw new RdsError('DBClusterAlreadyExistsFault', 'DB Cluster already exists');
  }
}

function pendingValues(cluster: Cluster): ClusterView['PendingModifiedValues'] {
  const pending: ClusterView['PendingModifiedValues'] = {};
  for (const change of [...cluster.accepted, ...cluster.deferred.values()]) Object.assign(pending, change.pending);
  const name = cluster.renamingTo ?? cluster.deferredName;
  if (name !== undefined) pending.DBClusterIdentifier = name;
  return pending;
}

function wantedChanges(world: World, cluster: Cluster, query: Query): Wanted {
  const wanted: Wanted = { mentioned: 0, atOnce: [], soon: new Map(), inWindow: new Map() };
  for (const [parameters, read] of readers) {
    if (!parameters.some((name) => query.has(name))) continue;
    wanted.mentioned += 1;
    read({ world, cluster, view: cluster.view, query, wanted });
  }
  return wanted;
}

interface Context {
  world: World;
  cluster: Cluster;
  view: ClusterView;
  query: Query;
  wanted: Wanted;
}

function modifying(pending: object, apply: (view: ClusterView) => void): Change<ClusterView> {
  return { status: 'modifying', pending, apply };
}

const readers: readonly [parameters: readonly string[], read: (context: Context) => void][] = [
  [
    ['DeletionProtection', 'CopyTagsToSnapshot'],
    ({ query, wanted, view }) => {
      const protects = query.flag('DeletionProtection') ?? view.DeletionProtection;
      const copies = query.flag('CopyTagsToSnapshot') ?? view.CopyTagsToSnapshot;
      wanted.atOnce.push((changed) =>
        Object.assign(changed, { DeletionProtection: protects, CopyTagsToSnapshot: copies }),
      );
    },
  ],
  [
    ['BackupRetentionPeriod', 'PreferredBackupWindow', 'PreferredMaintenanceWindow', 'EngineLifecycleSupport'],
    ({ query, wanted, view }) => {
      const days = checkRetention(query.integer('BackupRetentionPeriod') ?? view.BackupRetentionPeriod);
      if (days === 0) throw invalidCombination('The backup retention period of a cluster is 1 day at least.');
      const backup = query.text('PreferredBackupWindow');
      const maintenance = query.text('PreferredMaintenanceWindow');
      const support = query.text('EngineLifecycleSupport');
      const values = {
        BackupRetentionPeriod: days,
        PreferredBackupWindow: backup === undefined ? view.PreferredBackupWindow : checkBackupWindow(backup),
        PreferredMaintenanceWindow:
          maintenance === undefined ? view.PreferredMaintenanceWindow : checkMaintenanceWindow(maintenance),
        EngineLifecycleSupport: support === undefined ? view.EngineLifecycleSupport : lifecycleSupport(support),
      };
      wanted.atOnce.push((changed) => Object.assign(changed, values));
    },
  ],
  [
    ['DBClusterParameterGroupName'],
    ({ world, query, wanted, view }) => {
      const version = world.lookups.engineVersion(view.Engine, view.EngineVersion);
      const group = world.lookups.clusterParameterGroup(query.required('DBClusterParameterGroupName'), version);
      wanted.atOnce.push((changed) => {
        changed.DBClusterParameterGroup = group;
      });
    },
  ],
  [
    ['VpcSecurityGroupIds'],
    ({ world, cluster, query, wanted, view }) => {
      const ids = query.list('VpcSecurityGroupIds') ?? [];
      world.lookups.checkSecurityGroups(ids, world.lookups.subnetGroup(view.DBSubnetGroup ?? 'default').VpcId);
      const groups = ids.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' }));
      const apply = (changed: ClusterView) => {
        changed.VpcSecurityGroups = groups;
        for (const { instance } of cluster.members) {
          instance.view.VpcSecurityGroups = [...groups];
          world.touch(instance);
        }
      };
      wanted.soon.set('VpcSecurityGroupIds', modifying({}, apply));
    },
  ],
  [
    ['Port'],
    ({ world, cluster, query, wanted }) => {
      const port = checkPort(query.integer('Port') ?? cluster.port);
      const apply = (changed: ClusterView) => {
        changed.Port = port;
        cluster.port = port;
        for (const { instance } of cluster.members) {
          instance.port = port;
          if (instance.view.Endpoint !== undefined) instance.view.Endpoint = world.endpoint(instance);
          world.touch(instance);
        }
      };
      wanted.soon.set('Port', modifying({}, apply));
    },
  ],
  [
    ['EnableIAMDatabaseAuthentication'],
    ({ query, wanted }) => {
      const enabled = query.flag('EnableIAMDatabaseAuthentication') ?? false;
      const apply = (changed: ClusterView) => {
        changed.IAMDatabaseAuthenticationEnabled = enabled;
      };
      wanted.inWindow.set('IAM', modifying({ IAMDatabaseAuthenticationEnabled: enabled }, apply));
    },
  ],
  [
    ['EngineVersion'],
    ({ world, cluster, query, wanted, view }) => {
      const to = world.lookups.engineVersion(view.Engine, query.text('EngineVersion'));
      const from = world.lookups.engineVersion(view.Engine, view.EngineVersion);
      if (to.major !== from.major && !(query.flag('AllowMajorVersionUpgrade') ?? false)) {
        throw invalidCombination(
          'The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.',
        );
      }
      if (!cluster.members.some((member) => member.instance.view.DBInstanceStatus === 'available')) {
        throw invalidCombination('Cannot modify engine version without a healthy primary instance in DB cluster.');
      }
      const apply = (changed: ClusterView) => {
        changed.EngineVersion = to.version;
        for (const { instance } of cluster.members) {
          instance.view.EngineVersion = to.version;
          world.touch(instance);
        }
      };
      wanted.inWindow.set('EngineVersion', { status: 'upgrading', pending: { EngineVersion: to.version }, apply });
    },
  ],
  [
    ['CloudwatchLogsExportConfiguration'],
    ({ world, query, wanted, view }) => {
      const enable = query.list('CloudwatchLogsExportConfiguration.EnableLogTypes') ?? [];
      const disable = query.list('CloudwatchLogsExportConfiguration.DisableLogTypes') ?? [];
      const version = world.lookups.engineVersion(view.Engine, view.EngineVersion);
      world.lookups.checkLogTypes([...enable, ...disable], version);
      const types = [...new Set([...view.EnabledCloudwatchLogsExports, ...enable])].filter(
        (each) => !disable.includes(each),
      );
      const apply = (changed: ClusterView) => {
        changed.EnabledCloudwatchLogsExports = types;
      };
      wanted.soon.set('Logs', modifying({}, apply));
    },
  ],
  [
    ['MasterUserPassword', 'ManageMasterUserPassword', 'RotateMasterUserPassword'],
    ({ world, query, wanted, view }) => {
      const status = 'resetting-master-credentials';
      const isNew = query.flag('ManageMasterUserPassword') === true && view.MasterUserSecret === undefined;
      if (!isNew) return void wanted.soon.set('Password', { status, apply: () => {} });
      const secret = secretFor(world, query);
      wanted.atOnce.push((changed) => {
        changed.MasterUserSecret = secret;
      });
      const apply = (changed: ClusterView) => {
        changed.MasterUserSecret = { ...secret, SecretStatus: 'active' };
      };
      wanted.soon.set('Password', { status, apply });
    },
  ],
  [
    ['MonitoringInterval', 'MonitoringRoleArn'],
    ({ query, wanted, view }) => {
      const interval = query.integer('MonitoringInterval') ?? view.MonitoringInterval ?? 0;
      const roleArn = query.text('MonitoringRoleArn') ?? view.MonitoringRoleArn;
      checkMonitoring({ interval, roleArn });
      const values = { MonitoringInterval: interval, MonitoringRoleArn: interval > 0 ? roleArn : undefined };
      const apply = (changed: ClusterView) => void Object.assign(changed, values);
      wanted.soon.set('Monitoring', { status: 'configuring-enhanced-monitoring', apply });
    },
  ],
  [
    [
      'EnablePerformanceInsights',
      'PerformanceInsightsKMSKeyId',
      'PerformanceInsightsRetentionPeriod',
      'DatabaseInsightsMode',
    ],
    ({ world, cluster, query, wanted, view }) => {
      const enabled = query.flag('EnablePerformanceInsights') ?? view.PerformanceInsightsEnabled ?? false;
      const key = query.text('PerformanceInsightsKMSKeyId') ?? view.PerformanceInsightsKMSKeyId ?? 'alias/aws/rds';
      const retentionDays =
        query.integer('PerformanceInsightsRetentionPeriod') ?? view.PerformanceInsightsRetentionPeriod ?? 7;
      const mode = insightsMode(query.text('DatabaseInsightsMode') ?? view.DatabaseInsightsMode ?? 'standard');
      const keyArn = enabled ? world.lookups.kmsKey(key) : undefined;
      checkInsights({ enabled, keyArn, retentionDays, mode });
      const values = {
        PerformanceInsightsEnabled: enabled,
        PerformanceInsightsKMSKeyId: keyArn,
        PerformanceInsightsRetentionPeriod: enabled ? retentionDays : undefined,
        DatabaseInsightsMode: mode,
      };
      const apply = (changed: ClusterView) => {
        Object.assign(changed, values);
        for (const { instance } of cluster.members) {
          instance.view.DatabaseInsightsMode = mode;
          world.touch(instance);
        }
      };
      wanted.soon.set('Insights', modifying({}, apply));
    },
  ],
  [
    ['BacktrackWindow'],
    ({ query, wanted, view }) => {
      const seconds = query.integer('BacktrackWindow') ?? 0;
      // Source: Aurora User Guide, Backtracking: only a cluster that was made with it can have it.
      if (seconds > 0 && (view.BacktrackWindow ?? 0) === 0) {
        throw invalidCombination('Backtrack cannot be enabled for an existing DB cluster that was created without it.');
      }
      wanted.atOnce.push((changed) => {
        changed.BacktrackWindow = seconds;
      });
    },
  ],
  [
    ['EnableLocalWriteForwarding'],
    ({ query, wanted }) => {
      const status = (query.flag('EnableLocalWriteForwarding') ?? false) ? 'enabled' : 'disabled';
      const apply = (changed: ClusterView) => {
        changed.LocalWriteForwardingStatus = status;
      };
      wanted.soon.set('WriteForwarding', modifying({}, apply));
    },
  ],
  [
    ['StorageType'],
    ({ query, wanted }) => {
      const type = query.required('StorageType');
      wanted.soon.set(
        'StorageType',
        modifying({}, (changed) => {
          changed.StorageType = type;
        }),
      );
    },
  ],
  [
    ['NetworkType'],
    ({ world, query, wanted, view }) => {
      const group = world.lookups.subnetGroup(view.DBSubnetGroup ?? 'default');
      const type = networkType(query.required('NetworkType'), group.SupportedNetworkTypes ?? []);
      wanted.soon.set(
        'NetworkType',
        modifying({}, (changed) => {
          changed.NetworkType = type;
        }),
      );
    },
  ],
  [
    ['AutoMinorVersionUpgrade', 'CACertificateIdentifier', 'DBClusterInstanceClass', 'Iops'],
    ({ world, cluster, query, wanted, view }) => {
      if (!isMultiAz(cluster)) {
        throw invalidCombination(
          'This setting is available for Multi-AZ DB clusters only; Aurora has it on its members.',
        );
      }
      const name = query.text('CACertificateIdentifier');
      const values = {
        AutoMinorVersionUpgrade: query.flag('AutoMinorVersionUpgrade') ?? view.AutoMinorVersionUpgrade,
        CertificateDetails: name === undefined ? view.CertificateDetails : world.lookups.certificate(name),
        DBClusterInstanceClass: query.text('DBClusterInstanceClass') ?? view.DBClusterInstanceClass,
        Iops: query.integer('Iops') ?? view.Iops,
      };
      wanted.soon.set(
        'MultiAz',
        modifying({}, (changed) => void Object.assign(changed, values)),
      );
    },
  ],
  [
    ['ServerlessV2ScalingConfiguration'],
    ({ query, wanted }) => {
      const capacity = serverlessCapacity(query);
      const apply = (changed: ClusterView) => {
        changed.ServerlessV2ScalingConfiguration = capacity;
      };
      wanted.soon.set('Serverless', modifying({}, apply));
    },
  ],
];

function begin(world: World, cluster: Cluster, outcome: Outcome): void {
  const { knobs } = world;
  const phases: Phase[] = [{ seconds: knobs.staleSeconds, stale: true }];
  const changes = cluster.accepted;
  if (changes.length === 0 && cluster.renamingTo === undefined) {
    phases.push({ status: 'modifying', seconds: knobs.instantModifySeconds, decisive: true });
  }
  for (const status of new Set(changes.map((change) => change.status))) {
    const mine = changes.filter((change) => change.status === status);
    phases.push({
      status,
      seconds: knobs.modifySeconds,
      decisive: true,
      leave: () => {
        for (const change of mine) change.apply(cluster.view);
        if (isMultiAz(cluster)) mirrorCluster(world, cluster);
        cluster.accepted = cluster.accepted.filter((change) => !mine.includes(change));
        cluster.view.PendingModifiedValues = pendingValues(cluster);
      },
    });
  }
  if (cluster.renamingTo !== undefined) phases.push(...renamePhases(world, cluster, cluster.renamingTo));
  phases.push(available);
  play(world, cluster, phases, outcome);
}

/**
 * Names and endpoints of the cluster change; resource id, members' own names and tags do not.
 * Source: Aurora User Guide, Modifying an Amazon Aurora DB cluster, DB cluster identifier.
 */
function renamePhases(world: World, cluster: Cluster, newName: string): Phase[] {
  const { view } = cluster;
  const oldName = view.DBClusterIdentifier;
  return [
    {
      status: 'renaming',
      seconds: world.knobs.clusterRenameSeconds,
      decisive: true,
      leave: () => {
        world.clustersByName.delete(oldName);
        view.DBClusterIdentifier = newName;
        view.DBClusterArn = rdsArn(world, 'cluster', newName);
        cluster.renamingTo = undefined;
        view.PendingModifiedValues = pendingValues(cluster);
        for (const { instance } of cluster.members) {
          instance.view.DBClusterIdentifier = newName;
          world.touch(instance);
        }
        for (const endpoint of cluster.endpoints.values()) endpoint.DBClusterIdentifier = newName;
        if (isMultiAz(cluster)) renameOwnMembers(world, cluster);
      },
    },
    {
      seconds: world.knobs.clusterRenameGapSeconds,
      leave: () => {
        world.clustersByName.set(newName, cluster);
        world.clusterNamesTaken.delete(oldName);
        nameEndpoints(world, cluster);
        showMembers(world, cluster);
        world.clusterEvent(cluster, 'clusterRenamed', `Renamed cluster from ${oldName} to ${newName}`);
      },
    },
  ];
}
