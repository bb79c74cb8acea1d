import {
  type Bill,
  callSeconds,
  clientStartSeconds,
  type Kind,
  rate,
  type Timeline,
  transitionSeconds,
} from './assumptions';

/** One run of the ancestor's pipeline on a timeline. Times in seconds from its start. */
export interface AncestorRun {
  succeeded: boolean;
  /** From the rename until a database answers under the name again; infinite when none ever does. */
  outageSeconds: number;
  endedAt: number;
  describes: number;
  calls: number;
  throttled: number;
  lambdaSeconds: number;
  bill: Bill;
}

/** A blocking waiter: one poll every 40 s, as often as fits into what is left of 15 minutes. */
const pollSeconds = 40;
const pollsPerInvocation = 21;
const maxAttempts = 5;
const memoryGigabytes = 128 / 1024;

type Process = Generator<number, void>;

class Bucket {
  #tokens = rate.burst;
  #at = 0;

  take(now: number): boolean {
    this.#tokens = Math.min(rate.burst, this.#tokens + (now - this.#at) * rate.perSecond);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

interface Job {
  now: number;
  timeline: Timeline;
  kind: Kind;
  bucket: Bucket | undefined;
  result: AncestorRun;
  renamedAt: number;
}

class Throttled extends Error {}
class NotThere extends Error {}
class TimedOut extends Error {}

/**
 * Its order of states, its 40-second waiters inside sleeping functions, its two seconds until a client is ready, its
 * retries and their limits, re-stated: snapshot, export, rename, restore, delete. No code of it is used.
 */
export function ancestors(
  timelines: { timeline: Timeline; startSeconds: number }[],
  limited: boolean,
  kind: Kind = 'instance',
): AncestorRun[] {
  const bucket = limited ? new Bucket() : undefined;
  const jobs = timelines.map(({ timeline, startSeconds }): Job & { process: Process } => {
    const result: AncestorRun = {
      succeeded: false,
      outageSeconds: 0,
      endedAt: 0,
      describes: 0,
      calls: 0,
      throttled: 0,
      lambdaSeconds: 0,
      bill: { transitions: 0, gigabyteSeconds: 0, invocations: 0, messages: 0, writes: 0, reads: 0 },
    };
    const job = { now: startSeconds, timeline, kind, bucket, result, renamedAt: Number.NaN };
    return { ...job, process: pipeline(job) };
  });
  // Generators close over their own job object, so the earliest of them goes on each time.
  const heap = new Earliest(jobs.map((job, index) => ({ at: job.now, index })));
  for (let next = heap.pop(); next; next = heap.pop()) {
    const job = jobs[next.index];
    const step = job?.process.next();
    if (job && step && !step.done) heap.push({ at: step.value, index: next.index });
  }
  return jobs.map(({ result }) => result);
}

function* pipeline(job: Job): Process {
  const { timeline, result } = job;
  try {
    yield* transitions(job, 3);
    const snapshotAt = yield* task(job, 10, () => lambda(job, [callSeconds]));
    yield* task(job, 10, () => waiter(job, () => job.now >= snapshotAt + timeline.snapshotSeconds));
    yield* transitions(job, 2);
    yield* task(job, 10, () => lambda(job, [callSeconds]));
    job.renamedAt = yield* task(job, 10, () => lambda(job, [callSeconds, callSeconds]));
    const visibleAt = job.renamedAt + timeline.renameSeconds / 2;
    const movedAt = job.renamedAt + timeline.renameSeconds;
    yield* task(job, 5, () =>
      waiter(
        job,
        () => job.now >= movedAt,
        () => job.now >= visibleAt,
      ),
    );
    yield* transitions(job, 1);
    const restoredAt = yield* task(job, 10, () => lambda(job, [callSeconds, callSeconds]));
    // One waiter waits for a cluster and its members; half a poll passes between the two.
    const answersAt = restoredAt + timeline.restoreSeconds + (job.kind === 'cluster' ? pollSeconds / 2 : 0);
    result.outageSeconds = answersAt - job.renamedAt;
    yield* task(job, 10, () => waiter(job, () => job.now >= answersAt));
    yield* transitions(job, 1);
    const deletedAt = yield* task(job, 10, () => lambda(job, [callSeconds]));
    yield* task(job, 10, () => waiter(job, () => job.now >= deletedAt + timeline.deleteSeconds));
    yield* transitions(job, 2);
    result.succeeded = true;
  } catch (error) {
    if (!(error instanceof Throttled || error instanceof NotThere || error instanceof TimedOut)) throw error;
    // Its failure branch alerts by mail, and the alert to Slack fails: nothing is taken back.
    yield* transitions(job, 5);
    yield* lambda(job, []);
    yield* lambda(job, []);
    if (!Number.isNaN(job.renamedAt) && result.outageSeconds === 0) result.outageSeconds = Number.POSITIVE_INFINITY;
  }
  result.endedAt = job.now;
}

function* transitions(job: Job, count: number): Process {
  job.result.bill.transitions += count;
  yield* sleep(job, count * transitionSeconds);
}

/** One state with its retries; answers when its last call was made. */
function* task(job: Job, intervalSeconds: number, invoke: () => Generator<number, number>): Generator<number, number> {
  for (let attempt = 0; ; attempt += 1) {
    yield* transitions(job, 1);
    try {
      return yield* invoke();
    } catch (error) {
      if (attempt >= maxAttempts) throw error;
      yield* sleep(job, intervalSeconds * 2 ** attempt);
    }
  }
}

function* lambda(job: Job, calls: number[]): Generator<number, number> {
  const startedAt = job.now;
  job.result.bill.invocations += 1;
  try {
    yield* sleep(job, clientStartSeconds);
    for (const seconds of calls) yield* call(job, seconds);
    return job.now;
  } finally {
    meter(job, startedAt);
  }
}

function* waiter(job: Job, isReady: () => boolean, isThere: () => boolean = () => true): Generator<number, number> {
  const startedAt = job.now;
  job.result.bill.invocations += 1;
  try {
    yield* sleep(job, clientStartSeconds);
    for (let poll = 0; poll < pollsPerInvocation; poll += 1) {
      if (poll > 0) yield* sleep(job, pollSeconds);
      job.result.describes += 1;
      yield* call(job, callSeconds);
      if (!isThere()) throw new NotThere();
      if (isReady()) return job.now;
    }
    throw new TimedOut();
  } finally {
    meter(job, startedAt);
  }
}

/** boto3's own retries: four more, after about 0.5, 1, 2 and 4 seconds. */
function* call(job: Job, seconds: number): Process {
  for (let attempt = 0; ; attempt += 1) {
    job.result.calls += 1;
    yield* sleep(job, seconds);
    if (job.bucket === undefined || job.bucket.take(job.now)) return;
    job.result.throttled += 1;
    if (attempt >= 4) throw new Throttled();
    yield* sleep(job, 0.5 * 2 ** attempt);
  }
}

function* sleep(job: Job, seconds: number): Process {
  job.now += seconds;
  yield job.now;
}

function meter(job: Job, startedAt: number): void {
  const seconds = job.now - startedAt;
  job.result.lambdaSeconds += seconds;
  job.result.bill.gigabyteSeconds += seconds * memoryGigabytes;
}

interface Entry {
  at: number;
  index: number;
}

/** A binary heap; entries of one time in the order of their runs. */
class Earliest {
  readonly #entries: Entry[] = [];

  constructor(entries: Entry[]) {
    for (const entry of entries) this.push(entry);
  }

  push(entry: Entry): void {
    const entries = this.#entries;
    let at = entries.push(entry) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!isBefore(entry, entries[up] as Entry)) break;
      entries[at] = entries[up] as Entry;
      at = up;
    }
    entries[at] = entry;
  }

  pop(): Entry | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && isBefore(entries[child + 1] as Entry, entries[child] as Entry)) child += 1;
      if (!isBefore(entries[child] as Entry, last)) break;
      entries[at] = entries[child] as Entry;
      at = child;
    }
    entries[at] = last;
    return first;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.index < b.index);
}
