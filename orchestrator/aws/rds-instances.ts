import {
  AddRoleToDBInstanceCommand,
  AddTagsToResourceCommand,
  CopyDBSnapshotCommand,
  CreateDBSnapshotCommand,
  type DBSnapshot,
  DeleteDBInstanceCommand,
  DeleteDBSnapshotCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
  RebootDBInstanceCommand,
  RemoveTagsFromResourceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { ServiceRefusal } from '../errors';
import type { Converged, Database, Snapshot, Window } from '../ports';
import type { Comparison } from '../run';
import type { Settings } from '../settings';
import {
  type CloneInput,
  type DatabaseKind,
  pageSize,
  type RemovalOptions,
  type RestoreInput,
  type RestoreToTimeInput,
} from './database-kind';
import { instanceView } from './instance-view';
import { isNamed, refusalOf } from './refusal';
import { missing, missingTags, tagList } from './setting-values';
import { compareSettings, modifyParameters, restoreParameters } from './settings';
import { unusableReason } from './shared-snapshots';

/** DB instances behind the RDS API. Translates its words and its errors, decides nothing. */
export class RdsInstances implements DatabaseKind {
  readonly #client: RDSClient;

  constructor(client: RDSClient) {
    this.#client = client;
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

  /** Every instance of the account and Region, the members of clusters among them. */
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

  quotas({ allocatedStorage }: Settings): ReturnType<DatabaseKind['quotas']> {
    return {
      takes: [
        { name: 'DBInstances', what: 'DB instances', needed: 1 },
        { name: 'AllocatedStorage', what: 'GiB of storage', needed: Number(allocatedStorage ?? 0) },
      ],
      snapshots: 'ManualSnapshots',
    };
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
    return found;
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

  async snapshotsByIds(ids: string[]): Promise<Snapshot[]> {
    const found: Snapshot[] = [];
    for (let from = 0; from < ids.length; from += pageSize) {
      const Filters = [{ Name: 'db-snapshot-id', Values: ids.slice(from, from + pageSize) }];
      const page = await this.#call(
        this.#client.send(new DescribeDBSnapshotsCommand({ Filters, MaxRecords: pageSize })),
      );
      found.push(...(page.DBSnapshots ?? []).map(snapshotView));
    }
    return found;
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

  async sharedSnapshots(): Promise<Snapshot[]> {
    const found: Snapshot[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.#call(
        this.#client.send(
          new DescribeDBSnapshotsCommand({ SnapshotType: 'shared', IncludeShared: true, MaxRecords: pageSize, Marker }),
        ),
      );
      found.push(...(page.DBSnapshots ?? []).map(snapshotView));
      Marker = page.Marker;
    } while (Marker);
    return found;
  }

  async copySnapshot(
    { arn }: Snapshot,
    id: string,
    kmsKey: string | undefined,
    tags: Record<string, string>,
  ): Promise<void> {
    try {
      await this.#client.send(
        new CopyDBSnapshotCommand({
          SourceDBSnapshotIdentifier: arn,
          TargetDBSnapshotIdentifier: id,
          KmsKeyId: kmsKey ?? 'alias/aws/rds',
          Tags: tagList(tags),
        }),
      );
    } catch (error) {
      if (!isNamed(error, 'DBSnapshotAlreadyExistsFault')) throw refusalOf(error);
    }
  }

  async restore({ snapshot, settings, name, tags }: RestoreInput): Promise<void> {
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

  async restorable(database: Database): Promise<Window | undefined> {
    try {
      const { DBInstanceAutomatedBackups } = await this.#client.send(
        new DescribeDBInstanceAutomatedBackupsCommand({ DbiResourceId: database.resourceId }),
      );
      const { EarliestTime, LatestTime } = DBInstanceAutomatedBackups?.[0]?.RestoreWindow ?? {};
      return EarliestTime && LatestTime ? { from: EarliestTime.getTime(), to: LatestTime.getTime() } : undefined;
    } catch (error) {
      if (isNamed(error, 'DBInstanceAutomatedBackupNotFoundFault')) return undefined;
      throw refusalOf(error);
    }
  }

  async restoreToTime({ from, at, settings, name, tags }: RestoreToTimeInput): Promise<void> {
    await this.#call(
      this.#client.send(
        new RestoreDBInstanceToPointInTimeCommand({
          ...restoreParameters(settings, { snapshotGib: Number(from.settings.allocatedStorage ?? 0) }),
          SourceDbiResourceId: from.resourceId,
          TargetDBInstanceIdentifier: name,
          RestoreTime: new Date(at),
          DeletionProtection: false,
          Tags: tagList(tags),
        }),
      ),
    );
  }

  /** @throws ServiceRefusal always: the door and the plan say so before (Database, `unclonable`). */
  async clone({ from }: CloneInput): Promise<void> {
    throw new ServiceRefusal('invalid', 'InvalidParameterCombination', `${from.name} ${from.unclonable ?? ''}`);
  }

  async removeSnapshot(id: string): Promise<void> {
    try {
      await this.#client.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id }));
    } catch (error) {
      if (!isNamed(error, 'DBSnapshotNotFoundFault')) throw refusalOf(error);
    }
  }

  async converge(database: Database, wanted: Settings): Promise<Converged> {
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
    await this.#call(
      this.#client.send(new AddTagsToResourceCommand({ ResourceName: database.arn, Tags: tagList(tags) })),
    );
  }

  async untag(database: Database, keys: string[]): Promise<void> {
    await this.#call(
      this.#client.send(new RemoveTagsFromResourceCommand({ ResourceName: database.arn, TagKeys: keys })),
    );
  }

  async remove(database: Database, options: RemovalOptions): Promise<void> {
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

  byResourceIds(ids: string[]): Promise<Database[]> {
    return this.#filtered('dbi-resource-id', ids);
  }

  byNames(names: string[]): Promise<Database[]> {
    return this.#filtered('db-instance-id', names);
  }

  async #filtered(Name: string, ids: string[]): Promise<Database[]> {
    const found: Database[] = [];
    for (let from = 0; from < ids.length; from += pageSize) {
      const Filters = [{ Name, Values: ids.slice(from, from + pageSize) }];
      const page = await this.#call(
        this.#client.send(new DescribeDBInstancesCommand({ Filters, MaxRecords: pageSize })),
      );
      found.push(...(page.DBInstances ?? []).map(instanceView));
    }
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
    kind: 'instance',
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
    // RDS User Guide, Sharing encrypted snapshots: a shared encrypted DB snapshot is copied before it is restored.
    isToCopy: snapshot.SnapshotType === 'shared' && (snapshot.Encrypted ?? false),
    unusable: unusableReason(snapshot.SnapshotType, snapshot.KmsKeyId),
  };
}
