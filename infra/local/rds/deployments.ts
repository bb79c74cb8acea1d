import { page } from './paging';
import type { Query } from './query';
import type { World } from './world';

/** Source: DescribeBlueGreenDeployments. */
export function describeDeployments(world: World, query: Query): object {
  const id = query.text('BlueGreenDeploymentIdentifier');
  const found = world.deployments.filter((each) => id === undefined || each.BlueGreenDeploymentIdentifier === id);
  const { entries, ...marker } = page(query, found, (each) => each.BlueGreenDeploymentIdentifier);
  return { ...marker, BlueGreenDeployments: entries };
}
