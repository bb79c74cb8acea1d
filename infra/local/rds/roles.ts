import { invalidValue, RdsError } from './errors';
import type { Instance } from './instance';
import type { Query } from './query';
import type { World } from './world';

const maxRoles = 5;

/** Source: AddRoleToDBInstance. */
export function addRole(world: World, query: Query): undefined {
  const instance = usable(world, query);
  const { view } = instance;
  const role = { RoleArn: query.required('RoleArn'), FeatureName: query.required('FeatureName') };
  if (!/^arn:aws:iam::\d{12}:role\/.+/.test(role.RoleArn)) throw invalidValue(`Invalid role ARN: ${role.RoleArn}`);
  if (view.AssociatedRoles.some((each) => each.FeatureName === role.FeatureName)) {
    throw new RdsError(
      'DBInstanceRoleAlreadyExists',
      `A role is already associated with ${view.DBInstanceIdentifier} for the feature ${role.FeatureName}.`,
    );
  }
  if (view.AssociatedRoles.length >= maxRoles) {
    throw new RdsError('DBInstanceRoleQuotaExceeded', `${view.DBInstanceIdentifier} has ${maxRoles} roles already.`);
  }
  const associated = { ...role, Status: 'PENDING' };
  view.AssociatedRoles = [...view.AssociatedRoles, associated];
  world.touch(instance);
  const timer = world.clock.after(world.knobs.roleSeconds * 1000, () => {
    associated.Status = 'ACTIVE';
    instance.roleTimers.delete(role.FeatureName);
    world.touch(instance);
  });
  instance.roleTimers.set(role.FeatureName, timer);
}

/** Source: RemoveRoleFromDBInstance. */
export function removeRole(world: World, query: Query): undefined {
  const instance = usable(world, query);
  const { view } = instance;
  const [arn, feature] = [query.required('RoleArn'), query.required('FeatureName')];
  const kept = view.AssociatedRoles.filter((each) => each.RoleArn !== arn || each.FeatureName !== feature);
  if (kept.length === view.AssociatedRoles.length) {
    throw new RdsError('DBInstanceRoleNotFound', `The role ${arn} isn't associated with ${view.DBInstanceIdentifier}.`);
  }
  view.AssociatedRoles = kept;
  instance.roleTimers.get(feature)?.cancel();
  instance.roleTimers.delete(feature);
  world.touch(instance);
}

/** Source: AddRoleToDBInstance: the status of the DB instance must be available. */
function usable(world: World, query: Query): Instance {
  const instance = world.instance(query.required('DBInstanceIdentifier'));
  const { DBInstanceStatus: status, DBInstanceIdentifier: name } = instance.view;
  const isBackingUp = status === 'backing-up' && world.knobs.modifyWhileBackingUp === 'accept';
  if (status === 'available' || isBackingUp) return instance;
  throw new RdsError(
    'InvalidDBInstanceState',
    `The status for the ${name} DB instance is ${status}. It must be available.`,
  );
}
