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
  /** Virtual seconds per second, asked before every wait. Infinity: no upper speed. */
  pace?: () => number;
}

export class VirtualClock {
  #now: number;
  #order = 0;
  readonly #queue: Due[] = [];
  #holds = 0;
  #released: (() => void)[] = [];
  #pace: () => number;
  #wake: (() => void) | undefined;
  #stopped = true;
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
    const moved = (performance.now() - this.#anchor.real) * this.#anchor.pace;
    const next = this.#peek();
    const reached = this.#anchor.virtual + moved;
    return Math.floor(Math.max(this.#now, next ? Math.min(reached, next.at) : reached));
  }

  /** Runs `run` at a moment of virtual time; an async `run` is waited for before time moves on. */
  at(ms: number, run: () => unknown): Timer {
    const due: Due = { at: Math.max(ms, this.now()), order: this.#order++, run, cancelled: false };
    insert(this.#queue, due);
    this.#wake?.();
    return {
      cancel: () => {
        due.cancelled = true;
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
      const end = this.#now + limitMs;
      for (;;) {
        await this.#still();
        if (await done()) return true;
        const next = this.#peek();
        if (next === undefined || next.at > end) {
          this.#now = Math.max(this.#now, end);
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
    this.#reanchor();
    void this.#loop();
  }

  stop(): void {
    this.#settle();
    this.#stopped = true;
    this.#anchor = undefined;
    this.#wake?.();
  }

  /** To be called when `pace()` would now answer something else. */
  paceChanged(): void {
    this.#settle();
    this.#reanchor();
    this.#wake?.();
  }

  async #loop(): Promise<void> {
    while (!this.#stopped) {
      await this.#still();
      const next = this.#peek();
      const pace = this.#pace();
      const waitMs = next === undefined ? 60_000 : (next.at - this.now()) / pace;
      if (next !== undefined && waitMs <= 0) {
        await this.#exclusive(async () => {
          await this.#still();
          const due = this.#peek();
          if (due !== undefined && due.at <= this.now()) await this.#step();
        });
        continue;
      }
      await this.#sleep(Math.min(waitMs, 60_000));
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
    if (due === undefined || due.cancelled) return;
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
    while (this.#queue[0]?.cancelled) this.#queue.shift();
    return this.#queue[0];
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
