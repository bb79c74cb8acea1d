import { subscribe } from 'node:diagnostics_channel';
import type { Timer, VirtualClock } from './clock';
import type { Faults } from './faults';
import { invokeStore, traced } from './invoke-store';

/**
 * Runs the deployed handlers. Every invocation carries a trace id, which the AWS SDK sends along with each call
 * (X-Amzn-Trace-Id, as in Lambda): so a front knows whose call it answers, and a queue how many hops lie behind it.
 */
export interface Deployed {
  handler: (event: unknown, context: LambdaContext) => Promise<unknown>;
  timeoutSeconds: number;
  /**
   * Makes the handler anew. After a time-out Lambda resets the execution environment, so that nothing of what the dead
   * invocation still waited for is there for the next one (Lambda: Execution environment lifecycle).
   */
  restart?: () => Deployed['handler'];
}

export interface LambdaContext {
  awsRequestId: string;
  functionName: string;
  getRemainingTimeInMillis(): number;
}

export type Invocation = { ok: true; value: unknown } | { ok: false; name: string; message: string; trace?: string[] };

interface Running {
  id: string;
  name: string;
  hops: number;
  crashed: boolean;
  /** Ends the invocation from outside: time moves on without it. */
  detach: (why: 'crash' | 'slow') => void;
  /** The slow answer has come: time stands still again while the handler works on. */
  resume: () => void;
}

export class Lambda {
  readonly #functions = new Map<string, Deployed>();
  readonly #running = new Map<string, Running>();
  readonly #clock: VirtualClock;
  readonly #faults: Faults;
  /** How often each function was invoked. */
  readonly invocations = new Map<string, number>();
  readonly #detachListeners = new Set<(name: string) => void>();
  #count = 0;

  constructor(clock: VirtualClock, faults: Faults) {
    this.#clock = clock;
    this.#faults = faults;
    // The AWS SDK sends a trace id only where it believes to run on Lambda.
    process.env.AWS_LAMBDA_FUNCTION_NAME ??= 'trapheus-sandbox';
    traceFetches();
  }

  deploy(name: string, deployed: Deployed): void {
    this.#functions.set(name, deployed);
  }

  /** The invocation that a request belongs to, by its trace header; undefined for a client from outside. */
  caller(
    headers: Record<string, string | string[] | undefined>,
  ): { id: string; name: string; hops: number; crashed: boolean } | undefined {
    const header = headers['x-amzn-trace-id'];
    const id = /Root=([^;]+)/.exec(String(header ?? ''))?.[1];
    return id === undefined ? undefined : this.#running.get(id);
  }

  /** Tells of every invocation without whose end time has to move on: it died, or waits for a slow answer. */
  onDetached(listener: (name: string) => void): () => void {
    this.#detachListeners.add(listener);
    return () => this.#detachListeners.delete(listener);
  }

