import type {
  BlueGreenDeployment,
  DBProxy,
  DBProxyTargetGroup,
  Event,
  PendingMaintenanceAction,
} from '@aws-sdk/client-rds';
import type { VirtualClock } from '../clock';
import type { Faults } from '../faults';
import type { Cluster, ClusterSnapshot } from './cluster';
import { RdsError } from './errors';
import { type EventKind, eventKinds } from './events';
import type { Instance, InstanceView, Snapshot } from './instance';
import type { Knobs } from './knobs';
import { Lookups } from './lookups';
import { endpointAddress, nameOf, type Place, pick, rdsArn, resourceId, uuid } from './naming';
import { Encoded } from './xml';

/** An event as EventBridge delivers it. Source: RDS User Guide, Amazon RDS event categories and event messages. */
export interface RdsEvent {
  version: '0';
  id: string;
  'detail-type': (typeof eventSources)[EventSource]['detailType'];
  source: 'aws.rds';
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: {
    EventCategories: string[];
    SourceType: (typeof eventSources)[EventSource]['sourceType'];
    SourceArn: string;
    SourceIdentifier: string;
    Date: string;
    Message: string;
    EventID: string;
  };
}

export interface Proxy {
  view: DBProxy & { DBProxyName: string };
  group: DBProxyTargetGroup & { TargetGroupName: string };
  targets: { kind: 'instance' | 'cluster'; name: string; resourceId: string }[];
}

const keptEvents = 5000;

/** How DescribeEvents and EventBridge call the kinds of things that events are about. */
const eventSources = {
  instance: { api: 'db-instance', sourceType: 'DB_INSTANCE', detailType: 'RDS DB Instance Event' },
  snapshot: { api: 'db-snapshot', sourceType: 'SNAPSHOT', detailType: 'RDS DB Snapshot Event' },
  cluster: { api: 'db-cluster', sourceType: 'CLUSTER', detailType: 'RDS DB Cluster Event' },
  clusterSnapshot: {
    api: 'db-cluster-snapshot',
    sourceType: 'CLUSTER_SNAPSHOT',
    detailType: 'RDS DB Cluster Snapshot Event',
  },
} as const;
type EventSource = keyof typeof eventSources;

/** Everything that an account holds in one Region, and the ways to change it that keep its indexes true. */
export class World implements Place {
  readonly clock: VirtualClock;
  readonly faults: Faults;
  readonly region: string;
  readonly accountId: string;
  readonly knobs: Knobs;
  readonly lookups: Lookups;
  /** By resource id, in order of creation; an instance leaves when it is deleted. */
  readonly instances = new Map<string, Instance>();
  /** What a name finds now. */
  readonly byName = new Map<string, Instance>();
  /** The resource id that keeps a name from others: its bearer, who is about to get it, or who has just lost it. */
  readonly taken = new Map<string, string>();
  readonly snapshots = new Map<string, Snapshot>();
  /** Clusters beside the instances, with names of their own. */
  readonly clusters = new Map<string, Cluster>();
  /** Of other accounts, shared through AWS RAM: seen by whoever asks for them, changed by nobody here. */
  readonly sharedClusters: Cluster[] = [];
  readonly clustersByName = new Map<string, Cluster>();
  readonly clusterNamesTaken = new Map<string, string>();
  readonly clusterSnapshots = new Map<string, ClusterSnapshot>();
  /** Automated backups that outlived their instance, by its resource id. */
  readonly retained = new Map<string, InstanceView>();
  readonly proxies = new Map<string, Proxy>();
  readonly deployments: (BlueGreenDeployment & { BlueGreenDeploymentIdentifier: string })[] = [];
  readonly maintenance = new Map<string, PendingMaintenanceAction[]>();
  readonly events: (Event & { Date: Date })[] = [];
  readonly #emit: ((event: RdsEvent) => void) | undefined;
  #instancesMade = 0;
  #clustersMade = 0;
  #eventsMade = 0;
  #secretsMade = 0;

  constructor(parts: {
    clock: VirtualClock;
    faults: Faults;
    region: string;
    accountId: string;
    knobs: Knobs;
    emit?: ((event: RdsEvent) => void) | undefined;
  }) {
    this.clock = parts.clock;
    this.faults = parts.faults;
    this.region = parts.region;
    this.accountId = parts.accountId;
    this.knobs = parts.knobs;
    this.#emit = parts.emit;
    this.lookups = new Lookups(parts);
  }

