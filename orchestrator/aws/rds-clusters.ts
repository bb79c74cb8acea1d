import {
  AddRoleToDBClusterCommand,
  AddTagsToResourceCommand,
  CreateDBClusterEndpointCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  type DBCluster,
  type DBClusterEndpoint,
  type DBClusterSnapshot,
  type DBInstance,
  DeleteDBClusterCommand,
  DeleteDBClusterEndpointCommand,
  DeleteDBClusterSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeDBClusterEndpointsCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  type DescribeDBClustersCommandInput,
  DescribeDBInstancesCommand,
  EnableHttpEndpointCommand,
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
  RebootDBInstanceCommand,
  RestoreDBClusterFromSnapshotCommand,
  RestoreDBClusterToPointInTimeCommand,
  type RestoreDBClusterToPointInTimeCommandInput,
} from '@aws-sdk/client-rds';
import { ServiceRefusal } from '../errors';
import { hasOwnForm, memberName } from '../names';
import type { Converged, Database, Snapshot, Window } from '../ports';
import type { Comparison } from '../run';
import type { Settings } from '../settings';
import { clusterView } from './cluster-view';
import {
  type CloneInput,
  type DatabaseKind,
  pageSize,
  type RemovalOptions,
  type RestoreInput,
  type RestoreToTimeInput,
} from './database-kind';
import { isNamed, refusalOf } from './refusal';
import { isSet, missing, missingTags, record, tagList, text, texts } from './setting-values';
import {
  compareCluster,
  modifyClusterParameters,
  type Place,
  placesOf,
  restoreClusterParameters,
} from './settings-cluster';
import { createMemberParameters, modifyMemberParameters } from './settings-member';
import { unusableReason } from './shared-snapshots';

/** DB clusters with their members behind the RDS API. */
export class RdsClusters implements DatabaseKind {
  readonly #client: RDSClient;
  /** Since when and until when each could be restored as it was read. */
  readonly #windows = new WeakMap<Database, Window>();

  constructor(client: RDSClient) {
    this.#client = client;
  }

  async find(name: string): Promise<Database | undefined> {
    try {
      const { DBClusters } = await this.#client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }));
      const [found] = await this.views(DBClusters ?? []);
      return found;
    } catch (error) {
      if (isNamed(error, 'DBClusterNotFoundFault')) return undefined;
      throw refusalOf(error);
    }
  }

  async byResourceIds(ids: string[]): Promise<Database[]> {
    return this.views(await this.glance(ids));
  }

