import { createInstance, restoreFromSnapshot, restoreToPointInTime } from './create';
import { deleteInstance } from './delete';
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
import { describeClusters, describeInstances, describeSnapshots } from './describe-databases';
import { modifyInstance } from './modify';
import { rebootInstance, startInstance, stopInstance } from './power';
import { describeProxies, describeProxyTargetGroups, describeProxyTargets } from './proxies';
import type { Query } from './query';
import { addRole, removeRole } from './roles';
import { copySnapshot, createSnapshot, deleteSnapshot } from './snapshots';
import { addTags, listTags, removeTags } from './tags';
import type { World } from './world';

/** Answers the members of the result element; undefined for an operation that has none. */
export type Action = (world: World, query: Query) => object | undefined;

/** Every other action is answered InvalidAction. */
export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['AddRoleToDBInstance', addRole],
  ['AddTagsToResource', addTags],
  ['CopyDBSnapshot', copySnapshot],
  ['CreateDBInstance', createInstance],
  ['CreateDBSnapshot', createSnapshot],
  ['DeleteDBInstance', deleteInstance],
  ['DeleteDBSnapshot', deleteSnapshot],
  ['DescribeAccountAttributes', describeAccountAttributes],
  ['DescribeDBClusters', describeClusters],
  ['DescribeDBEngineVersions', describeEngineVersions],
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
  ['ListTagsForResource', listTags],
  ['ModifyDBInstance', modifyInstance],
  ['RebootDBInstance', rebootInstance],
  ['RemoveRoleFromDBInstance', removeRole],
  ['RemoveTagsFromResource', removeTags],
  ['RestoreDBInstanceFromDBSnapshot', restoreFromSnapshot],
  ['RestoreDBInstanceToPointInTime', restoreToPointInTime],
  ['StartDBInstance', startInstance],
  ['StopDBInstance', stopInstance],
]);
