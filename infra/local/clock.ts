/**
 * Virtual time for everything in the sandbox but what Slack measures (signatures, three seconds, trigger ids).
 *
 * Time stands still while a handler call is in flight (`hold`) and otherwise moves to the next due event, no faster
 * than `pace()` virtual seconds per second. Events run one at a time, in order of their due time and then of their
 * making, so that the same calls give the same history on every run.
 */
export interface Timer {
  cancel(): void;
}

interface Due {
  at: number;
  order: number;
  run: () => unknown;
  cancelled: boolean;
}

export interface ClockOptions {
  /** Virtual milliseconds since the epoch at the start. */
  start: number;
  /** Virtual seconds per second, asked before every wait. Infinity: no upper speed. 0: time stands still. */
  pace?: () => number;
}

const longestSleepMs = 60_000;

export class VirtualClock {
  #now: number;
  #order = 0;
  readonly #queue: Due[] = [];
  #holds = 0;
  #released: (() => void)[] = [];
  #pace: () => number;
  #wake: (() => void) | undefined;
  /** Counts starts and stops: a loop of an earlier start ends when it sees another number. */
  #life = 0;
  #stopped = true;
  #cancelled = 0;
  /** Real and virtual milliseconds at the moment the clock last began to move by itself. */
  #anchor: { real: number; virtual: number; pace: number } | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ClockOptions) {
    this.#now = options.start;
    this.#pace = options.pace ?? (() => Number.POSITIVE_INFINITY);
  }

  /** Virtual milliseconds since the epoch. */
  now(): number {
    if (this.#anchor === undefined || this.#holds > 0) return this.#now;
    const elapsed = performance.now() - this.#anchor.real;
    // Zero times infinity is not a number; and without an upper speed and without an event there is nowhere to go.
    const reached = this.#anchor.virtual + (elapsed > 0 ? elapsed * this.#anchor.pace : 0);
    const limit = this.#peek()?.at ?? (Number.isFinite(reached) ? reached : this.#now);
    return Math.floor(Math.max(this.#now, Math.min(reached, limit)));
  }

  /** Runs `run` at a moment of virtual time; an async `run` is waited for before time moves on. */
  at(ms: number, run: () => unknown): Timer {
    const due: Due = { at: Math.max(Math.ceil(ms), this.now()), order: this.#order++, run, cancelled: false };
    insert(this.#queue, due);
    this.#wake?.();
    return {
      cancel: () => {
        if (due.cancelled) return;
        due.cancelled = true;
        this.#cancelled += 1;
        this.#tidy();
      },
    };
  }

  after(ms: number, run: () => unknown): Timer {
    return this.at(this.now() + ms, run);
  }

  /** Keeps virtual time still until `work` is settled. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    const release = this.grab();
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** Keeps virtual time still until the returned function is called; calling it twice is harmless. */
  grab(): () => void {
    this.#settle();
    this.#holds += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      if (this.#holds > 0) return;
      this.#reanchor();
      for (const resolve of this.#released.splice(0)) resolve();
    };
  }

  /** The due time of the next event, in virtual milliseconds. */
  nextAt(): number | undefined {
    return this.#peek()?.at;
  }

  /** Runs events without an upper speed until `done()` holds or `limitMs` of virtual time has passed. */
  runUntil(done: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
    return this.#exclusive(async () => {
      const end = this.now() + limitMs;
      for (;;) {
        await this.#still();
        if (await done()) return true;
        if (this.#holds > 0) continue; // A call came in while the condition was being looked at.
        const next = this.#peek();
        if (next === undefined || next.at > end) {
          this.#now = Math.max(this.#now, end);
          this.#reanchor();
          return done();
        }
        await this.#step();
      }
    });
  }

  /** Lets `ms` of virtual time pass at once. */
  async advance(ms: number): Promise<void> {
    await this.runUntil(() => false, ms);
  }

  /** Moves by itself from now on, at `pace()`. */
  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#life += 1;
    this.#reanchor();
    void this.#loop(this.#life);
  }

  stop(): void {
    this.#settle();
    this.#stopped = true;
    this.#life += 1;
    this.#anchor = undefined;
    this.#wake?.();
  }

  /** To be called when `pace()` would now answer something else. */
  paceChanged(): void {
    this.#settle();
    this.#reanchor();
    this.#wake?.();
  }

  async #loop(life: number): Promise<void> {
    while (this.#life === life) {
      await this.#still();
      const next = this.#peek();
      if (next !== undefined && next.at <= this.now()) {
        await this.#exclusive(async () => {
          await this.#still();
          const due = this.#peek();
          const free = this.#holds === 0 && this.#life === life;
          if (free && due !== undefined && due.at <= this.now()) await this.#step();
        });
        continue;
      }
      const waitMs = next === undefined ? longestSleepMs : (next.at - this.now()) / this.#pace();
      if (this.#life === life) await this.#sleep(Math.min(waitMs, longestSleepMs));
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        resolve();
      }
      this.#wake = done;
    });
  }

  async #step(): Promise<void> {
    const due = this.#queue.shift();
    if (due === undefined) return;
    due.cancelled = true; // It has had its turn: cancelling it from now on changes nothing.
    this.#now = Math.max(this.#now, due.at);
    await this.hold(async () => {
      await due.run();
    });
    await this.#still();
  }

  /** Waits until no handler call is in flight. */
  async #still(): Promise<void> {
    while (this.#holds > 0) await new Promise<void>((resolve) => this.#released.push(resolve));
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  #peek(): Due | undefined {
    while (this.#queue[0]?.cancelled) {
      this.#queue.shift();
      this.#cancelled -= 1;
    }
    return this.#queue[0];
  }

  /** Far deadlines that were cancelled long ago must not slow down the sorted queue. */
  #tidy(): void {
    if (this.#cancelled < 64 || this.#cancelled * 2 < this.#queue.length) return;
    let kept = 0;
    for (const due of this.#queue) if (!due.cancelled) this.#queue[kept++] = due;
    this.#queue.length = kept;
    this.#cancelled = 0;
  }

  #settle(): void {
    this.#now = this.now();
  }

  #reanchor(): void {
    if (this.#stopped) return;
    this.#anchor = { real: performance.now(), virtual: this.#now, pace: this.#pace() };
  }
}

/** Binary insertion: the queue stays sorted by due time, then by order of making. */
function insert(queue: Due[], due: Due): void {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = queue[middle] as Due;
    if (other.at < due.at || (other.at === due.at && other.order < due.order)) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, due);
}
