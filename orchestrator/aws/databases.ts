import {
  AddRoleToDBInstanceCommand,
  AddTagsToResourceCommand,
  CreateDBSnapshotCommand,
  type DBSnapshot,
  DeleteDBInstanceCommand,
  DescribeAccountAttributesCommand,
  DescribeDBInstancesCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyTargetsCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
  RebootDBInstanceCommand,
  RemoveTagsFromResourceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
} from '@aws-sdk/client-rds';
import { ServiceRefusal } from '../errors';
import type { Settings } from '../plan';
import type { Clock, Converged, Database, Databases, Snapshot } from '../ports';
import type { Comparison } from '../run';
import { instanceView } from './rds-instance';
import { isNamed, refusalOf } from './refusal';
import { compareSettings, modifyParameters, restoreParameters } from './settings';

/** A prefetched read serves the looks of one tick, and no act is older than a lease (30 s). */
const freshMs = 5_000;
/** DescribeDBInstances: MaxRecords 20 to 100; a filter takes as many values as a page shows. */
const pageSize = 100;

/** The databases of one account and Region behind the RDS API. Translates its words and its errors, decides nothing. */
export class RdsDatabases implements Databases {
  readonly #client: RDSClient;
  readonly #clock: Clock;
  readonly #prefetched = new Map<string, { view: Database | undefined; at: number }>();

  constructor(client: RDSClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  async find(name: string): Promise<Database | undefined> {
    try {
      const { DBInstances } = await this.#client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
      return DBInstances?.[0] && instanceView(DBInstances[0]);
    } catch (error) {
      if (isNamed(error, 'DBInstanceNotFoundFault')) return undefined;
      throw refusalOf(error);
    }
  }

  async byResourceId(resourceId: string): Promise<Database | undefined> {
    const kept = this.#prefetched.get(resourceId);
    if (kept && this.#clock.now() - kept.at <= freshMs) return kept.view;
    const [found] = await this.#describeByResourceIds([resourceId]);
    return found;
  }

  async prefetch(resourceIds: string[]): Promise<void> {
    this.#prefetched.clear();
    for (let from = 0; from < resourceIds.length; from += pageSize) {
      const ids = resourceIds.slice(from, from + pageSize);
      const found = await this.#describeByResourceIds(ids);
      const at = this.#clock.now();
      for (const id of ids) this.#prefetched.set(id, { view: found.find((one) => one.resourceId === id), at });
    }
  }

  /** Every database of the account and Region. */
  async all(): Promise<Database[]> {
    const found: Database[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.#call(
        this.#client.send(new DescribeDBInstancesCommand({ MaxRecords: pageSize, Marker })),
      );
      found.push(...(page.DBInstances ?? []).map(instanceView));
      Marker = page.Marker;
    } while (Marker);
    return found;
  }

  async snapshotsOf(name: string): Promise<Snapshot[]> {
    const found: Snapshot[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.#call(
        this.#client.send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: name, MaxRecords: pageSize, Marker })),
      );
      found.push(...(page.DBSnapshots ?? []).map(snapshotView));
      Marker = page.Marker;
    } while (Marker);
    return found.sort((a, b) => (b.createdAt ?? Number.MAX_SAFE_INTEGER) - (a.createdAt ?? Number.MAX_SAFE_INTEGER));
  }

