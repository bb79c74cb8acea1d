import type { DatabaseSettings } from '../policy';
import type { Database } from '../ports';
import { membersOf } from '../settings';
import { isForGood, type TargetKind, takesName } from '../wish';
import type { Model } from './model';
import type { PlannedSource } from './plan';

export function warnings(
  target: TargetKind,
  model: Model,
  source: PlannedSource,
  proxies: string[],
  replaced: Database | undefined,
): string[] {
  const found: string[] = [];
  if (source.kind === 'now') {
    const isOneZone =
      model.kind === 'instance' && (model.settings.multiAz !== true || source.engine.startsWith('sqlserver'));
    if (isOneZone) found.push('Taking the snapshot may suspend I/O for a moment, as RDS does on Single-AZ databases.');
    if (source.keepsWrites) found.push(...cutOffWarnings(model));
    else if (takesName(target))
      found.push(
        `Writes between the fresh snapshot and the swap will be lost: stop writers first if they matter${target === 'replace' ? ', or request again with “Keep every write”' : ''}.`,
      );
  }
  if (source.kind === 'clone' && takesName(target))
    found.push('Writes between the clone and the swap will be lost: stop writers first if they matter.');
  if (target === 'none') return found;
  if (source.kind === 'snapshot' && source.copyAs !== undefined)
    found.push(
      `The snapshot is another account’s and encrypted: a copy of it under a key of this account, ${source.copyAs}, is made first, which can take hours. It stays.`,
    );
  if (replaced && replaced.replicas.length > 0)
    found.push(
      `Its read replicas (${replaced.replicas.join(', ')}) follow the old database and not the name; they have to be made again.`,
    );
  if (proxies.length > 0)
    found.push(`The proxies ${proxies.join(', ')} send connections to it; in the end their targets are put right.`);
  if (target === 'onto') found.push(`The data of ${source.database} goes to whoever may read ${replaced?.name ?? ''}.`);
  if (source.version !== model.version && takesName(target))
    found.push(
      `The snapshot holds ${source.engine} ${source.version}; the database runs ${model.version} and will be back on the older one.`,
    );
  if (Object.keys(model.tags).some((key) => key.startsWith('aws:cloudformation:')))
    found.push(
      takesName(target)
        ? 'CloudFormation manages this database: the stack will show drift, and its tags cannot be copied.'
        : 'CloudFormation manages the database: those tags cannot be copied.',
    );
  if (model.keptWith !== undefined)
    found.push(`${model.name} is gone: the settings are those that were kept with ${model.keptWith}.`);
  if (isForGood(target) && model.settings.iamAuthentication === true)
    found.push(
      `IAM authentication is on: policies for rds-db:connect name the database by its resource id ${model.resourceId}, and the copy has another. Put the new id into them; the thread tells it.`,
    );
  const managed = model.settings.managedPassword;
  if (managed !== null && managed !== undefined)
    found.push(
      'Its master password is managed in Secrets Manager: the copy gets a new secret with a new ARN, so whoever reads the old one has to be pointed to it.',
    );
  return found;
}

export function versionWarning(unfit: string[], source: PlannedSource, model: Model): string[] {
  if (unfit.length === 0) return [];
  return [
    `The snapshot holds ${source.engine} ${source.version}, whose parameter and option groups are not those of ${model.version}: the copy gets RDS’s default groups.`,
  ];
}

/** What it means to set the database aside before its snapshot is taken, beyond the outage that the plan shows. */
function cutOffWarnings({ name, kind, settings }: Model): string[] {
  const isOwnKeeper = kind === 'cluster' && Object.keys(membersOf(settings)).length === 0;
  return [
    `From the moment that ${name} is set aside until the copy has its name nobody answers; if anything fails, it gets its name back.`,
    ...(isOwnKeeper
      ? [
          'AWS does not say whether a renamed Multi-AZ DB cluster closes open connections: stop writers that stay connected.',
        ]
      : []),
  ];
}

/** Aurora User Guide, High availability: a failover to a reader takes less than a minute, and most often half of one. */
export function memberWarnings({ members }: Database, { onlyMember }: DatabaseSettings): string[] {
  const [first, second] = members;
  if (first === undefined) return [];
  if (second !== undefined)
    return [
      'The names of its members move after the swap: each reader restarts once, and one failover keeps writers waiting for about half a minute.',
    ];
  return onlyMember === 'rename'
    ? [`Its only member ${first.name} restarts when it gets its name: a second outage of two to four minutes.`]
    : [
        `Its only member keeps a temporary name: whoever connects to ${first.name} and not to the cluster has to change.`,
      ];
}
