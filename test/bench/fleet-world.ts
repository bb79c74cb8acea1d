import { resolve } from 'node:path';
import type { Cluster } from '../../infra/local/rds/cluster';
import type { Knobs } from '../../infra/local/rds/knobs';
import { seedInstance, seedSnapshot } from '../../infra/local/rds/seed';
import { seedCluster, seedClusterSnapshot, seedMember } from '../../infra/local/rds/seed-clusters';
import type { RdsSimulator } from '../../infra/local/rds/simulator';
import { createSandbox, type Sandbox } from '../../infra/local/sandbox';
import type { CallRecord } from '../../infra/local/service';
import { lookMemoryMb } from '../../infra/memory';
import { createParts } from '../../orchestrator/aws/parts';
import { readConfig } from '../../orchestrator/config';
import { Door } from '../../orchestrator/door/door';
import { ServiceRefusal } from '../../orchestrator/errors';
import { MemoryEngine } from '../fast/memory-engine';
import { wiredFront } from '../fast/wires';
import {
  type Bill,
  callSeconds,
  dollars,
  failoverSeconds,
  firstBackupSeconds,
  type Kind,
  rate,
  type Timeline,
  tableCallSeconds,
  transitionSeconds,
} from './assumptions';
import { progress } from './progress';

/** A Sunday at noon UTC: half a day from every window of the databases below. */
export const noon = Date.parse('2026-11-22T12:00:00Z');
const policyFile = resolve(__dirname, 'policy.yml');
const pressAgainMs = 5_000;
/** How long RDS still shows what was before a change that it has accepted; a part of a cluster's rename. */
const staleSeconds = 10;
/** Of a cluster's rename: how long it is found by neither name. */
const gapSeconds = 10;
const memoryGigabytes = lookMemoryMb / 1024;
/** What a function works beside its calls: some 6 ms of a whole processor, which a function has with 1,769 MB. */
const invocationSeconds = (0.0058 * 1769) / lookMemoryMb;

/** One restore as RDS saw it. */
export interface OurRun {
  succeeded: boolean;
  /** From the accepted rename of the original until the copy answers under the name. */
  outageSeconds: number;
  /** From the request until the restore was proven. */
  doneSeconds: number;
  transitions: number;
  history: number;
}

export interface Fleet {
  runs: OurRun[];
  /** From the first request until the last restore was proven, in seconds. */
  fleetSeconds: number;
  /** Until the restore was proven: the time in which RDS was ready and nobody had looked yet. One run only. */
  lagSeconds: number;
  /** The same while the original is removed: nobody waits for that. */
  laterLagSeconds: number;
  describes: number;
  accepted: number;
  throttled: number;
  lambdaSeconds: number;
  bill: Bill;
  dollarsPerRun: number;
}

export interface FleetOptions {
  count: number;
  /** A cluster has two members, which are made after it: each takes half of the restore. */
  kind?: Kind;
  timeline: Timeline;
  /** All requests come within this long. */
  windowSeconds: number;
  /** After the full minute. */
  offsetSeconds?: number;
  limited: boolean;
  events: boolean;
  knobs?: Partial<Knobs>;
  /** Whether the hold and the removal belong to it. */
  toTheEnd: boolean;
  /** Called while everything still stands. */
  atTheEnd?: () => void;
}

/** Fewer than these are over before anybody wonders. */
const toldEvery = 100;

const nameOf = (index: number) => `bench-${String(index).padStart(5, '0')}`;