  async byNames(names: string[]): Promise<Database[]> {
    return this.views(await this.#filtered('db-cluster-id', names));
  }

  /** The clusters without their members: one call for a hundred. */
  glance(ids: string[]): Promise<DBCluster[]> {
    return this.#filtered('db-cluster-resource-id', ids);
  }

  async #filtered(Name: string, ids: string[]): Promise<DBCluster[]> {
    const found: DBCluster[] = [];
    for (let from = 0; from < ids.length; from += pageSize) {
      const Values = ids.slice(from, from + pageSize);
      found.push(...(await this.#describe({ Filters: [{ Name, Values }] })));
    }
    return found;
  }

  async all(): Promise<Database[]> {
    return this.views(await this.#describe({}));
  }

  /** What AWS RAM shares is listed only when that is asked for (DescribeDBClusters, IncludeShared), after its own ARN. */
  async ownerElsewhere(name: string): Promise<string | undefined> {
    const shared = await this.#describe({ IncludeShared: true });
    return shared.find((cluster) => cluster.DBClusterIdentifier === name)?.DBClusterArn?.split(':')[4];
  }

  /** Its members are DB instances to the account; a Multi-AZ DB cluster, which has a class of its own, makes three itself. */
  quotas(settings: Settings): ReturnType<DatabaseKind['quotas']> {
    const members = isSet(settings.class) ? 3 : Math.max(1, Object.keys(record(settings.members)).length);
    return {
      takes: [
        { name: 'DBInstances', what: 'DB instances', needed: members },
        { name: 'DBClusters', what: 'DB clusters', needed: 1 },
      ],
      snapshots: 'ManualClusterSnapshots',
    };
  }

  async snapshotsOf(name: string): Promise<Snapshot[]> {
    const found: Snapshot[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.#call(
        this.#client.send(
          new DescribeDBClusterSnapshotsCommand({ DBClusterIdentifier: name, MaxRecords: pageSize, Marker }),
        ),
      );
      found.push(...(page.DBClusterSnapshots ?? []).map(snapshotView));
      Marker = page.Marker;
    } while (Marker);
    return found;
  }

  async snapshot(id: string): Promise<Snapshot | undefined> {
    try {
      const shared = id.startsWith('arn:') ? { IncludeShared: true } : {};
      const { DBClusterSnapshots } = await this.#client.send(
        new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: id, ...shared }),
      );
      return DBClusterSnapshots?.[0] && snapshotView(DBClusterSnapshots[0]);
    } catch (error) {
      if (isNamed(error, 'DBClusterSnapshotNotFoundFault')) return undefined;
      throw refusalOf(error);
    }
  }

  async snapshotsByIds(ids: string[]): Promise<Snapshot[]> {
    const found: Snapshot[] = [];
    for (let from = 0; from < ids.length; from += pageSize) {
      const Filters = [{ Name: 'db-cluster-snapshot-id', Values: ids.slice(from, from + pageSize) }];
      const page = await this.#call(
        this.#client.send(new DescribeDBClusterSnapshotsCommand({ Filters, MaxRecords: pageSize })),
      );
      found.push(...(page.DBClusterSnapshots ?? []).map(snapshotView));
    }
    return found;
  }

  async takeSnapshot(database: Database, id: string, tags: Record<string, string>): Promise<void> {
    const input = { DBClusterIdentifier: database.name, DBClusterSnapshotIdentifier: id, Tags: tagList(tags) };
    try {
      await this.#client.send(new CreateDBClusterSnapshotCommand(input));
    } catch (error) {
      if (!isNamed(error, 'DBClusterSnapshotAlreadyExistsFault')) throw refusalOf(error);
    }
  }

  async sharedSnapshots(): Promise<Snapshot[]> {
    const found: Snapshot[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.#call(
        this.#client.send(
          new DescribeDBClusterSnapshotsCommand({
            SnapshotType: 'shared',
            IncludeShared: true,
            MaxRecords: pageSize,
            Marker,
          }),
        ),
      );
      found.push(...(page.DBClusterSnapshots ?? []).map(snapshotView));
      Marker = page.Marker;
    } while (Marker);
    return found;
  }

  /** @throws ServiceRefusal always: a shared cluster snapshot is restored as it is (Snapshot, `isToCopy`). */
  async copySnapshot({ id }: Snapshot): Promise<void> {
    throw new ServiceRefusal('invalid', 'InvalidParameterCombination', `${id} needs no copy`);
  }

  /** Makes the cluster alone: its members can be made when it is available (RestoreDBClusterFromSnapshot). */
  async restore({ snapshot, settings, name, tags }: RestoreInput): Promise<void> {
    await this.#call(
      this.#client.send(
        new RestoreDBClusterFromSnapshotCommand({
          ...restoreClusterParameters(settings),
          DBClusterIdentifier: name,
          SnapshotIdentifier: snapshot.id.startsWith('arn:') ? snapshot.arn : snapshot.id,
          Engine: snapshot.engine,
          // Left out, it would be the Region's default version.
          EngineVersion: snapshot.version,
          DeletionProtection: false,
          Tags: tagList(tags),
        }),
      ),
    );
  }

  async restorable(database: Database): Promise<Window | undefined> {
    const known = this.#windows.get(database);
    if (known) return known;
    const Filters = [{ Name: 'db-cluster-resource-id', Values: [database.resourceId] }];
    const [found] = await this.#describe({ Filters });
    return found && windowOf(found);
  }

  async restoreToTime({ at, ...input }: RestoreToTimeInput): Promise<void> {
    await this.#restoreLive(input, { RestoreToTime: new Date(at) });
  }

  async clone(input: CloneInput): Promise<void> {
    await this.#restoreLive(input, { RestoreType: 'copy-on-write', UseLatestRestorableTime: true });
  }

  /** Like `restore`, but neither zones nor version can be given: they are the source's (RestoreDBClusterToPointInTime). */
  async #restoreLive(
    { from, settings, name, tags }: CloneInput,
    of: Pick<RestoreDBClusterToPointInTimeCommandInput, 'RestoreToTime' | 'RestoreType' | 'UseLatestRestorableTime'>,
  ): Promise<void> {
    const { AvailabilityZones: _, ...parameters } = restoreClusterParameters(settings);
    await this.#call(
      this.#client.send(
        new RestoreDBClusterToPointInTimeCommand({
          ...parameters,
          DBClusterIdentifier: name,
          SourceDBClusterIdentifier: from.name,
          ...of,
          DeletionProtection: false,
          Tags: tagList(tags),
        }),
      ),
    );
  }

  async removeSnapshot(id: string): Promise<void> {
    try {
      await this.#client.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: id }));
    } catch (error) {
      if (!isNamed(error, 'DBClusterSnapshotNotFoundFault')) throw refusalOf(error);
    }
  }

  /**
   * All members at once, the writer's call first: the first one of a cluster is its writer. Then what only a change can
   * set. Whether RDS always takes a reader while the writer is being made, AWS does not say (CloudFormation and
   * Terraform make them side by side): one that it refuses is made when the writer is there.
   */
  async converge(database: Database, wanted: Settings): Promise<Converged> {
    const { settings, name } = database;
    const places = placesOf(wanted, settings, name);
    const absent = places.filter(({ isThere }) => !isThere);
    if (absent.length > 0) {
      const isFirst = absent.length === places.length;
      const first = absent.find(({ own }) => own === wanted.writer) ?? absent[0];
      if (isFirst && first !== undefined) await this.#createMember(database, first);
      const others = isFirst ? absent.filter((place) => place !== first) : absent;
      const made = await Promise.allSettled(others.map((place) => this.#createMember(database, place)));
      const refused = made.find((one) => one.status === 'rejected');
      if (refused && !(isFirst && isBusy(refused.reason))) throw refused.reason;
      const changing = absent.map(({ own }) => `${isFirst && own === first?.own ? 'the writer' : 'the reader'} ${own}`);
      return { changing, isLong: true };
    }
    const { titles, input } = modifyClusterParameters(wanted, settings);
    if (titles.length > 0) {
      const change = new ModifyDBClusterCommand({ DBClusterIdentifier: name, ApplyImmediately: true, ...input });
      if (await this.#modified(this.#client.send(change))) return { changing: titles };
    }
    return (
      (await this.#changeMembers(places, settings)) ??
      (await this.#changeBeside(database, wanted, places)) ??
      (await this.#reboot(database)) ??
      'equal'
    );
  }

  compare(wanted: Settings, actual: Database): Comparison[] {
    return compareCluster(wanted, actual.settings, actual.name);
  }

  async rename(database: Database, to: string): Promise<void> {
    const input = { DBClusterIdentifier: database.name, NewDBClusterIdentifier: to, ApplyImmediately: true };
    await this.#call(this.#client.send(new ModifyDBClusterCommand(input)));
  }

  async protect(database: Database, on: boolean): Promise<void> {
    const input = { DBClusterIdentifier: database.name, DeletionProtection: on, ApplyImmediately: true };
    await this.#call(this.#client.send(new ModifyDBClusterCommand(input)));
  }

  /** Readers, then the writer, then the cluster, which RDS takes when all its members are on their way out. */
  async remove(database: Database, { finalSnapshot, keepBackups }: RemovalOptions): Promise<void> {
    const [cluster] = await this.#describe({
      Filters: [{ Name: 'db-cluster-resource-id', Values: [database.resourceId] }],
    });
    if (cluster === undefined) return;
    const members = [...(cluster.DBClusterMembers ?? [])]
      .sort((a, b) => Number(a.IsClusterWriter) - Number(b.IsClusterWriter))
      .map((member) => member.DBInstanceIdentifier ?? '');
    if (database.engine.startsWith('aurora')) {
      const strangers = members.filter((name) => !hasOwnForm(name));
      if (strangers.length > 0) return this.#takeOver(database, members, strangers);
      for (const name of members) await this.#deleteMember(name);
    }
    const final = finalSnapshot ? { FinalDBSnapshotIdentifier: finalSnapshot } : { SkipFinalSnapshot: true };
    const input = { DBClusterIdentifier: database.name, DeleteAutomatedBackups: !keepBackups, ...final };
    try {
      await this.#client.send(new DeleteDBClusterCommand(input));
    } catch (error) {
      // Gone already: what was asked for.
      if (isNamed(error, 'DBClusterNotFoundFault')) return;
      // Its final snapshot is there already: this deletion is under way, although nothing shows it yet.
      if (isNamed(error, 'DBClusterSnapshotAlreadyExistsFault'))
        throw new ServiceRefusal('busy', 'DBClusterSnapshotAlreadyExistsFault', String(error), { cause: error });
      throw refusalOf(error);
    }
  }

  /**
   * The next call that gives the holder its custom endpoints. Their names are unique in the Region, so the other one
   * has to give them up first.
   */
  async moveEndpoints(holder: Database, other: Database | undefined, wanted: Settings): Promise<Converged> {
    const missingHere = Object.entries(record(wanted.customEndpoints)).filter(
      ([name]) => !(name in record(holder.settings.customEndpoints)),
    );
    const [next] = missingHere;
    if (next === undefined) return 'equal';
    const [name, endpoint] = next;
    if (name in record(other?.settings.customEndpoints)) {
      await this.#deleteEndpoint(name);
      return { changing: [`the custom endpoint ${name}`] };
    }
    const { type, members, excluded } = record(endpoint);
    const list = texts(members).length > 0 ? { StaticMembers: texts(members) } : { ExcludedMembers: texts(excluded) };
    try {
      await this.#client.send(
        new CreateDBClusterEndpointCommand({
          DBClusterIdentifier: holder.name,
          DBClusterEndpointIdentifier: name,
          EndpointType: text(type),
          ...list,
        }),
      );
    } catch (error) {
      // Until RDS has let go of the old one the name is taken: the next look tries again.
      if (!isNamed(error, 'DBClusterEndpointAlreadyExistsFault')) throw refusalOf(error);
    }
    return { changing: [`the custom endpoint ${name}`] };
  }

  /** Starts the deletion of one custom endpoint and names it; undefined when the cluster has none. */
  async dropEndpoint({ settings }: Database): Promise<string | undefined> {
    const [name] = Object.keys(record(settings.customEndpoints));
    if (name !== undefined) await this.#deleteEndpoint(name);
    return name;
  }

  async #createMember(database: Database, place: Place): Promise<void> {
    const input = {
      ...createMemberParameters(place.wanted),
      DBInstanceIdentifier: place.current,
      DBClusterIdentifier: database.name,
      Engine: database.engine,
      DBInstanceClass: text(record(place.wanted).class),
      // The run's own tag is on the cluster: whoever is in it is known by that.
      Tags: tagList(missingTags(record(place.wanted).tags, {})),
    };
    try {
      await this.#client.send(new CreateDBInstanceCommand(input));
    } catch (error) {
      // Made by a look that did not live to tell.
      if (!isNamed(error, 'DBInstanceAlreadyExistsFault')) throw refusalOf(error);
    }
  }

  async #changeMembers(places: Place[], actual: Settings): Promise<Converged | undefined> {
    const have = record(actual.members);
    const changes = places.flatMap((place) => {
      const { titles, input } = modifyMemberParameters(place.wanted, have[place.current] ?? null);
      return titles.length > 0 ? [{ own: place.own, name: place.current, titles, input }] : [];
    });
    if (changes.length === 0) return undefined;
    const taken = await Promise.all(
      changes.map(({ name, input }) =>
        this.#modified(
          this.#client.send(
            new ModifyDBInstanceCommand({ DBInstanceIdentifier: name, ApplyImmediately: true, ...input }),
          ),
        ),
      ),
    );
    if (!taken.some(Boolean)) return undefined;
    return { changing: changes.map(({ own, titles }) => `${titles.join(', ')} of ${own}`) };
  }

  /** Roles, the Data API and tags: each has a call of its own. */
  async #changeBeside(database: Database, wanted: Settings, places: Place[]): Promise<Converged | undefined> {
    const { settings, arn, name } = database;
    const role = missing(wanted.roles, settings.roles)[0];
    if (role !== undefined) {
      const [FeatureName = '', RoleArn = ''] = role.split(' ');
      await this.#addRole({ DBClusterIdentifier: name, RoleArn, ...(FeatureName && { FeatureName }) });
      return { changing: [FeatureName ? `the role for ${FeatureName}` : 'a role'] };
    }
    if (wanted.httpEndpoint === true && settings.httpEndpoint !== true) {
      await this.#call(this.#client.send(new EnableHttpEndpointCommand({ ResourceArn: arn })));
      return { changing: ['the Data API'] };
    }
    const tags = missingTags(wanted.tags, settings.tags);
    if (Object.keys(tags).length > 0) {
      await this.#call(this.#client.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags: tagList(tags) })));
      return { changing: ['tags'] };
    }
    const have = record(settings.members);
    for (const place of places) {
      const lost = missingTags(record(place.wanted).tags, record(have[place.current]).tags);
      if (Object.keys(lost).length === 0) continue;
      const ResourceName = arn.replace(/:cluster:[^:]+$/, `:db:${place.current}`);
      await this.#call(this.#client.send(new AddTagsToResourceCommand({ ResourceName, Tags: tagList(lost) })));
      return { changing: [`tags of ${place.own}`] };
    }
    return undefined;
  }

  async #reboot(database: Database): Promise<Converged | undefined> {
    const waiting = database.unsettled.flatMap((part) => /^a reboot of (\S+)$/.exec(part)?.[1] ?? []);
    if (waiting.length === 0) return undefined;
    for (const DBInstanceIdentifier of waiting)
      await this.#call(this.#client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier })));
    return { changing: ['the parameter groups, by a reboot of the copy'] };
  }

  /** Readers that joined by themselves get names of the run, since only those may be deleted. */
  async #takeOver(database: Database, members: string[], strangers: string[]): Promise<void> {
    const taken = new Set(members);
    for (const name of strangers) {
      let place = 1;
      while (taken.has(memberName(database.name, place))) place += 1;
      const to = memberName(database.name, place);
      taken.add(to);
      const input = { DBInstanceIdentifier: name, NewDBInstanceIdentifier: to, ApplyImmediately: true };
      await this.#call(this.#client.send(new ModifyDBInstanceCommand(input)));
    }
  }

  async #deleteMember(DBInstanceIdentifier: string): Promise<void> {
    try {
      await this.#client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
    } catch (error) {
      const isGoing = isNamed(error, 'DBInstanceNotFoundFault') || /already being deleted/i.test(String(error));
      if (!isGoing) throw refusalOf(error);
    }
  }

  async #deleteEndpoint(DBClusterEndpointIdentifier: string): Promise<void> {
    try {
      await this.#client.send(new DeleteDBClusterEndpointCommand({ DBClusterEndpointIdentifier }));
    } catch (error) {
      if (!isNamed(error, 'DBClusterEndpointNotFoundFault')) throw refusalOf(error);
    }
  }

  async #addRole(input: { DBClusterIdentifier: string; RoleArn: string; FeatureName?: string }): Promise<void> {
    try {
      await this.#client.send(new AddRoleToDBClusterCommand(input));
    } catch (error) {
      if (!isNamed(error, 'DBClusterRoleAlreadyExistsFault')) throw refusalOf(error);
    }
  }

  /** False when everything asked for is already on its way; the next look will tell. */
  async #modified(call: Promise<unknown>): Promise<boolean> {
    try {
      await call;
      return true;
    } catch (error) {
      const isNothingNew =
        isNamed(error, 'InvalidParameterCombination') && /no modifications were requested/i.test(String(error));
      if (!isNothingNew) throw refusalOf(error);
      return false;
    }
  }

  /** With their members and custom endpoints: two calls more, and none for clusters that have neither. */
  async views(clusters: DBCluster[]): Promise<Database[]> {
    const withMembers = clusters.filter((cluster) => (cluster.DBClusterMembers ?? []).length > 0);
    const withEndpoints = clusters.some((cluster) => (cluster.CustomEndpoints ?? []).length > 0);
    const [instances, endpoints] = await Promise.all([
      this.#membersOf(withMembers),
      withEndpoints ? this.#customEndpoints() : [],
    ]);
    return clusters.map((cluster) => {
      const names = (cluster.DBClusterMembers ?? []).map((member) => member.DBInstanceIdentifier);
      const view = clusterView({
        cluster,
        instances: instances.filter((one) => names.includes(one.DBInstanceIdentifier)),
        endpoints: endpoints.filter((one) => one.DBClusterIdentifier === cluster.DBClusterIdentifier),
      });
      const window = windowOf(cluster);
      if (window) this.#windows.set(view, window);
      return view;
    });
  }

  /** By the clusters' names as just read: a member's own name may be on the move. */
  async #membersOf(clusters: DBCluster[]): Promise<DBInstance[]> {
    const names = clusters.map((cluster) => cluster.DBClusterIdentifier ?? '');
    const found: DBInstance[] = [];
    for (let from = 0; from < names.length; from += pageSize) {
      const Filters = [{ Name: 'db-cluster-id', Values: names.slice(from, from + pageSize) }];
      let Marker: string | undefined;
      do {
        const page = await this.#call(
          this.#client.send(new DescribeDBInstancesCommand({ Filters, MaxRecords: pageSize, Marker })),
        );
        found.push(...(page.DBInstances ?? []));
        Marker = page.Marker;
      } while (Marker);
    }
    return found;
  }

  async #customEndpoints(): Promise<DBClusterEndpoint[]> {
    const Filters = [{ Name: 'db-cluster-endpoint-type', Values: ['custom'] }];
    const found: DBClusterEndpoint[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.#call(
        this.#client.send(new DescribeDBClusterEndpointsCommand({ Filters, MaxRecords: pageSize, Marker })),
      );
      found.push(...(page.DBClusterEndpoints ?? []).filter((one) => one.Status !== 'deleting'));
      Marker = page.Marker;
    } while (Marker);
    return found;
  }

  async #describe(input: DescribeDBClustersCommandInput): Promise<DBCluster[]> {
    const found: DBCluster[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.#call(
        this.#client.send(new DescribeDBClustersCommand({ ...input, MaxRecords: pageSize, Marker })),
      );
      found.push(...(page.DBClusters ?? []));
      Marker = page.Marker;
    } while (Marker);
    return found;
  }

  async #call<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

