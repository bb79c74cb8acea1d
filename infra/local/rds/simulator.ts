import type { VirtualClock } from '../clock';
import type { Faults } from '../faults';
import type { Answer, Incoming, Protocol, RefusalKind } from '../service';
import { actions } from './actions';
import type { Cluster, ClusterSnapshot } from './cluster';
import { RdsError } from './errors';
import type { Instance, Snapshot } from './instance';
import { defaultKnobs, type Knobs } from './knobs';
import { abandon } from './lifecycle';
import { uuid } from './naming';
import { Query } from './query';
import { Rate } from './rate';
import { type RdsEvent, World } from './world';
import { encodeAnswer, encodeError } from './xml';

export interface RdsSimulatorOptions {
  clock: VirtualClock;
  faults: Faults;
  region: string;
  accountId: string;
  accessKeyId: string;
  knobs?: Partial<Knobs>;
  /** Gets every event in the shape in which EventBridge delivers it. */
  emit?: (event: RdsEvent) => void;
}

/** A database as the sandbox's page and the checkers of invariants see it. */
export interface DatabaseInWorld {
  name: string;
  resourceId: string;
  arn: string;
  engine: string;
  engineVersion: string;
  class: string;
  status: string;
  endpoint: string | undefined;
  /** Whether a Describe by its name finds it now: not while a rename is under way. */
  answersByName: boolean;
  tags: Record<string, string>;
  deletionProtection: boolean;
  restoredFrom: string | undefined;
  replicaOf: string | undefined;
  replicas: string[];
  /** The name of the cluster that it is a member of. */
  cluster: string | undefined;
}

export interface ClusterInWorld {
  name: string;
  resourceId: string;
  arn: string;
  engine: string;
  engineVersion: string;
  status: string;
  endpoint: string | undefined;
  answersByName: boolean;
  tags: Record<string, string>;
  deletionProtection: boolean;
  restoredFrom: string | undefined;
  members: { name: string; resourceId: string; role: 'writer' | 'reader' }[];
}

export interface SnapshotInWorld {
  id: string;
  arn: string;
  /** `instance` or `cluster`: what a restore of it makes. */
  of: 'instance' | 'cluster';
  databaseName: string;
  resourceId: string;
  engine: string;
  status: string;
  type: string;
  createdAt: number | undefined;
  tags: Record<string, string>;
}

/** Amazon RDS behind its real protocol: AWS Query, version 2014-10-31, on virtual time. */
export class RdsSimulator implements Protocol {
  readonly service = 'rds';
  readonly knobs: Knobs;
  readonly world: World;
  readonly calls: Rate;
  readonly #region: string;
  readonly #accessKeyId: string;
  #requests = 0;

  constructor(options: RdsSimulatorOptions) {
    this.knobs = { ...defaultKnobs, ...options.knobs };
    this.world = new World({ ...options, knobs: this.knobs });
    this.calls = new Rate(options.clock, this.knobs);
    this.#region = options.region;
    this.#accessKeyId = options.accessKeyId;
  }

  operation(incoming: Incoming): string {
    const found = /(?:^|&)Action=([^&]*)/.exec(incoming.body)?.[1];
    return found === undefined ? '' : decodeURIComponent(found);
  }

  answer(incoming: Incoming, operation: string): Answer {
    const requestId = this.#requestId();
    try {
      this.#checkCaller(incoming);
      if (!this.calls.pass()) throw new RdsError('Throttling', 'Rate exceeded');
      const action = actions.get(operation);
      if (action === undefined) {
        throw new RdsError('InvalidAction', `Could not find operation ${operation} for version 2014-10-31`);
      }
      const value = action(this.world, new Query(incoming.body));
      return {
        ...xml(200, '', requestId),
        // Written down when somebody reads it: a caller in the same process takes the value.
        get body() {
          return encodeAnswer(operation, value, requestId);
        },
        value,
      };
    } catch (error) {
      if (error instanceof RdsError) return xml(error.status, encodeError(error, requestId), requestId);
      throw error;
    }
  }

  refusal(kind: RefusalKind, operation: string): Answer {
    const requestId = this.#requestId();
    const error = refusalOf(kind, operation);
    return xml(error.status, encodeError(error, requestId), requestId);
  }