  /** From now on none of this invocation's calls returns; its caller sees the function's time-out. */
  crash(id: string): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    running.crashed = true;
    running.detach('crash');
  }

  /** Lets virtual time pass while this invocation waits for a slow answer. */
  async slow(id: string | undefined, seconds: number): Promise<void> {
    const running = id === undefined ? undefined : this.#running.get(id);
    const waited = new Promise<void>((resolve) => {
      this.#clock.after(seconds * 1000, () => {
        running?.resume();
        resolve();
      });
    });
    running?.detach('slow');
    await waited;
  }

  /** For a handler that waits on purpose: virtual time passes meanwhile. */
  async wait(ms: number): Promise<void> {
    await this.slow(/Root=([^;]+)/.exec(invokeStore.getXRayTraceId() ?? '')?.[1], ms / 1000);
  }

  /**
   * Settles when the function has answered, or when its time-out has passed on the virtual clock. Holds virtual time
   * while the handler works. `hops`: how many messages of one loop lie behind this event.
   *
   * `onDetached` is called when time has to move on before the result is known: an event of the clock that awaits
   * this invocation must then end, or the clock would wait for itself.
   */
  invoke(name: string, event: unknown, options: { hops?: number; onDetached?: () => void } = {}): Promise<Invocation> {
    return new Promise((resolve, reject) => {
      this.#run(name, event, options, resolve).catch(reject);
    });
  }

  /**
   * An invocation as an event of the clock: ends when the handler has ended and `done` has seen its result, or when
   * time has to move on without it. Time stands still while `done` works, however late that is.
   */
  dispatch(
    name: string,
    event: unknown,
    options: { hops?: number },
    done: (result: Invocation) => unknown,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      let detached = false;
      const onDetached = () => {
        detached = true;
        resolve();
      };
      this.#run(name, event, { ...options, onDetached }, done).then(resolve, (error: unknown) => {
        const mistake = error instanceof Error ? error : new Error(String(error));
        if (detached) throw mistake; // Nobody waits any more: a mistake of the sandbox must not pass in silence.
        reject(mistake);
      });
    });
  }

  /** Settles when `done` has; rejects if it fails. */
  async #run(
    name: string,
    event: unknown,
    options: { hops?: number; onDetached?: () => void },
    done: (result: Invocation) => unknown,
  ): Promise<void> {
    const deployed = this.#functions.get(name);
    if (deployed === undefined)
      throw new Error(`no function named ${name} is deployed; known: ${[...this.#functions.keys()].join(', ')}`);
    this.#count += 1;
    this.invocations.set(name, (this.invocations.get(name) ?? 0) + 1);
    const id = `1-${this.#count.toString(16).padStart(8, '0')}-${'0'.repeat(24)}`;
    const payload = JSON.stringify(event);
    const call = { service: 'lambda', operation: name, body: payload } as const;
    const fault = this.#faults.take(call, ['crash-before', 'throttle', '5xx', 'crash-after']);
    let release = this.#clock.grab();
    const startedAt = this.#clock.now();
    const endsAt = startedAt + deployed.timeoutSeconds * 1000;
    const result = await new Promise<{ invocation: Invocation; told: () => void }>((resolve) => {
      let deadline: Timer | undefined;
      let ended = false;
      /** Resolves when `done` has seen the result, so that an event of the clock can wait for that. */
      const finish = (invocation: Invocation): Promise<void> => {
        if (ended) return Promise.resolve();
        ended = true;
        deadline?.cancel();
        if (!running.crashed) this.#running.delete(id);
        return new Promise<void>((told) => resolve({ invocation, told }));
      };
      const timeOut = () => {
        // Lambda freezes a function that has timed out: whatever it still waits for never comes.
        running.crashed = true;
        if (deployed.restart) deployed.handler = deployed.restart();
        return finish({
          ok: false,
          name: 'Sandbox.Timedout',
          message: `RequestId: ${id} Error: Task timed out after ${deployed.timeoutSeconds}.00 seconds`,
        });
      };
      const running: Running = {
        id,
        name,
        hops: options.hops ?? 0,
        crashed: false,
        detach: (why) => {
          if (why === 'crash') running.crashed = true;
          if (deadline === undefined) {
            deadline = this.#clock.at(endsAt, timeOut);
            options.onDetached?.();
          }
          release();
          for (const listener of this.#detachListeners) listener(name);
        },
        resume: () => {
          if (ended || running.crashed) return;
          release();
          release = this.#clock.grab();
        },
      };
      this.#running.set(id, running);
      if (fault?.kind === 'crash-before') return running.detach('crash');
      if (fault?.kind === 'throttle')
        return void finish({ ok: false, name: 'Lambda.TooManyRequestsException', message: 'Rate Exceeded.' });
      if (fault?.kind === '5xx')
        return void finish({ ok: false, name: 'Lambda.ServiceException', message: 'Internal error' });
      const context: LambdaContext = {
        awsRequestId: id,
        functionName: name,
        getRemainingTimeInMillis: () => endsAt - this.#clock.now(),
      };
      const work = async () => asJson(await deployed.handler(JSON.parse(payload), context));
      traced(`Root=${id};Hops=${running.hops}`, id, work).then(
        (value) => {
          if (fault?.kind === 'crash-after') return running.detach('crash');
          if (!running.crashed) void finish({ ok: true, value });
        },
        (error: unknown) => {
          if (!running.crashed) void finish({ ok: false, ...asFailure(error) });
        },
      );
    });
    try {
      await done(result.invocation);
    } finally {
      result.told();
      release();
    }
  }
}

/** What a caller of the function sees of its result: what JSON can carry. */
function asJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

/** As the Node.js runtime of Lambda reports what a handler threw. */
function asFailure(error: unknown): { name: string; message: string; trace: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error), trace: [] };
  return { name: error.name, message: error.message, trace: (error.stack ?? '').split('\n') };
}

let tracing = false;

/** Slack's client uses fetch, which knows nothing of X-Ray: give its requests the same header. */
function traceFetches(): void {
  if (tracing) return;
  tracing = true;
  subscribe('undici:request:create', (message) => {
    const id = invokeStore.getXRayTraceId();
    if (id !== undefined)
      (message as { request: { addHeader(name: string, value: string): void } }).request.addHeader(
        'x-amzn-trace-id',
        id,
      );
  });
}