/** The deployed machine and handlers, on virtual time, for databases that are all alike. */
export async function playFleet(options: FleetOptions): Promise<Fleet> {
  const { count, kind = 'instance', windowSeconds, offsetSeconds = 0 } = options;
  const tableEngine = new MemoryEngine({ isMetered: true });
  const sandbox = await createSandbox({
    start: noon,
    wall: () => noon,
    policyFile,
    front: wiredFront,
    tableEngine,
    rdsEvents: options.events,
    knobs: knobsFor(options),
    seed: (rds) => (kind === 'cluster' ? seedClusters : seedFleet)(rds, count),
  });
  try {
    const meter = new Meter(sandbox, tableEngine, count, kind);
    const door = new Door(createParts(readConfig(sandbox.environment), sandbox.clock));
    const startAt = noon + 60_000 + offsetSeconds * 1000;
    const ask = async (index: number): Promise<void> => {
      try {
        const answer = await door.request(requestFor(index));
        if (!answer.ok) throw new Error(answer.problem.message);
      } catch (error) {
        if (!(error instanceof ServiceRefusal)) throw error;
        // RDS is too busy to be asked: people press again.
        sandbox.clock.after(pressAgainMs, () => ask(index));
      }
    };
    for (let index = 0; index < count; index += 1)
      sandbox.clock.at(startAt + (index * windowSeconds * 1000) / count, () => ask(index));
    const isDone = () => meter.isDone(options.toTheEnd);
    await sandbox.clock.runUntil(isDone, (windowSeconds + 48 * 3600) * 1000);
    options.atTheEnd?.();
    return meter.result(startAt);
  } finally {
    await sandbox.close();
  }
}

export function requestFor(index: number) {
  return {
    database: nameOf(index),
    source: { kind: 'snapshot', snapshot: `${nameOf(index)}-snapshot` } as const,
    target: { kind: 'replace' } as const,
    reason: 'benchmark',
    requester: { id: 'U0ANA00001', team: 'T0SANDBOX1' },
    channel: 'C0DBOPS001',
    key: nameOf(index),
  };
}

export function knobsFor({ timeline, limited, knobs, count }: FleetOptions): Partial<Knobs> {
  const half = timeline.renameSeconds / 2;
  return {
    snapshotSeconds: timeline.snapshotSeconds,
    restoreSeconds: timeline.restoreSeconds,
    deleteSeconds: timeline.deleteSeconds,
    clusterRestoreSeconds: timeline.restoreSeconds / 2,
    memberCreateSeconds: timeline.restoreSeconds / 2,
    staleSeconds,
    clusterRenameSeconds: timeline.renameSeconds - staleSeconds - gapSeconds,
    clusterRenameGapSeconds: gapSeconds,
    failoverSeconds,
    baselineBackupSeconds: firstBackupSeconds,
    renameOldGoneSeconds: half,
    renameNewVisibleSeconds: half,
    renameOldFreeSeconds: half,
    renameFlashSeconds: 0,
    renameRebootSeconds: half,
    quotaInstances: 4 * count + 10,
    quotaClusters: 2 * count + 10,
    quotaManualSnapshots: 10 * count + 100,
    quotaManualClusterSnapshots: 10 * count + 100,
    quotaStorageGiB: 100_000_000,
    rate: limited ? rate : undefined,
    ...knobs,
  };
}

export function seedFleet(rds: RdsSimulator, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const name = nameOf(index);
    const instance = seedInstance(rds.world, {
      name,
      engine: 'postgres',
      version: '16.6',
      class: 'db.t4g.micro',
      sizeGiB: 20,
      ageDays: 30,
    });
    seedSnapshot(rds.world, instance, `${name}-snapshot`, 6 * 3_600_000);
  }
}

function seedClusters(rds: RdsSimulator, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const name = nameOf(index);
    const view = { CopyTagsToSnapshot: true };
    const cluster = seedCluster(rds.world, { name, engine: 'aurora-postgresql', version: '16.4', view });
    for (const place of [1, 2]) seedMember(rds.world, cluster, place, 'db.r6g.large', {});
    seedClusterSnapshot(rds.world, cluster, `${name}-snapshot`, 'manual', 0.25);
  }
}