  async snapshot(id: string): Promise<Snapshot | undefined> {
    try {
      // A shared snapshot is only found by its ARN, and only when asked for (DescribeDBSnapshots, IncludeShared).
      const shared = id.startsWith('arn:') ? { IncludeShared: true } : {};
      const { DBSnapshots } = await this.#client.send(
        new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id, ...shared }),
      );
      return DBSnapshots?.[0] && snapshotView(DBSnapshots[0]);
    } catch (error) {
      if (isNamed(error, 'DBSnapshotNotFoundFault')) return undefined;
      throw refusalOf(error);
    }
  }

  async room(): ReturnType<Databases['room']> {
    const { AccountQuotas } = await this.#call(this.#client.send(new DescribeAccountAttributesCommand({})));
    const quota = (name: string) => {
      const found = AccountQuotas?.find((one) => one.AccountQuotaName === name);
      return { used: found?.Used ?? 0, max: found?.Max ?? Number.MAX_SAFE_INTEGER };
    };
    return { databases: quota('DBInstances'), snapshots: quota('ManualSnapshots') };
  }

  async proxiesOf(name: string): Promise<string[]> {
    const { DBProxies } = await this.#call(this.#client.send(new DescribeDBProxiesCommand({})));
    const names: string[] = [];
    for (const { DBProxyName } of DBProxies ?? []) {
      const { Targets } = await this.#call(this.#client.send(new DescribeDBProxyTargetsCommand({ DBProxyName })));
      const isTarget = Targets?.some((target) => target.RdsResourceId === name) ?? false;
      if (isTarget && DBProxyName) names.push(DBProxyName);
    }
    return names.sort();
  }

  async takeSnapshot(database: Database, id: string, tags: Record<string, string>): Promise<void> {
    try {
      await this.#client.send(
        new CreateDBSnapshotCommand({
          DBInstanceIdentifier: database.name,
          DBSnapshotIdentifier: id,
          Tags: tagList(tags),
        }),
      );
    } catch (error) {
      if (!isNamed(error, 'DBSnapshotAlreadyExistsFault')) throw refusalOf(error);
    }
  }

  async restore(input: {
    snapshot: Snapshot;
    like: Database;
    settings: Settings;
    name: string;
    tags: Record<string, string>;
  }): Promise<void> {
    const { snapshot, settings, name, tags } = input;
    const isOwnSnapshot = !snapshot.id.startsWith('arn:');
    await this.#call(
      this.#client.send(
        new RestoreDBInstanceFromDBSnapshotCommand({
          ...restoreParameters(settings, { snapshotGib: snapshot.sizeGib }),
          DBInstanceIdentifier: name,
          DBSnapshotIdentifier: isOwnSnapshot ? snapshot.id : snapshot.arn,
          DeletionProtection: false,
          Tags: tagList(tags),
        }),
      ),
    );
  }

  async converge(database: Database, wanted: Settings): Promise<Converged> {
    this.#prefetched.delete(database.resourceId);
    const { titles, input } = modifyParameters(wanted, database.settings);
    if (titles.length > 0) {
      try {
        await this.#client.send(
          new ModifyDBInstanceCommand({ DBInstanceIdentifier: database.name, ApplyImmediately: true, ...input }),
        );
        return { changing: titles };
      } catch (error) {
        // RDS answers so when everything is already on its way; the next look will tell.
        const isNothingNew =
          isNamed(error, 'InvalidParameterCombination') && /no modifications were requested/i.test(String(error));
        if (!isNothingNew) throw refusalOf(error);
      }
    }
    const role = missing(wanted.roles, database.settings.roles)[0];
    if (role) {
      const [FeatureName = '', RoleArn = ''] = role.split(' ');
      await this.#addRole(database.name, FeatureName, RoleArn);
      return { changing: [`role for ${FeatureName}`] };
    }
    const tags = missingTags(wanted.tags, database.settings.tags);
    if (Object.keys(tags).length > 0) {
      await this.tag(database, tags);
      return { changing: ['tags'] };
    }
    if (database.unsettled.includes('a reboot')) {
      await this.#call(this.#client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: database.name })));
      return { changing: ['the parameter group, by a reboot of the copy'] };
    }
    return 'equal';
  }

  compare(wanted: Settings, actual: Database): Comparison[] {
    return compareSettings(wanted, actual.settings);
  }

  async rename(database: Database, to: string): Promise<void> {
    this.#prefetched.delete(database.resourceId);
    // Renaming to the same name only reboots (RDS: seen with the CloudFormation handler).
    if (database.name === to) return;
    await this.#call(
      this.#client.send(
        new ModifyDBInstanceCommand({
          DBInstanceIdentifier: database.name,
          NewDBInstanceIdentifier: to,
          ApplyImmediately: true,
        }),
      ),
    );
  }

  async protect(database: Database, on: boolean): Promise<void> {
    this.#prefetched.delete(database.resourceId);
    await this.#call(
      this.#client.send(
        new ModifyDBInstanceCommand({
          DBInstanceIdentifier: database.name,
          DeletionProtection: on,
          ApplyImmediately: true,
        }),
      ),
    );
  }

  async tag(database: Database, tags: Record<string, string>): Promise<void> {
    this.#prefetched.delete(database.resourceId);
    await this.#call(
      this.#client.send(new AddTagsToResourceCommand({ ResourceName: database.arn, Tags: tagList(tags) })),
    );
  }

  async untag(database: Database, keys: string[]): Promise<void> {
    this.#prefetched.delete(database.resourceId);
    await this.#call(
      this.#client.send(new RemoveTagsFromResourceCommand({ ResourceName: database.arn, TagKeys: keys })),
    );
  }

  async remove(
    database: Database,
    options: { finalSnapshot: string | undefined; keepBackups: boolean },
  ): Promise<void> {
    this.#prefetched.delete(database.resourceId);
    const final = options.finalSnapshot
      ? { FinalDBSnapshotIdentifier: options.finalSnapshot }
      : { SkipFinalSnapshot: true };
    try {
      await this.#client.send(
        new DeleteDBInstanceCommand({
          DBInstanceIdentifier: database.name,
          DeleteAutomatedBackups: !options.keepBackups,
          ...final,
        }),
      );
    } catch (error) {
      // Gone already: what was asked for.
      if (isNamed(error, 'DBInstanceNotFoundFault')) return;
      // Its final snapshot is there already: this deletion is under way, although nothing shows it yet.
      if (isNamed(error, 'DBSnapshotAlreadyExistsFault'))
        throw new ServiceRefusal('busy', 'DBSnapshotAlreadyExistsFault', String(error), { cause: error });
      throw refusalOf(error);
    }
  }

  async #describeByResourceIds(ids: string[]): Promise<Database[]> {
    const found: Database[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.#call(
        this.#client.send(
          new DescribeDBInstancesCommand({
            Filters: [{ Name: 'dbi-resource-id', Values: ids }],
            MaxRecords: pageSize,
            Marker,
          }),
        ),
      );
      found.push(...(page.DBInstances ?? []).map(instanceView));
      Marker = page.Marker;
    } while (Marker);
    return found;
  }

  async #addRole(name: string, FeatureName: string, RoleArn: string): Promise<void> {
    try {
      await this.#client.send(new AddRoleToDBInstanceCommand({ DBInstanceIdentifier: name, FeatureName, RoleArn }));
    } catch (error) {
      if (!isNamed(error, 'DBInstanceRoleAlreadyExistsFault')) throw refusalOf(error);
    }
  }

  async #call<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

