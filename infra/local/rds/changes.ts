import { invalidCombination, invalidValue } from './errors';
import type { Change, Instance, InstanceView } from './instance';
import type { Query } from './query';
import { secretFor } from './secret';
import {
  checkBackupWindow,
  checkClass,
  checkInsights,
  checkLogVolume,
  checkMaintenanceWindow,
  checkMonitoring,
  checkPort,
  checkRetention,
  domainMembership,
  insightsMode,
  licenseModel,
  lifecycleSupport,
  networkType,
  refuseBeyond,
} from './settings';
import { checkGrowth, provision, stripingThresholdGiB } from './storage';
import type { World } from './world';

/** A Modify, read and checked. Nothing has changed yet. */
export interface Wanted {
  /** How many parameters were given, changed or not. */
  mentioned: number;
  /** Visible in the answer already. */
  atOnce: ((view: InstanceView) => void)[];
  /** Soon, whatever ApplyImmediately says. */
  soon: Map<string, Change>;
  /** At once with ApplyImmediately, else in the maintenance window. */
  inWindow: Map<string, Change>;
  /** Waiting changes that this call takes back, by asking for what the instance has already. */
  withdrawn: string[];
}

/**
 * Which change happens when, and whether it restarts the instance.
 * Source: RDS User Guide, Settings for DB instances; ModifyDBInstance, Request Parameters.
 */
export function wantedChanges(world: World, instance: Instance, query: Query): Wanted {
  refuseBeyond(query);
  const wanted: Wanted = {
    mentioned: 0,
    atOnce: [],
    soon: new Map(),
    inWindow: new Map(),
    withdrawn: [],
  };
  const context: Context = { world, instance, view: instance.view, query, wanted };
  for (const [parameter, read] of readers) {
    if (!parameter.some((name) => query.has(name))) continue;
    wanted.mentioned += 1;
    read(context);
  }
  return wanted;
}

interface Context {
  world: World;
  instance: Instance;
  view: InstanceView;
  query: Query;
  wanted: Wanted;
}
type Reader = (context: Context) => void;

function atOnce(context: Context, changes: boolean, apply: (view: InstanceView) => void): void {
  if (changes) context.wanted.atOnce.push(apply);
}

function soon(context: Context, key: string, changes: boolean, change: Change): void {
  if (changes) context.wanted.soon.set(key, change);
}

function inWindow(context: Context, key: string, changes: boolean, change: Change): void {
  if (changes) context.wanted.inWindow.set(key, change);
  else context.wanted.withdrawn.push(key);
}

/** The value of a parameter that `readers` has found to be given. */
function given<T>(value: T | undefined): T {
  if (value === undefined) throw invalidValue('A parameter has no value.');
  return value;
}

const modifying = 'modifying';