  nextResourceId(): string {
    this.#instancesMade += 1;
    return resourceId(this, 'db', this.#instancesMade);
  }

  nextClusterId(): string {
    this.#clustersMade += 1;
    return resourceId(this, 'cluster', this.#clustersMade);
  }

  nextSecretSeed(): string {
    this.#secretsMade += 1;
    return `${this.accountId}/${this.region}/secret/${this.#secretsMade}`;
  }

  /** Puts an instance under its name. The name must be free. */
  add(instance: Instance): void {
    const { DBInstanceIdentifier: name, DbiResourceId: id } = instance.view;
    this.instances.set(id, instance);
    this.byName.set(name, instance);
    this.taken.set(name, id);
  }

  remove(instance: Instance): void {
    const { DBInstanceIdentifier: name, DbiResourceId: id } = instance.view;
    instance.work?.cancel();
    for (const timer of instance.roleTimers.values()) timer.cancel();
    this.instances.delete(id);
    if (this.byName.get(name) === instance) this.byName.delete(name);
    for (const [held, owner] of this.taken) if (owner === id) this.taken.delete(held);
  }

  /** @throws DBInstanceNotFound */
  instance(given: string): Instance {
    const name = nameOf(this, 'db', given);
    const found = name === undefined ? undefined : this.byName.get(name);
    if (found === undefined) throw new RdsError('DBInstanceNotFound', `DBInstance ${name ?? given} not found.`);
    return found;
  }

  /** @throws DBSnapshotNotFound */
  snapshot(given: string): Snapshot {
    const own = nameOf(this, 'snapshot', given);
    const found = this.snapshots.get(own ?? given.toLowerCase());
    if (found === undefined) throw new RdsError('DBSnapshotNotFound', `DBSnapshot ${own ?? given} not found.`);
    return found;
  }

  /** Snapshots of this account are known by name, those of others by ARN. */
  addSnapshot(snapshot: Snapshot): void {
    const arn = snapshot.view.DBSnapshotArn;
    this.snapshots.set(nameOf(this, 'snapshot', arn) ?? arn.toLowerCase(), snapshot);
  }

  /** To be called when a view was changed in place. */
  touch(changed: { encoded: Encoded | undefined }): void {
    changed.encoded = undefined;
  }

  setStatus(subject: Instance | Cluster, status: string): void {
    if (subject.kind === 'instance') subject.view.DBInstanceStatus = status;
    else subject.view.Status = status;
    subject.encoded = undefined;
  }

  /** @throws DBClusterNotFoundFault */
  cluster(given: string): Cluster {
    const name = nameOf(this, 'cluster', given);
    const found = name === undefined ? undefined : this.clustersByName.get(name);
    if (found === undefined) throw new RdsError('DBClusterNotFoundFault', `DBCluster ${name ?? given} not found.`);
    return found;
  }

  /** @throws DBClusterSnapshotNotFoundFault */
  clusterSnapshot(given: string): ClusterSnapshot {
    const found = this.clusterSnapshots.get(nameOf(this, 'cluster-snapshot', given) ?? given.toLowerCase());
    if (found === undefined) {
      throw new RdsError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot ${given} not found.`);
    }
    return found;
  }

  /** Snapshots of this account are known by name, those of others by ARN. */
  addClusterSnapshot(snapshot: ClusterSnapshot): void {
    const arn = snapshot.view.DBClusterSnapshotArn;
    this.clusterSnapshots.set(nameOf(this, 'cluster-snapshot', arn) ?? arn.toLowerCase(), snapshot);
  }

  showCluster(cluster: Cluster): Encoded {
    cluster.encoded ??= new Encoded(cluster.view, 'DBCluster');
    const { firstRestorable } = cluster;
    if (firstRestorable === undefined) return cluster.encoded;
    const window = {
      EarliestRestorableTime: new Date(firstRestorable),
      LatestRestorableTime: new Date(this.latestRestorable(firstRestorable)),
    };
    return new Encoded(window, 'DBCluster', cluster.encoded);
  }

  showClusterSnapshot({ view, progress }: ClusterSnapshot): Encoded {
    if (progress === undefined) return new Encoded(view, 'DBClusterSnapshot');
    return new Encoded({ ...view, PercentProgress: this.#percent(progress) }, 'DBClusterSnapshot');
  }

  #percent({ from, to }: { from: number; to: number }): number {
    return Math.min(99, Math.floor(((this.clock.now() - from) / (to - from)) * 100));
  }

  /** What Describe shows of an instance: kept until something changes, but for what moves with time. */
  show(instance: Instance): Encoded {
    const { LatestRestorableTime: backedUp, ...view } = instance.view;
    instance.encoded ??= new Encoded(view, 'DBInstance');
    const moving = {
      LatestRestorableTime: backedUp === undefined ? undefined : new Date(this.latestRestorable(backedUp.getTime())),
      ...this.#initializing(instance),
    };
    return new Encoded(moving, 'DBInstance', instance.encoded);
  }

  /** Five minutes behind, once there is a first backup. Source: RestoreDBInstanceToPointInTime. */
  latestRestorable(firstBackup: number): number {
    return Math.max(firstBackup, this.clock.now() - 300_000);
  }

  #initializing(instance: Instance): object {
    const { initializing } = instance;
    if (initializing === undefined) return {};
    const done = (this.clock.now() - initializing.from) / (initializing.to - initializing.from);
    if (done < 1) {
      return { StorageOperationStatus: 'Initializing', StorageOperationPercentProgress: Math.floor(done * 100) };
    }
    instance.initializing = undefined;
    return {};
  }

  showSnapshot(snapshot: Snapshot): Encoded {
    const { progress, view } = snapshot;
    if (progress === undefined) {
      snapshot.encoded ??= new Encoded(view, 'DBSnapshot');
      return snapshot.encoded;
    }
    return new Encoded({ ...view, PercentProgress: this.#percent(progress) }, 'DBSnapshot');
  }

  instanceEvent(instance: Instance, kind: EventKind, message?: string): void {
    const { DBInstanceIdentifier: name, DBInstanceArn: arn } = instance.view;
    this.#event('instance', name, arn, kind, message);
  }

  snapshotEvent(snapshot: Snapshot, kind: EventKind, message?: string): void {
    this.#event('snapshot', snapshot.view.DBSnapshotIdentifier, snapshot.view.DBSnapshotArn, kind, message);
  }

  clusterEvent(cluster: Cluster, kind: EventKind, message?: string): void {
    this.#event('cluster', cluster.view.DBClusterIdentifier, cluster.view.DBClusterArn, kind, message);
  }

  clusterSnapshotEvent({ view }: ClusterSnapshot, kind: EventKind): void {
    this.#event('clusterSnapshot', view.DBClusterSnapshotIdentifier, view.DBClusterSnapshotArn, kind);
  }

  #event(about: EventSource, name: string, arn: string, kind: EventKind, message?: string): void {
    const source = eventSources[about];
    const { id, text, category } = eventKinds[kind];
    const date = new Date(this.clock.now());
    const words = message ?? text;
    this.events.push({
      SourceIdentifier: name,
      SourceType: source.api,
      Message: words,
      EventCategories: [category],
      Date: date,
      SourceArn: arn,
    });
    if (this.events.length > 2 * keptEvents) this.events.splice(0, keptEvents);
    if (this.#emit === undefined) return;
    this.#eventsMade += 1;
    this.#emit({
      version: '0',
      id: uuid(`${this.accountId}/${this.region}/event/${this.#eventsMade}`),
      'detail-type': source.detailType,
      source: 'aws.rds',
      account: this.accountId,
      time: date.toISOString(),
      region: this.region,
      resources: [arn],
      detail: {
        EventCategories: [category],
        SourceType: source.sourceType,
        SourceArn: arn,
        SourceIdentifier: name,
        Date: date.toISOString(),
        Message: words,
        EventID: id,
      },
    });
  }

  instanceArn(name: string): string {
    return rdsArn(this, 'db', name);
  }

  endpoint(instance: Instance) {
    return {
      Address: endpointAddress(this, instance.view.DBInstanceIdentifier),
      Port: instance.port,
      HostedZoneId: `Z${pick(this.region, 1e9)}RDS`,
    };
  }
}