function snapshotView(snapshot: DBSnapshot): Snapshot {
  const status = snapshot.Status ?? 'unknown';
  return {
    // A snapshot that another account shares is known by its ARN only.
    id: snapshot.SnapshotType === 'shared' ? (snapshot.DBSnapshotArn ?? '') : (snapshot.DBSnapshotIdentifier ?? ''),
    arn: snapshot.DBSnapshotArn ?? '',
    database: snapshot.DBInstanceIdentifier ?? '',
    status,
    isAvailable: status === 'available',
    hasFailed: status === 'failed',
    percent: snapshot.PercentProgress,
    createdAt: snapshot.SnapshotCreateTime?.getTime(),
    engine: snapshot.Engine ?? '',
    version: snapshot.EngineVersion ?? '',
    sizeGib: snapshot.AllocatedStorage ?? 0,
    type: snapshot.SnapshotType ?? 'manual',
    encrypted: snapshot.Encrypted ?? false,
  };
}

/** RDS refuses tags whose keys it or AWS keeps for itself. */
function tagList(tags: Record<string, string>) {
  return Object.entries(tags)
    .filter(([Key]) => !/^(aws|rds):/i.test(Key))
    .map(([Key, Value]) => ({ Key, Value }));
}

function missing(wanted: unknown, actual: unknown): string[] {
  const have = Array.isArray(actual) ? actual : [];
  return (Array.isArray(wanted) ? wanted : []).filter(
    (one): one is string => typeof one === 'string' && !have.includes(one),
  );
}

function missingTags(wanted: unknown, actual: unknown): Record<string, string> {
  const have = new Map(Object.entries(actual ?? {}));
  return Object.fromEntries(Object.entries(wanted ?? {}).filter(([key, value]) => have.get(key) !== value));
}