const readers: readonly [parameters: readonly string[], read: Reader][] = [
  [
    ['DBInstanceClass'],
    (context) => {
      const to = checkClass(given(context.query.text('DBInstanceClass')));
      inWindow(context, 'DBInstanceClass', to !== context.view.DBInstanceClass, {
        status: modifying,
        pending: { DBInstanceClass: to },
        restarts: true,
        apply: (view) => {
          view.DBInstanceClass = to;
          context.world.instanceEvent(context.instance, 'classChanged');
        },
      });
    },
  ],
  [['AllocatedStorage', 'StorageType', 'Iops', 'StorageThroughput'], changeStorage],
  [
    ['MultiAZ'],
    (context) => {
      const to = given(context.query.flag('MultiAZ'));
      inWindow(context, 'MultiAZ', to !== context.view.MultiAZ, {
        status: modifying,
        pending: { MultiAZ: to },
        apply: (view) => {
          const zones = (view.DBSubnetGroup?.Subnets ?? []).map((each) => each.SubnetAvailabilityZone?.Name);
          view.MultiAZ = to;
          view.SecondaryAvailabilityZone = to ? zones.find((zone) => zone !== view.AvailabilityZone) : undefined;
        },
      });
    },
  ],
  [
    ['EngineVersion'],
    (context) => {
      const { view, query, world } = context;
      const to = world.lookups.engineVersion(view.Engine, given(query.text('EngineVersion')));
      const from = world.lookups.engineVersion(view.Engine, view.EngineVersion);
      if (to.major !== from.major && !(query.flag('AllowMajorVersionUpgrade') ?? false)) {
        throw invalidCombination(
          'The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.',
        );
      }
      if (world.lookups.engineVersions.indexOf(to) < world.lookups.engineVersions.indexOf(from)) {
        throw invalidCombination(`Cannot upgrade ${view.Engine} from ${view.EngineVersion} to ${to.version}`);
      }
      inWindow(context, 'EngineVersion', to !== from, {
        status: 'upgrading',
        pending: { EngineVersion: to.version },
        restarts: true,
        apply: (changed) => {
          changed.EngineVersion = to.version;
        },
      });
    },
  ],
  [
    ['BackupRetentionPeriod'],
    (context) => {
      const { view, query } = context;
      const to = checkRetention(given(query.integer('BackupRetentionPeriod')));
      const from = view.BackupRetentionPeriod;
      if (to === 0 && view.ReadReplicaDBInstanceIdentifiers.length > 0) {
        throw invalidCombination('Backups cannot be turned off for a DB instance that has read replicas.');
      }
      const switches = (to === 0) !== (from === 0);
      if (!switches) {
        return atOnce(context, to !== from, (changed) => {
          changed.BackupRetentionPeriod = to;
        });
      }
      inWindow(context, 'BackupRetentionPeriod', true, {
        status: modifying,
        pending: { BackupRetentionPeriod: to },
        startsBackups: from === 0,
        apply: (changed) => {
          changed.BackupRetentionPeriod = to;
          if (to === 0) changed.LatestRestorableTime = undefined;
        },
      });
    },
  ],
  [
    ['DBPortNumber'],
    (context) => {
      const to = checkPort(given(context.query.integer('DBPortNumber')));
      const { instance, world } = context;
      soon(context, 'Port', to !== instance.port, {
        status: modifying,
        pending: { Port: to },
        restarts: true,
        apply: (view) => {
          instance.port = to;
          view.Endpoint = world.endpoint(instance);
        },
      });
    },
  ],
  [
    ['MasterUserPassword'],
    (context) => {
      const managed = context.query.flag('ManageMasterUserPassword');
      if (context.view.MasterUserSecret !== undefined && managed !== false) {
        throw invalidCombination("You can't specify MasterUserPassword for an instance whose password is managed.");
      }
      soon(context, 'MasterUserPassword', true, {
        status: 'resetting-master-credentials',
        pending: { MasterUserPassword: '****' },
        apply: () => context.world.instanceEvent(context.instance, 'passwordReset'),
      });
    },
  ],
  [['ManageMasterUserPassword', 'RotateMasterUserPassword'], changeManagedPassword],
  [
    ['DBParameterGroupName'],
    (context) => {
      const { world, view, query, instance } = context;
      const version = world.lookups.engineVersion(view.Engine, query.text('EngineVersion') ?? view.EngineVersion);
      const to = world.lookups.parameterGroup(given(query.text('DBParameterGroupName')), version);
      if (to === view.DBParameterGroups[0]?.DBParameterGroupName) return;
      atOnce(context, true, (changed) => {
        changed.DBParameterGroups = [{ DBParameterGroupName: to, ParameterApplyStatus: 'applying' }];
      });
      soon(context, 'DBParameterGroupName', true, {
        status: modifying,
        apply: (changed) => {
          changed.DBParameterGroups = [{ DBParameterGroupName: to, ParameterApplyStatus: 'pending-reboot' }];
          world.instanceEvent(instance, 'parameterGroupSet');
        },
      });
    },
  ],
  [
    ['OptionGroupName'],
    (context) => {
      const { world, view, query } = context;
      const version = world.lookups.engineVersion(view.Engine, view.EngineVersion);
      const to = world.lookups.optionGroup(given(query.text('OptionGroupName')), version);
      const from = view.OptionGroupMemberships[0]?.OptionGroupName;
      if (to === from) return;
      const isNow = query.flag('ApplyImmediately') ?? false;
      atOnce(context, true, (changed) => {
        changed.OptionGroupMemberships = [
          { OptionGroupName: to, Status: isNow ? 'applying' : 'pending-maintenance-apply' },
          { OptionGroupName: from, Status: isNow ? 'removing' : 'pending-maintenance-removal' },
        ];
      });
      inWindow(context, 'OptionGroupName', true, {
        status: modifying,
        apply: (changed) => {
          changed.OptionGroupMemberships = [{ OptionGroupName: to, Status: 'in-sync' }];
        },
      });
    },
  ],
  [
    ['VpcSecurityGroupIds'],
    (context) => {
      const { world, view, query } = context;
      const to = given(query.list('VpcSecurityGroupIds'));
      world.lookups.checkSecurityGroups(to, view.DBSubnetGroup?.VpcId);
      const from = view.VpcSecurityGroups.map((group) => group.VpcSecurityGroupId ?? '');
      if (sameSet(from, to)) return;
      atOnce(context, true, (changed) => {
        changed.VpcSecurityGroups = [
          ...to.map((id) => ({ VpcSecurityGroupId: id, Status: from.includes(id) ? 'active' : 'adding' })),
          ...from.filter((id) => !to.includes(id)).map((id) => ({ VpcSecurityGroupId: id, Status: 'removing' })),
        ];
      });
      soon(context, 'VpcSecurityGroupIds', true, {
        status: modifying,
        apply: (changed) => {
          changed.VpcSecurityGroups = to.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' }));
        },
      });
    },
  ],
  [
    ['DBSubnetGroupName'],
    (context) => {
      const to = context.world.lookups.subnetGroup(given(context.query.text('DBSubnetGroupName')));
      inWindow(context, 'DBSubnetGroupName', to.DBSubnetGroupName !== context.view.DBSubnetGroup?.DBSubnetGroupName, {
        status: 'moving-to-vpc',
        pending: { DBSubnetGroupName: to.DBSubnetGroupName },
        restarts: true,
        apply: (view) => {
          view.DBSubnetGroup = to;
        },
      });
    },
  ],
  [
    ['MonitoringInterval', 'MonitoringRoleArn'],
    (context) => {
      const { view, query } = context;
      const interval = query.integer('MonitoringInterval') ?? view.MonitoringInterval ?? 0;
      const roleArn = query.text('MonitoringRoleArn') ?? (interval > 0 ? view.MonitoringRoleArn : undefined);
      checkMonitoring({ interval, roleArn });
      soon(context, 'Monitoring', interval !== view.MonitoringInterval || roleArn !== view.MonitoringRoleArn, {
        status: 'configuring-enhanced-monitoring',
        apply: (changed) => {
          changed.MonitoringInterval = interval;
          changed.MonitoringRoleArn = interval > 0 ? roleArn : undefined;
        },
      });
    },
  ],
  [
    [
      'EnablePerformanceInsights',
      'PerformanceInsightsKMSKeyId',
      'PerformanceInsightsRetentionPeriod',
      'DatabaseInsightsMode',
    ],
    changeInsights,
  ],
  [
    ['EnableIAMDatabaseAuthentication'],
    (context) => {
      const to = given(context.query.flag('EnableIAMDatabaseAuthentication'));
      inWindow(context, 'IAMDatabaseAuthenticationEnabled', to !== context.view.IAMDatabaseAuthenticationEnabled, {
        status: 'configuring-iam-database-auth',
        pending: { IAMDatabaseAuthenticationEnabled: to },
        apply: (view) => {
          view.IAMDatabaseAuthenticationEnabled = to;
        },
      });
    },
  ],
  [['CloudwatchLogsExportConfiguration'], changeLogs],
  [
    ['CACertificateIdentifier'],
    (context) => {
      const { world, view, query } = context;
      const to = world.lookups.certificate(given(query.text('CACertificateIdentifier')));
      inWindow(context, 'CACertificateIdentifier', to.CAIdentifier !== view.CACertificateIdentifier, {
        status: modifying,
        pending: { CACertificateIdentifier: to.CAIdentifier },
        restarts: query.flag('CertificateRotationRestart') ?? true,
        apply: (changed) => {
          changed.CACertificateIdentifier = to.CAIdentifier;
          changed.CertificateDetails = to;
        },
      });
    },
  ],
  [
    ['DedicatedLogVolume'],
    (context) => {
      const type = context.query.text('StorageType') ?? context.view.StorageType;
      const to = checkLogVolume(given(context.query.flag('DedicatedLogVolume')), type);
      inWindow(context, 'DedicatedLogVolume', to !== context.view.DedicatedLogVolume, {
        status: modifying,
        pending: { DedicatedLogVolume: to },
        restarts: true,
        apply: (view) => {
          view.DedicatedLogVolume = to;
        },
      });
    },
  ],
  [['LicenseModel'], ({ query, view }) => void licenseModel(query.text('LicenseModel'), view.Engine)],
  [
    ['NetworkType'],
    (context) => {
      const { view, query } = context;
      const to = networkType(given(query.text('NetworkType')), view.DBSubnetGroup?.SupportedNetworkTypes ?? []);
      soon(context, 'NetworkType', to !== view.NetworkType, {
        status: modifying,
        apply: (changed) => {
          changed.NetworkType = to;
        },
      });
    },
  ],
  [['Domain', 'DisableDomain'], changeDomain],
  [
    ['MaxAllocatedStorage'],
    (context) => {
      const { view, query } = context;
      const to = given(query.integer('MaxAllocatedStorage'));
      const size = query.integer('AllocatedStorage') ?? view.AllocatedStorage;
      if (to < size) throw invalidCombination('Max storage size must be greater than storage size');
      // Equal to the present size: storage autoscaling goes off. Source: RDS User Guide, storage autoscaling.
      const limit = to === size ? undefined : to;
      atOnce(context, limit !== view.MaxAllocatedStorage, (changed) => {
        changed.MaxAllocatedStorage = limit;
      });
    },
  ],
  [
    ['PreferredBackupWindow'],
    (context) => {
      const to = checkBackupWindow(given(context.query.text('PreferredBackupWindow')));
      atOnce(context, to !== context.view.PreferredBackupWindow, (view) => {
        view.PreferredBackupWindow = to;
      });
    },
  ],
  [
    ['PreferredMaintenanceWindow'],
    (context) => {
      const to = checkMaintenanceWindow(given(context.query.text('PreferredMaintenanceWindow')));
      atOnce(context, to !== context.view.PreferredMaintenanceWindow, (view) => {
        view.PreferredMaintenanceWindow = to;
      });
    },
  ],
  [
    ['EngineLifecycleSupport'],
    (context) => {
      const to = lifecycleSupport(given(context.query.text('EngineLifecycleSupport')));
      atOnce(context, to !== context.view.EngineLifecycleSupport, (view) => {
        view.EngineLifecycleSupport = to;
      });
    },
  ],
  flagAtOnce('AutoMinorVersionUpgrade'),
  flagAtOnce('CopyTagsToSnapshot'),
  flagAtOnce('DeletionProtection'),
  flagAtOnce('PubliclyAccessible'),
];

