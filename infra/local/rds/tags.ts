import type { Cluster, ClusterSnapshot } from './cluster';
import { invalidValue } from './errors';
import type { Instance, Snapshot } from './instance';
import { rdsArn } from './naming';
import type { Query } from './query';
import type { World } from './world';

export interface Tag {
  Key: string;
  Value: string;
}

/** Source: RDS User Guide, Tagging Amazon RDS resources. @throws InvalidParameterValue */
export function checkTags(tags: readonly Tag[]): void {
  if (tags.length > 50) throw invalidValue('The number of tags exceeds the limit of 50.');
  const seen = new Set<string>();
  for (const { Key: key, Value: value } of tags) {
    if (key.length < 1 || key.length > 128) throw invalidValue(`Invalid tag key length: ${key.length}`);
    if (value.length > 256) throw invalidValue(`Invalid tag value length: ${value.length}`);
    if (/^(aws|rds):/i.test(key)) throw invalidValue(`Tag keys starting with aws: or rds: are reserved: ${key}`);
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(key + value)) throw invalidValue(`Invalid characters in tag ${key}`);
    if (seen.has(key)) throw invalidValue(`Duplicate tag key: ${key}`);
    seen.add(key);
  }
}

export function listTags(world: World, query: Query): object {
  return { TagList: tagged(world, query).view.TagList };
}

export function addTags(world: World, query: Query): undefined {
  const target = tagged(world, query);
  const added = query.tags() ?? [];
  const keys = new Set(added.map((tag) => tag.Key));
  checkTags(added);
  const kept = target.view.TagList.filter((tag) => !keys.has(tag.Key ?? ''));
  if (kept.length + added.length > 50) throw invalidValue('The number of tags exceeds the limit of 50.');
  target.view.TagList = [...kept, ...added];
  world.touch(target);
}

export function removeTags(world: World, query: Query): undefined {
  const target = tagged(world, query);
  const removed = query.list('TagKeys') ?? [];
  target.view.TagList = target.view.TagList.filter((tag) => !removed.includes(tag.Key ?? ''));
  world.touch(target);
}

function tagged(world: World, query: Query): Instance | Snapshot | Cluster | ClusterSnapshot {
  const arn = query.required('ResourceName');
  if (arn.startsWith(rdsArn(world, 'db', ''))) return world.instance(arn);
  if (arn.startsWith(rdsArn(world, 'snapshot', ''))) return world.snapshot(arn);
  if (arn.startsWith(rdsArn(world, 'cluster', ''))) return world.cluster(arn);
  if (arn.startsWith(rdsArn(world, 'cluster-snapshot', ''))) return world.clusterSnapshot(arn);
  throw invalidValue(
    `Unexpected ARN ${arn}: give the ARN of an instance, a cluster or a snapshot of this account and Region.`,
  );
}