  /** Plain data about everything there is, things being deleted included. */
  snapshotOfWorld(): { databases: DatabaseInWorld[]; clusters: ClusterInWorld[]; snapshots: SnapshotInWorld[] } {
    return {
      databases: [...this.world.instances.values()].map((each) => this.#database(each)),
      clusters: [...this.world.clusters.values()].map((each) => this.#cluster(each)),
      snapshots: [
        ...[...this.world.snapshots.values()].map(snapshotInWorld),
        ...[...this.world.clusterSnapshots.values()].map(clusterSnapshotInWorld),
      ],
    };
  }

  /** Puts a database into a status at once, and stops what was going on with it. */
  setStatus(name: string, status: string): void {
    const instance = this.world.instance(name);
    instance.work?.cancel();
    instance.work = undefined;
    abandon(this.world, instance);
    this.world.setStatus(instance, status);
  }

  /** Puts a database into the world as it is: for seeding. */
  put(instance: Instance): void {
    this.world.add(instance);
  }

  putSnapshot(snapshot: Snapshot): void {
    this.world.addSnapshot(snapshot);
  }

  #database(instance: Instance): DatabaseInWorld {
    const { view } = instance;
    return {
      name: view.DBInstanceIdentifier,
      resourceId: view.DbiResourceId,
      arn: view.DBInstanceArn,
      engine: view.Engine,
      engineVersion: view.EngineVersion,
      class: view.DBInstanceClass,
      status: view.DBInstanceStatus,
      endpoint: view.Endpoint?.Address,
      answersByName: this.world.byName.get(view.DBInstanceIdentifier) === instance,
      tags: tagsOf(view.TagList),
      deletionProtection: view.DeletionProtection ?? false,
      restoredFrom: instance.restoredFrom,
      replicaOf: view.ReadReplicaSourceDBInstanceIdentifier,
      replicas: [...view.ReadReplicaDBInstanceIdentifiers],
      cluster: view.DBClusterIdentifier,
    };
  }

  #cluster(cluster: Cluster): ClusterInWorld {
    const { view } = cluster;
    return {
      name: view.DBClusterIdentifier,
      resourceId: view.DbClusterResourceId,
      arn: view.DBClusterArn,
      engine: view.Engine,
      engineVersion: view.EngineVersion,
      status: view.Status,
      endpoint: view.Endpoint,
      answersByName: this.world.clustersByName.get(view.DBClusterIdentifier) === cluster,
      tags: tagsOf(view.TagList),
      deletionProtection: view.DeletionProtection ?? false,
      restoredFrom: cluster.restoredFrom,
      members: cluster.members.map(({ instance, isWriter }) => ({
        name: instance.view.DBInstanceIdentifier,
        resourceId: instance.view.DbiResourceId,
        role: isWriter ? 'writer' : 'reader',
      })),
    };
  }

  #requestId(): string {
    this.#requests += 1;
    return uuid(`request/${this.#requests}`);
  }

  /** Source: AWS General Reference, Signature Version 4: the credential scope. The signature itself is not checked. */
  #checkCaller(incoming: Incoming): void {
    const scope = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/rds\/aws4_request/.exec(
      String(incoming.headers.authorization ?? ''),
    );
    if (scope === null) {
      throw new RdsError('MissingAuthenticationToken', 'Request is missing Authentication Token');
    }
    if (scope[1] !== this.#accessKeyId) {
      throw new RdsError('InvalidClientTokenId', 'The security token included in the request is invalid.');
    }
    if (scope[2] !== this.#region) {
      throw new RdsError('SignatureDoesNotMatch', `Credential should be scoped to a valid region, not '${scope[2]}'.`);
    }
  }
}

function xml(status: number, body: string, requestId: string): Answer {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}

/** The words of a refusal, by what the operation is about. */
const words = {
  instance: { missing: 'DBInstanceNotFound', busy: 'InvalidDBInstanceState', full: 'InstanceQuotaExceeded' },
  snapshot: { missing: 'DBSnapshotNotFound', busy: 'InvalidDBSnapshotState', full: 'SnapshotQuotaExceeded' },
  cluster: {
    missing: 'DBClusterNotFoundFault',
    busy: 'InvalidDBClusterStateFault',
    full: 'DBClusterQuotaExceededFault',
  },
  clusterSnapshot: {
    missing: 'DBClusterSnapshotNotFoundFault',
    busy: 'InvalidDBClusterSnapshotStateFault',
    full: 'SnapshotQuotaExceeded',
  },
} as const;

function refusalOf(kind: RefusalKind, operation: string): RdsError {
  const isCluster = operation.includes('DBCluster');
  const usesSnapshot = /Snapshots?$/.test(operation) && !operation.startsWith('Create');
  const makesSnapshot = /^(Create|Copy)DB(Cluster)?Snapshot$/.test(operation);
  const about = isCluster ? words.cluster : words.instance;
  const aboutSnapshot = isCluster ? words.clusterSnapshot : words.snapshot;
  const used = usesSnapshot ? aboutSnapshot : about;
  switch (kind) {
    case 'throttle':
      return new RdsError('Throttling', 'Rate exceeded');
    case '5xx':
      return new RdsError('InternalFailure', 'An internal error occurred.');
    case 'access-denied':
      return new RdsError('AccessDenied', `User is not authorized to perform: rds:${operation}`);
    case 'not-found':
      return new RdsError(used.missing, 'The resource was not found.');
    case 'wrong-state':
      return new RdsError(used.busy, 'The resource is not in a state that allows this.');
    case 'quota':
      return new RdsError((makesSnapshot ? aboutSnapshot : about).full, 'The request would exceed the quota.');
  }
}

function snapshotInWorld({ view }: Snapshot): SnapshotInWorld {
  return {
    id: view.DBSnapshotIdentifier,
    arn: view.DBSnapshotArn,
    of: 'instance',
    databaseName: view.DBInstanceIdentifier,
    resourceId: view.DbiResourceId,
    engine: view.Engine,
    status: view.Status,
    type: view.SnapshotType,
    createdAt: view.SnapshotCreateTime?.getTime(),
    tags: tagsOf(view.TagList),
  };
}

function clusterSnapshotInWorld({ view }: ClusterSnapshot): SnapshotInWorld {
  return {
    id: view.DBClusterSnapshotIdentifier,
    arn: view.DBClusterSnapshotArn,
    of: 'cluster',
    databaseName: view.DBClusterIdentifier,
    resourceId: view.DbClusterResourceId,
    engine: view.Engine,
    status: view.Status,
    type: view.SnapshotType,
    createdAt: view.SnapshotCreateTime?.getTime(),
    tags: tagsOf(view.TagList),
  };
}

function tagsOf(tags: { Key?: string | undefined; Value?: string | undefined }[]): Record<string, string> {
  return Object.fromEntries(tags.map((tag) => [tag.Key ?? '', tag.Value ?? '']));
}