function flagAtOnce(
  name: 'AutoMinorVersionUpgrade' | 'CopyTagsToSnapshot' | 'DeletionProtection' | 'PubliclyAccessible',
): [readonly string[], Reader] {
  return [
    [name],
    (context) => {
      const to = given(context.query.flag(name));
      atOnce(context, to !== context.view[name], (view) => {
        view[name] = to;
      });
    },
  ];
}

function changeStorage(context: Context): void {
  const { view, query, world, instance } = context;
  const type = query.text('StorageType') ?? view.StorageType;
  const sizeGiB = query.integer('AllocatedStorage') ?? view.AllocatedStorage;
  const isStriped =
    sizeGiB >= stripingThresholdGiB(view.Engine) && view.AllocatedStorage >= stripingThresholdGiB(view.Engine);
  const keeps = type === view.StorageType && (type !== 'gp3' || isStriped);
  const to = provision(view.Engine, {
    type,
    sizeGiB,
    iops: query.integer('Iops') ?? (keeps ? view.Iops : undefined),
    throughput: query.integer('StorageThroughput') ?? (keeps ? view.StorageThroughput : undefined),
  });
  checkGrowth(view.AllocatedStorage, to.sizeGiB);
  const changes =
    to.sizeGiB !== view.AllocatedStorage ||
    to.type !== view.StorageType ||
    to.iops !== view.Iops ||
    to.throughput !== view.StorageThroughput;
  inWindow(context, 'Storage', changes, {
    status: modifying,
    pending: {
      ...(to.sizeGiB === view.AllocatedStorage ? {} : { AllocatedStorage: to.sizeGiB }),
      ...(to.type === view.StorageType ? {} : { StorageType: to.type }),
      ...(to.iops === view.Iops ? {} : { Iops: to.iops }),
      ...(to.throughput === view.StorageThroughput ? {} : { StorageThroughput: to.throughput }),
    },
    optimizes: true,
    apply: (changed) => {
      changed.AllocatedStorage = to.sizeGiB;
      changed.StorageType = to.type;
      changed.Iops = to.iops;
      changed.StorageThroughput = to.throughput;
      world.instanceEvent(instance, 'storageChanged');
    },
  });
}

