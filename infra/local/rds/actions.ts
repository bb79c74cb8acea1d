import { createCluster, restoreClusterFromSnapshot, restoreClusterToPointInTime } from './cluster-create';
import { deleteCluster } from './cluster-delete';
import {
  addClusterRole,
  createClusterEndpoint,
  deleteClusterEndpoint,
  describeClusterEndpoints,
  disableHttpEndpoint,
  enableHttpEndpoint,
  removeClusterRole,
} from './cluster-extras';
import { createInstanceOrMember, failoverCluster } from './cluster-members';
import { modifyCluster } from './cluster-modify';
import { createClusterSnapshot, deleteClusterSnapshot } from './cluster-snapshots';
import { restoreFromSnapshot, restoreToPointInTime } from './create';
import { deleteInstance } from './delete';
import { describeDeployments } from './deployments';
import {
  describeAccountAttributes,
  describeEngineVersions,
  describeEvents,
  describeOptionGroups,
  describeParameterGroups,
  describePendingMaintenance,
  describeSubnetGroups,
  describeValidModifications,
} from './describe-account';
import { describeAutomatedBackups } from './describe-backups';
import { describeClusterParameterGroups, describeClusterSnapshots, describeClusters } from './describe-clusters';
import { describeInstances, describeSnapshots } from './describe-databases';
import { modifyInstance } from './modify';
import { rebootInstance, startInstance, stopInstance } from './power';
import {
  deregisterProxyTargets,
  describeProxies,
  describeProxyTargetGroups,
  describeProxyTargets,
  registerProxyTargets,
} from './proxies';
import type { Query } from './query';
import { addRole, removeRole } from './roles';
import { copySnapshot, createSnapshot, deleteSnapshot } from './snapshots';
import { addTags, listTags, removeTags } from './tags';
import type { World } from './world';

/** Answers the members of the result element; undefined for an operation that has none. */
export type Action = (world: World, query: Query) => object | undefined;

/** Every other action is answered InvalidAction. */
export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['AddRoleToDBCluster', addClusterRole],
  ['AddRoleToDBInstance', addRole],
  ['AddTagsToResource', addTags],
  ['CopyDBSnapshot', copySnapshot],
  ['CreateDBCluster', createCluster],
  ['CreateDBClusterEndpoint', createClusterEndpoint],
  ['CreateDBClusterSnapshot', createClusterSnapshot],
  ['CreateDBInstance', createInstanceOrMember],
  ['CreateDBSnapshot', createSnapshot],
  ['DeleteDBCluster', deleteCluster],
  ['DeleteDBClusterEndpoint', deleteClusterEndpoint],
  ['DeleteDBClusterSnapshot', deleteClusterSnapshot],
  ['DeleteDBInstance', deleteInstance],
  ['DeleteDBSnapshot', deleteSnapshot],
  ['DeregisterDBProxyTargets', deregisterProxyTargets],
  ['DescribeAccountAttributes', describeAccountAttributes],
  ['DescribeBlueGreenDeployments', describeDeployments],
  ['DescribeDBClusterEndpoints', describeClusterEndpoints],
  ['DescribeDBClusterParameterGroups', describeClusterParameterGroups],
  ['DescribeDBClusterSnapshots', describeClusterSnapshots],
  ['DescribeDBClusters', describeClusters],
  ['DescribeDBEngineVersions', describeEngineVersions],
  ['DescribeDBInstanceAutomatedBackups', describeAutomatedBackups],
  ['DescribeDBInstances', describeInstances],
  ['DescribeDBParameterGroups', describeParameterGroups],
  ['DescribeDBProxies', describeProxies],
  ['DescribeDBProxyTargetGroups', describeProxyTargetGroups],
  ['DescribeDBProxyTargets', describeProxyTargets],
  ['DescribeDBSnapshots', describeSnapshots],
  ['DescribeDBSubnetGroups', describeSubnetGroups],
  ['DescribeEvents', describeEvents],
  ['DescribeOptionGroups', describeOptionGroups],
  ['DescribePendingMaintenanceActions', describePendingMaintenance],
  ['DescribeValidDBInstanceModifications', describeValidModifications],
  ['DisableHttpEndpoint', disableHttpEndpoint],
  ['EnableHttpEndpoint', enableHttpEndpoint],
  ['FailoverDBCluster', failoverCluster],
  ['ListTagsForResource', listTags],
  ['ModifyDBCluster', modifyCluster],
  ['ModifyDBInstance', modifyInstance],
  ['RebootDBInstance', rebootInstance],
  ['RegisterDBProxyTargets', registerProxyTargets],
  ['RemoveRoleFromDBCluster', removeClusterRole],
  ['RemoveRoleFromDBInstance', removeRole],
  ['RemoveTagsFromResource', removeTags],
  ['RestoreDBClusterFromSnapshot', restoreClusterFromSnapshot],
  ['RestoreDBClusterToPointInTime', restoreClusterToPointInTime],
  ['RestoreDBInstanceFromDBSnapshot', restoreFromSnapshot],
  ['RestoreDBInstanceToPointInTime', restoreToPointInTime],
  ['StartDBInstance', startInstance],
  ['StopDBInstance', stopInstance],
]);