function windowOf({ EarliestRestorableTime: from, LatestRestorableTime: to }: DBCluster): Window | undefined {
  return from && to ? { from: from.getTime(), to: to.getTime() } : undefined;
}

function isBusy(error: unknown): boolean {
  return error instanceof ServiceRefusal && error.reason === 'busy';
}

function snapshotView(snapshot: DBClusterSnapshot): Snapshot {
  const status = snapshot.Status ?? 'unknown';
  return {
    kind: 'cluster',
    // A snapshot that another account shares is known by its ARN only.
    id:
      snapshot.SnapshotType === 'shared'
        ? (snapshot.DBClusterSnapshotArn ?? '')
        : (snapshot.DBClusterSnapshotIdentifier ?? ''),
    arn: snapshot.DBClusterSnapshotArn ?? '',
    database: snapshot.DBClusterIdentifier ?? '',
    status,
    isAvailable: status === 'available',
    hasFailed: status === 'failed',
    percent: snapshot.PercentProgress,
    createdAt: snapshot.SnapshotCreateTime?.getTime(),
    engine: snapshot.Engine ?? '',
    version: snapshot.EngineVersion ?? '',
    sizeGib: snapshot.AllocatedStorage ?? 0,
    type: snapshot.SnapshotType ?? 'manual',
    encrypted: snapshot.StorageEncrypted ?? false,
    isToCopy: false,
    unusable: unusableReason(snapshot.SnapshotType, snapshot.KmsKeyId),
  };
}