/** Source: RDS User Guide, Password management with Amazon RDS and AWS Secrets Manager. */
function changeManagedPassword(context: Context): void {
  const { view, query, world, instance } = context;
  const managed = query.flag('ManageMasterUserPassword');
  const reset = () => world.instanceEvent(instance, 'passwordReset');
  if (managed === true && view.MasterUserSecret === undefined) {
    const secret = secretFor(world, query);
    atOnce(context, true, (changed) => {
      changed.MasterUserSecret = secret;
    });
    return soon(context, 'ManageMasterUserPassword', true, {
      status: 'resetting-master-credentials',
      apply: (changed) => {
        changed.MasterUserSecret = { ...secret, SecretStatus: 'active' };
        reset();
      },
    });
  }
  if (managed === false && view.MasterUserSecret !== undefined) {
    query.required('MasterUserPassword');
    return soon(context, 'ManageMasterUserPassword', true, {
      status: 'resetting-master-credentials',
      apply: (changed) => {
        changed.MasterUserSecret = undefined;
      },
    });
  }
  if (query.flag('RotateMasterUserPassword') ?? false) {
    if (view.MasterUserSecret === undefined) {
      throw invalidCombination("You can't rotate the password of an instance whose password is not managed.");
    }
    soon(context, 'RotateMasterUserPassword', true, { status: 'resetting-master-credentials', apply: reset });
  }
}