class Meter {
  readonly #sandbox: Sandbox;
  readonly #table: MemoryEngine;
  readonly #renamedAt = new Map<string, number>();
  readonly #answeredAt = new Map<string, number>();
  readonly #inFlight = new Set<string>();
  readonly #doneAt = new Map<string, number>();
  readonly #closed = new Set<string>();
  readonly #count: number;
  readonly #kind: Kind;
  /** Clusters that have their name again, and since when nobody can write to them. */
  readonly #settling = new Map<string, number | undefined>();
  readonly #interrupted = new Map<string, number>();
  #readySince: number | undefined;
  #wasBusy = false;
  #lag = 0;
  #laterLag = 0;
  #describes = 0;
  #lambdaSeconds = 0;
  readonly #bill: Bill = { transitions: 0, gigabyteSeconds: 0, invocations: 0, messages: 0, writes: 0, reads: 0 };

  constructor(sandbox: Sandbox, table: MemoryEngine, count: number, kind: Kind) {
    this.#kind = kind;
    this.#sandbox = sandbox;
    this.#table = table;
    this.#count = count;
    sandbox.onCall((call) => this.#heard(call));
    sandbox.onRun((run) => {
      if (run.finishedAt !== undefined && !this.#doneAt.has(run.id)) {
        this.#doneAt.set(run.id, run.finishedAt);
        if (this.#doneAt.size % toldEvery === 0) progress(`  ${this.#doneAt.size} of ${count} restored`);
      }
      if (run.closedAt !== undefined || run.status === 'needs-help') this.#closed.add(run.id);
    });
  }

  isDone(toTheEnd: boolean): boolean {
    this.#look();
    const ended = toTheEnd ? this.#closed.size : Math.max(this.#doneAt.size, this.#closed.size);
    return ended >= this.#count;
  }

  result(startAt: number): Fleet {
    const { runs, machine, rds } = this.#sandbox;
    const all = [...runs.values()];
    const executions = new Map(machine.executions().map((one) => [one.name, one]));
    const ours = all.map((run): OurRun => {
      const renamed = this.#renamedAt.get(run.request.database);
      const answered = this.#answeredAt.get(run.request.database);
      const execution = executions.get(run.id);
      return {
        succeeded: run.status === 'succeeded',
        outageSeconds:
          renamed === undefined
            ? 0
            : answered === undefined
              ? Number.POSITIVE_INFINITY
              : (answered - renamed + (this.#interrupted.get(run.request.database) ?? 0)) / 1000,
        doneSeconds: ((run.finishedAt ?? Number.POSITIVE_INFINITY) - run.request.at) / 1000,
        transitions: (execution?.states ?? []).reduce((sum, { retries }) => sum + 1 + retries, 1),
        history: execution?.events ?? 0,
      };
    });
    this.#bill.writes = this.#table.units.write;
    this.#bill.reads = this.#table.units.read;
    this.#bill.transitions = ours.reduce((sum, run) => sum + run.transitions, 0);
    const { invocations } = this.#sandbox.lambda;
    for (const times of invocations.values()) this.#bill.invocations += times;
    this.#lambdaSeconds += this.#bill.invocations * invocationSeconds;
    this.#bill.gigabyteSeconds = this.#lambdaSeconds * memoryGigabytes;
    return {
      runs: ours,
      fleetSeconds: (Math.max(...this.#doneAt.values()) - startAt) / 1000,
      lagSeconds: this.#lag / 1000,
      laterLagSeconds: this.#laterLag / 1000,
      describes: this.#describes,
      accepted: rds.calls.accepted,
      throttled: rds.calls.throttled,
      lambdaSeconds: this.#lambdaSeconds,
      bill: this.#bill,
      dollarsPerRun: dollars(this.#bill) / this.#count,
    };
  }

  #heard({ service, operation, at, body, status }: CallRecord): void {
    if (service === 'rds') {
      this.#lambdaSeconds += callSeconds;
      if (operation.startsWith('Describe')) this.#describes += 1;
      if (this.#readySince !== undefined) {
        if (this.#doneAt.size === 0) this.#lag += at - this.#readySince;
        else this.#laterLag += at - this.#readySince;
        this.#readySince = undefined;
      }
      const asked = this.#kind === 'cluster' ? 'NewDBClusterIdentifier' : 'NewDBInstanceIdentifier';
      const to = status === 200 && body.includes(asked) ? new URLSearchParams(body).get(asked) : null;
      const name = to && /^(bench-\d+)-old-/.exec(to)?.[1];
      if (name && !this.#renamedAt.has(name)) {
        this.#renamedAt.set(name, at);
        this.#inFlight.add(name);
      }
    } else if (service === 'dynamodb') {
      this.#lambdaSeconds += tableCallSeconds;
    } else if (service === 'sqs') {
      // A batch is one request; receiving and deleting each of its messages are two more.
      this.#bill.messages += 1 + 2 * (body.match(/"Id"/g)?.length ?? 1);
      this.#lambdaSeconds += tableCallSeconds;
    }
    if (service === 'states') this.#lambdaSeconds += transitionSeconds;
    else if (service === 'slack') this.#lambdaSeconds += callSeconds;
  }

  /** Between two events of the clock: whoever answers again, and since when RDS is ready without anybody knowing. */
  #look(): void {
    const { rds, clock } = this.#sandbox;
    for (const name of this.#inFlight) {
      if (!(this.#kind === 'cluster' ? isClusterBack(rds.world, name) : isInstanceBack(rds.world, name))) continue;
      this.#answeredAt.set(name, clock.now());
      this.#inFlight.delete(name);
      if (this.#kind === 'cluster') this.#settling.set(name, undefined);
    }
    for (const [name, since] of this.#settling) {
      const cluster = rds.world.clustersByName.get(name);
      const isDown = cluster === undefined || !isWritable(cluster);
      if (isDown && since === undefined) this.#settling.set(name, clock.now());
      if (isDown || since === undefined) continue;
      this.#interrupted.set(name, (this.#interrupted.get(name) ?? 0) + clock.now() - since);
      this.#settling.set(name, undefined);
    }
    if (this.#count > 1) return;
    const { instances, clusters, snapshots, clusterSnapshots } = rds.world;
    const isBusy =
      some(instances.values(), ({ view }) => view.DBInstanceStatus !== 'available') ||
      some(clusters.values(), ({ view }) => view.Status !== 'available') ||
      some(snapshots.values(), ({ view }) => view.Status === 'creating') ||
      some(clusterSnapshots.values(), ({ view }) => view.Status === 'creating');
    if (this.#wasBusy && !isBusy) this.#readySince = clock.now();
    if (isBusy) this.#readySince = undefined;
    this.#wasBusy = isBusy;
  }
}

function isInstanceBack({ byName }: RdsSimulator['world'], name: string): boolean {
  const holder = byName.get(name);
  const hasAddress = holder?.view.Endpoint?.Address?.startsWith(`${name}.`) ?? false;
  return holder?.restoredFrom !== undefined && holder.view.DBInstanceStatus === 'available' && hasAddress;
}

function isClusterBack({ clustersByName }: RdsSimulator['world'], name: string): boolean {
  const holder = clustersByName.get(name);
  return holder?.restoredFrom !== undefined && holder.view.Status === 'available' && isWritable(holder);
}

function isWritable({ view, members }: Cluster): boolean {
  const writer = members.find(({ isWriter }) => isWriter)?.instance.view.DBInstanceStatus ?? '';
  return (
    !['failing-over', 'renaming'].includes(view.Status) && ['available', 'modifying', 'backing-up'].includes(writer)
  );
}

function some<T>(all: Iterable<T>, is: (one: T) => boolean): boolean {
  for (const one of all) if (is(one)) return true;
  return false;
}
