import {
  AddTagsToResourceCommand,
  type BlueGreenDeployment,
  type DBCluster,
  DescribeAccountAttributesCommand,
  DescribeBlueGreenDeploymentsCommand,
  FailoverDBClusterCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-rds';
import { digest } from '../digest';
import type { Clock, Converged, Database, Databases, OwnSnapshot, Snapshot, Window } from '../ports';
import type { Comparison } from '../run';
import type { Settings } from '../settings';
import {
  type CloneInput,
  type DatabaseKind,
  type RemovalOptions,
  type RestoreInput,
  type RestoreToTimeInput,
  snapshotIdOf,
} from './database-kind';
import { proxyTargets, release, retarget } from './proxies';
import { RdsClusters } from './rds-clusters';
import { RdsInstances } from './rds-instances';
import { isNamed, refusalOf } from './refusal';
import { impossibleIn, tagList } from './setting-values';
import { instanceSettings } from './settings';
import { clusterSettings } from './settings-cluster';
import { SharedReads } from './shared-reads';

/** A prefetched read serves the looks of one tick, and no act is older than a lease (30 s). */
const freshMs = 5_000;
/** As many in ten seconds ask the account's lists each for themselves, and names. */
const few = 10;
const fewNames = 25;
/** A deployment in one of these no longer ties its two sides together (BlueGreenDeployment, Status). */
const endedDeployments = ['SWITCHOVER_COMPLETED', 'DELETING', 'DELETED'];

/** The databases of one account and Region behind the RDS API, of either kind. */
export class RdsDatabases implements Databases {
  readonly #client: RDSClient;
  readonly #clock: Clock;
  readonly #isHurried: boolean;
  readonly #clusters: RdsClusters;
  readonly #kinds: Readonly<Record<Database['kind'], DatabaseKind>>;
  readonly #prefetched = new Map<string, Glance>();
  readonly #named = new Map<string, { found: (Database | undefined)[]; at: number }>();
  readonly #shared: SharedReads;
  readonly #snapshots = new Map<string, { view: Snapshot | undefined; at: number }>();

  /** `isHurried`: people wait for what is read, so that a call too many costs less than a call after another. */
  constructor(client: RDSClient, clock: Clock, isHurried = false) {
    this.#client = client;
    this.#clock = clock;
    this.#isHurried = isHurried;
    this.#shared = new SharedReads(clock, freshMs);
    this.#clusters = new RdsClusters(client);
    this.#kinds = { instance: new RdsInstances(client), cluster: this.#clusters };
  }

  /** Instances and clusters have names of their own: whoever has both under one name has to say which is meant. */
  async find(name: string, kind?: Database['kind']): Promise<Database | undefined> {
    if (kind !== undefined) return (await this.#ofName(name, kind)).find((one) => one?.kind === kind);
    const early = this.#isHurried ? this.#deployments() : undefined;
    early?.catch(() => undefined);
    const [instance, cluster] = await this.#ofName(name);
    const isMember = instance?.unsupported?.startsWith('it is a member') ?? false;
    if (instance && cluster && !isMember)
      return { ...instance, unsupported: 'a DB instance and a DB cluster have this name; rename one of them first' };
    const found = cluster ?? instance;
    if (found === undefined || found.unsupported !== undefined) return found;
    const deployments = await (early ?? this.#deployments());
    const deployment = deployments.find(({ Source, Target }) => [Source, Target].includes(found.arn));
    return deployment === undefined
      ? found
      : {
          ...found,
          unsupported: `it belongs to the blue/green deployment ${deployment.BlueGreenDeploymentName}; finish or delete that first`,
        };
  }

  /** What has the name; as read for everybody a few seconds ago, while many ask for names. */
  async #ofName(name: string, kind?: Database['kind']): Promise<(Database | undefined)[]> {
    const kept = this.#named.get(name);
    if (kept && this.#clock.now() - kept.at <= freshMs) return kept.found;
    if (this.#shared.isCrowded('names', fewNames)) {
      const all = await this.#shared.read('all', 0, () => this.#everything());
      const found = all.filter((one) => one.name === name);
      // What is not among them may have been made since.
      if (found.length > 0)
        return (['instance', 'cluster'] as const).map((each) => found.find((one) => one.kind === each));
    }
    const kinds = kind === undefined ? [this.#kinds.instance, this.#kinds.cluster] : [this.#kinds[kind]];
    return Promise.all(kinds.map((each) => each.find(name)));
  }

  async #everything(): Promise<Database[]> {
    const found = await Promise.all([this.#kinds.instance.all(), this.#kinds.cluster.all()]);
    return found.flat();
  }

  async byResourceId(resourceId: string): Promise<Database | undefined> {
    const kept = this.#prefetched.get(resourceId);
    if (kept && this.#clock.now() - kept.at <= freshMs) {
      await this.#complete([kept]);
      return kept.view;
    }
    const [instance] = await this.#kinds.instance.byResourceIds(isCluster(resourceId) ? [] : [resourceId]);
    const [cluster] = await this.#kinds.cluster.byResourceIds(isCluster(resourceId) ? [resourceId] : []);
    return instance ?? cluster;
  }

  async prefetch(watched: string[]): Promise<void> {
    this.#prefetched.clear();
    this.#named.clear();
    this.#snapshots.clear();
    const names = watched.flatMap((id) => nameIn(id) ?? []);
    const resourceIds = watched.filter(isResourceId);
    const snapshotIds = watched.filter((id) => !isResourceId(id) && nameIn(id) === undefined);
    // An ARN says of which kind it is; an id does not.
    const ofKind = (kind: Database['kind']) =>
      this.#kinds[kind].snapshotsByIds(
        snapshotIds.filter((id) => !isArn(id) || kindOf(id) === kind).map((id) => (isArn(id) ? snapshotIdOf(id) : id)),
      );
    const [byName, instances, clusters, ...snapshots] = await Promise.all([
      Promise.all([this.#kinds.instance.byNames(names), this.#kinds.cluster.byNames(names)]),
      this.#kinds.instance.byResourceIds(resourceIds.filter((id) => !isCluster(id))),
      this.#clusters.glance(resourceIds.filter(isCluster)),
      ofKind('instance'),
      ofKind('cluster'),
    ]);
    const at = this.#clock.now();
    const views = new Map(instances.map((one) => [one.resourceId, one]));
    const alone = new Map(clusters.map((one) => [one.DbClusterResourceId, one]));
    const known = new Map(snapshots.flat().flatMap((one) => [[one.id, one] as const, [one.arn, one] as const]));
    for (const name of names)
      this.#named.set(name, { found: byName.map((kind) => kind.find((one) => one.name === name)), at });
    for (const id of resourceIds) {
      const [view, cluster] = [views.get(id), alone.get(id)];
      this.#prefetched.set(id, { view, cluster, at, seen: view ?? cluster });
    }
    for (const id of snapshotIds) {
      const view = known.get(id);
      this.#snapshots.set(id, { view, at });
      if (view) this.#snapshots.set(view.id, { view, at });
    }
  }

  async complete(watched: string[]): Promise<void> {
    await this.#complete(watched.flatMap((id) => this.#prefetched.get(id) ?? []));
  }

  sight(watched: string[]): string | undefined {
    const seen = watched.map((id) => {
      const snapshot = this.#snapshots.get(id);
      // How far a snapshot is, is no news that somebody has to act upon.
      return this.#prefetched.get(id) ?? (snapshot && { ...snapshot, seen: { ...snapshot.view, percent: undefined } });
    });
    const isFresh = seen.every((one) => one !== undefined && this.#clock.now() - one.at <= freshMs);
    return isFresh && watched.length > 0 ? digest(seen.map((one) => one?.seen)) : undefined;
  }

  /** Every database of the account and Region; members of clusters are parts of theirs. */
  async all(): Promise<Database[]> {
    return (await this.#everything()).filter((one) => !one.unsupported?.startsWith('it is a member'));
  }

  ownerElsewhere(name: string): Promise<string | undefined> {
    return this.#clusters.ownerElsewhere(name);
  }

  async snapshotsOf(name: string): Promise<Snapshot[]> {
    const found = await Promise.all(Object.values(this.#kinds).map((kind) => kind.snapshotsOf(name)));
    const made = (snapshot: Snapshot) => snapshot.createdAt ?? Number.MAX_SAFE_INTEGER;
    return found.flat().sort((a, b) => made(b) - made(a));
  }

  /** A snapshot's ARN says its kind; of two with the same id, the instance's is meant. */
  async snapshot(id: string): Promise<Snapshot | undefined> {
    const kept = this.#snapshots.get(id);
    if (kept && this.#clock.now() - kept.at <= freshMs) return kept.view;
    if (isArn(id)) return this.#kinds[kindOf(id)].snapshot(id);
    return (await this.#kinds.instance.snapshot(id)) ?? this.#kinds.cluster.snapshot(id);
  }

  async sharedSnapshots(): Promise<Snapshot[]> {
    const found = await Promise.all(Object.values(this.#kinds).map((kind) => kind.sharedSnapshots()));
    return found.flat().sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  }

  async room({ kind, settings }: Pick<Database, 'kind' | 'settings'>): ReturnType<Databases['room']> {
    const { AccountQuotas } = await this.#shared.read('quotas', few, () =>
      this.#call(this.#client.send(new DescribeAccountAttributesCommand({}))),
    );
    const quota = (name: string) => {
      const found = AccountQuotas?.find((one) => one.AccountQuotaName === name);
      return { used: found?.Used ?? 0, max: found?.Max ?? Number.MAX_SAFE_INTEGER };
    };
    const { takes, snapshots } = this.#kinds[kind].quotas(settings);
    return {
      copy: takes.map(({ name, ...one }) => ({ ...one, ...quota(name) })),
      snapshots: { what: 'manual snapshots', ...quota(snapshots) },
    };
  }

  async proxiesOf(name: string): Promise<string[]> {
    const targets = await this.#shared.read('proxies', few, () => this.#call(proxyTargets(this.#client)));
    return targets.flatMap(({ proxy, databases }) => (databases.includes(name) ? [proxy] : [])).sort();
  }

  async takeSnapshot(database: Database, id: string, tags: Record<string, string>): Promise<void> {
    this.#prefetched.delete(database.resourceId);
    // Of this one only: the others serve whoever is looked at next.
    this.#snapshots.delete(id);
    await this.#kinds[database.kind].takeSnapshot(database, id, tags);
  }

  async copySnapshot(...input: Parameters<Databases['copySnapshot']>): Promise<void> {
    const [snapshot, id] = input;
    this.#snapshots.delete(id);
    await this.#kinds[snapshot.kind].copySnapshot(...input);
  }

  async restore(input: RestoreInput): Promise<void> {
    this.#named.delete(input.name);
    await this.#kinds[input.snapshot.kind].restore(input);
  }

  async restorable(database: Database): Promise<Window | undefined> {
    return this.#kinds[database.kind].restorable(database);
  }

  async restoreToTime(input: RestoreToTimeInput): Promise<void> {
    this.#named.delete(input.name);
    await this.#kinds[input.from.kind].restoreToTime(input);
  }

  async clone(input: CloneInput): Promise<void> {
    this.#named.delete(input.name);
    await this.#kinds[input.from.kind].clone(input);
  }

  async removeSnapshot({ id, kind }: Pick<OwnSnapshot, 'id' | 'kind'>): Promise<void> {
    this.#snapshots.clear();
    await this.#kinds[kind].removeSnapshot(id);
  }

  async converge(database: Database, wanted: Settings): Promise<Converged> {
    return this.#acting(database).converge(database, wanted);
  }

  impossible(kind: Database['kind'], settings: Settings): { title: string; why: string }[] {
    return impossibleIn(kind === 'cluster' ? clusterSettings : instanceSettings, settings);
  }

  compare(wanted: Settings, actual: Database): Comparison[] {
    return this.#kinds[actual.kind].compare(wanted, actual);
  }

  async rename(database: Database, to: string): Promise<void> {
    // Renaming to the same name only reboots (RDS: seen with the CloudFormation handler).
    this.#named.delete(to);
    if (database.name !== to) await this.#acting(database).rename(database, to);
  }

  async renameMember(database: Database, member: string, to: string): Promise<void> {
    this.#prefetched.delete(database.resourceId);
    if (member === to) return;
    const input = { DBInstanceIdentifier: member, NewDBInstanceIdentifier: to, ApplyImmediately: true };
    await this.#call(this.#client.send(new ModifyDBInstanceCommand(input)));
  }

  async failOver(database: Database, to: string): Promise<void> {
    this.#prefetched.delete(database.resourceId);
    const input = { DBClusterIdentifier: database.name, TargetDBInstanceIdentifier: to };
    await this.#call(this.#client.send(new FailoverDBClusterCommand(input)));
  }

  async reattach(
    holder: Database,
    other: Database | undefined,
    wanted: Settings,
    proxies: string[],
  ): Promise<Converged> {
    this.#prefetched.delete(holder.resourceId);
    if (other) this.#prefetched.delete(other.resourceId);
    const endpoints = holder.kind === 'cluster' ? await this.#clusters.moveEndpoints(holder, other, wanted) : 'equal';
    if (endpoints !== 'equal') return endpoints;
    for (const proxy of proxies) {
      const moved = await this.#call(retarget(this.#client, proxy, holder, other));
      if (moved) return { changing: [`the target of the proxy ${proxy}`] };
    }
    return 'equal';
  }

  async detach(database: Database, from: string, proxies: string[]): Promise<Converged> {
    this.#prefetched.delete(database.resourceId);
    const endpoint = database.kind === 'cluster' ? await this.#clusters.dropEndpoint(database) : undefined;
    if (endpoint !== undefined) return { changing: [`the custom endpoint ${endpoint}`] };
    for (const proxy of proxies) {
      const isReleased = await this.#call(release(this.#client, proxy, database, from));
      if (isReleased) return { changing: [`the target of the proxy ${proxy}`] };
    }
    return 'equal';
  }

  async protect(database: Database, on: boolean): Promise<void> {
    await this.#acting(database).protect(database, on);
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

  async remove(database: Database, options: RemovalOptions): Promise<void> {
    await this.#acting(database).remove(database, options);
  }

  /** What was read before an act is not true after it. */
  #acting(database: Database): DatabaseKind {
    this.#prefetched.delete(database.resourceId);
    this.#named.delete(database.name);
    return this.#kinds[database.kind];
  }

  /** Gives clusters that were only glanced at their members, for all of them with one call. */
  async #complete(glances: Glance[]): Promise<void> {
    const clusters = glances.flatMap(({ view, cluster }) => (view === undefined && cluster ? [cluster] : []));
    const views = new Map((await this.#clusters.views(clusters)).map((one) => [one.resourceId, one]));
    for (const glance of glances) glance.view ??= views.get(glance.cluster?.DbClusterResourceId ?? '');
  }

  /** Those that tie databases together; no attribute of a database says so. */
  async #deployments(): Promise<BlueGreenDeployment[]> {
    try {
      const { BlueGreenDeployments } = await this.#shared.read('blue-green', few, () =>
        this.#client.send(new DescribeBlueGreenDeploymentsCommand({})),
      );
      return (BlueGreenDeployments ?? []).filter(({ Status }) => !endedDeployments.includes(Status ?? ''));
    } catch (error) {
      // Regions without blue/green deployments do not know the call.
      if (isNamed(error, 'InvalidAction')) return [];
      throw refusalOf(error);
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

/** What one read for everybody has found of a database: of a cluster, all but its members. */
interface Glance {
  view: Database | undefined;
  cluster: DBCluster | undefined;
  /** What it looked like; undefined when there was nothing to be seen. */
  seen: object | undefined;
  at: number;
}

/** See `named`. */
function nameIn(watched: string): string | undefined {
  return /^name:(.+)$/.exec(watched)?.[1];
}

function isCluster(resourceId: string): boolean {
  return resourceId.startsWith('cluster-');
}

function isArn(id: string): boolean {
  return id.startsWith('arn:');
}

/** Of a snapshot's ARN. */
function kindOf(arn: string): Database['kind'] {
  return arn.includes(':cluster-snapshot:') ? 'cluster' : 'instance';
}

/** `db-` or `cluster-` and capitals; identifiers of snapshots are stored in small letters. */
function isResourceId(id: string): boolean {
  return /^(db|cluster)-[A-Z0-9]+$/.test(id);
}