function changeInsights(context: Context): void {
  const { view, query, world } = context;
  const enabled = query.flag('EnablePerformanceInsights') ?? view.PerformanceInsightsEnabled ?? false;
  const key = query.text('PerformanceInsightsKMSKeyId');
  const keyArn = key === undefined ? view.PerformanceInsightsKMSKeyId : world.lookups.kmsKey(key);
  const isOtherKey = view.PerformanceInsightsKMSKeyId !== undefined && keyArn !== view.PerformanceInsightsKMSKeyId;
  if (isOtherKey) throw invalidCombination("You can't change the Performance Insights KMS key once it was set.");
  const retentionDays =
    query.integer('PerformanceInsightsRetentionPeriod') ?? view.PerformanceInsightsRetentionPeriod ?? 7;
  const mode = insightsMode(query.text('DatabaseInsightsMode') ?? view.DatabaseInsightsMode ?? 'standard');
  checkInsights({ enabled, keyArn, retentionDays, mode });
  const changes =
    enabled !== view.PerformanceInsightsEnabled ||
    (enabled && retentionDays !== view.PerformanceInsightsRetentionPeriod) ||
    mode !== view.DatabaseInsightsMode;
  soon(context, 'PerformanceInsights', changes, {
    status: modifying,
    apply: (changed) => {
      changed.PerformanceInsightsEnabled = enabled;
      changed.PerformanceInsightsKMSKeyId = enabled ? (keyArn ?? world.lookups.kmsKey('alias/aws/rds')) : undefined;
      changed.PerformanceInsightsRetentionPeriod = enabled ? retentionDays : undefined;
      changed.DatabaseInsightsMode = mode;
    },
  });
}

function changeLogs(context: Context): void {
  const { view, query, world } = context;
  const enable = query.list('CloudwatchLogsExportConfiguration.EnableLogTypes') ?? [];
  const disable = query.list('CloudwatchLogsExportConfiguration.DisableLogTypes') ?? [];
  world.lookups.checkLogTypes([...enable, ...disable], world.lookups.engineVersion(view.Engine, view.EngineVersion));
  const from = view.EnabledCloudwatchLogsExports;
  const to = [...new Set([...from, ...enable])].filter((type) => !disable.includes(type));
  soon(context, 'CloudwatchLogsExports', !sameSet(from, to), {
    status: 'configuring-log-exports',
    pending: { PendingCloudwatchLogsExports: { LogTypesToEnable: enable, LogTypesToDisable: disable } },
    apply: (changed) => {
      changed.EnabledCloudwatchLogsExports = to;
    },
  });
}

function changeDomain(context: Context): void {
  const { query, world } = context;
  const domain = query.text('Domain');
  const leaves = domain === undefined || domain === '' || (query.flag('DisableDomain') ?? false);
  const to = leaves ? [] : [domainMembership(world, query, domain)];
  atOnce(context, true, (view) => {
    view.DomainMemberships = leaves ? [] : to.map((each) => ({ ...each, Status: 'joining' }));
  });
  soon(context, 'Domain', true, {
    status: modifying,
    apply: (view) => {
      view.DomainMemberships = to;
    },
  });
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}
