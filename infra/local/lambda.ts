import { subscribe } from 'node:diagnostics_channel';
import { InvokeStore, InvokeStoreBase } from '@aws/lambda-invoke-store';
import type { VirtualClock } from './clock';
import type { Faults } from './faults';

/**
 * Runs the deployed handlers. Every invocation carries a trace id, which the AWS SDK sends along with each call
 * (X-Amzn-Trace-Id, as in Lambda): so a front knows whose call it answers, and a queue how many hops lie behind it.
 */
export interface Deployed {
  handler: (event: unknown, context: LambdaContext) => Promise<unknown>;
  timeoutSeconds: number;
}

export interface LambdaContext {
  awsRequestId: string;
  functionName: string;
  getRemainingTimeInMillis(): number;
}

export type Invocation = { ok: true; value: unknown } | { ok: false; name: string; message: string };

interface Running {
  id: string;
  name: string;
  hops: number;
  crashed: boolean;
  /** Ends the invocation from outside: time moves on without it. */
  detach: (why: 'crash' | 'slow') => void;
}

const traceId = InvokeStoreBase.PROTECTED_KEYS.X_RAY_TRACE_ID;
const requestId = InvokeStoreBase.PROTECTED_KEYS.REQUEST_ID;

export class Lambda {
  readonly #functions = new Map<string, Deployed>();
  readonly #running = new Map<string, Running>();
  readonly #clock: VirtualClock;
  readonly #faults: Faults;
  #count = 0;

  constructor(clock: VirtualClock, faults: Faults) {
    this.#clock = clock;
    this.#faults = faults;
    traceFetches();
  }

  deploy(name: string, deployed: Deployed): void {
    this.#functions.set(name, deployed);
  }

  /** The invocation that a request belongs to, by its trace header; undefined for a client from outside. */
  caller(
    headers: Record<string, string | string[] | undefined>,
  ): { id: string; hops: number; crashed: boolean } | undefined {
    const header = headers['x-amzn-trace-id'];
    const id = /Root=([^;]+)/.exec(String(header ?? ''))?.[1];
    return id === undefined ? undefined : this.#running.get(id);
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
    const waited = new Promise<void>((resolve) => this.#clock.after(seconds * 1000, resolve));
    if (id !== undefined) this.#running.get(id)?.detach('slow');
    await waited;
  }

  /**
   * Settles when the function has answered, or when its time-out has passed on the virtual clock. Holds virtual time
   * while the handler works. `hops`: how many messages of one loop lie behind this event.
   *
   * `onDetached` is called when time has to move on before the result is known: an event of the clock that awaits
   * this invocation must then end, or the clock would wait for itself.
   */
  invoke(name: string, event: unknown, options: { hops?: number; onDetached?: () => void } = {}): Promise<Invocation> {
    const deployed = this.#functions.get(name);
    if (deployed === undefined) throw new Error(`no function named ${name}`);
    this.#count += 1;
    const id = `1-${this.#count.toString(16).padStart(8, '0')}-${'0'.repeat(24)}`;
    const call = { service: 'lambda', operation: name, body: JSON.stringify(event) } as const;
    const fault = this.#faults.take(call, ['crash-before', 'throttle', '5xx', 'crash-after']);
    const release = this.#clock.grab();
    const startedAt = this.#clock.now();
    return new Promise<Invocation>((resolve) => {
      let detached = false;
      const timeout = () => {
        finish({
          ok: false,
          name: 'Sandbox.Timedout',
          message: `${name} timed out after ${deployed.timeoutSeconds}.00 seconds`,
        });
      };
      const running: Running = {
        id,
        name,
        hops: options.hops ?? 0,
        crashed: false,
        detach: (why) => {
          if (!detached) {
            detached = true;
            this.#clock.at(startedAt + deployed.timeoutSeconds * 1000, timeout);
            options.onDetached?.();
          }
          if (why === 'crash') running.crashed = true;
          release();
        },
      };
      const finish = (result: Invocation) => {
        release();
        if (!running.crashed) this.#running.delete(id);
        resolve(result);
      };
      this.#running.set(id, running);
      if (fault?.kind === 'crash-before') return running.detach('crash');
      if (fault?.kind === 'throttle')
        return finish({ ok: false, name: 'Lambda.TooManyRequestsException', message: 'Rate Exceeded.' });
      if (fault?.kind === '5xx')
        return finish({ ok: false, name: 'Lambda.ServiceException', message: 'Internal error' });
      const context: LambdaContext = {
        awsRequestId: id,
        functionName: name,
        getRemainingTimeInMillis: () => startedAt + deployed.timeoutSeconds * 1000 - this.#clock.now(),
      };
      void this.#inside(running, () => deployed.handler(event, context)).then(
        (value) => {
          if (fault?.kind === 'crash-after') return running.detach('crash');
          if (!running.crashed) finish({ ok: true, value });
        },
        (error: unknown) => {
          if (running.crashed) return;
          const { name: errorName, message } =
            error instanceof Error ? error : { name: 'Error', message: String(error) };
          finish({ ok: false, name: errorName, message });
        },
      );
    });
  }

  /** An invocation as an event of the clock: ends when the handler has ended, or when time has to move on without it. */
  dispatch(
    name: string,
    event: unknown,
    options: { hops?: number },
    done: (result: Invocation) => unknown,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      void this.invoke(name, event, { ...options, onDetached: resolve })
        .then(done)
        .then(() => resolve(), reject);
    });
  }

  async #inside<T>(running: Running, work: () => Promise<T>): Promise<T> {
    process.env.AWS_LAMBDA_FUNCTION_NAME ??= 'trapheus-sandbox';
    const store = await InvokeStore.getInstanceAsync(true);
    return store.run({ [traceId]: `Root=${running.id};Hops=${running.hops}`, [requestId]: running.id }, work);
  }
}

let tracing = false;

/** Slack's client uses fetch, which knows nothing of X-Ray: give its requests the same header. */
function traceFetches(): void {
  if (tracing) return;
  tracing = true;
  let store: Awaited<ReturnType<typeof InvokeStore.getInstanceAsync>> | undefined;
  void InvokeStore.getInstanceAsync(true).then((made) => {
    store = made;
  });
  subscribe('undici:request:create', (message) => {
    const id = store?.getXRayTraceId();
    if (id !== undefined)
      (message as { request: { addHeader(name: string, value: string): void } }).request.addHeader(
        'x-amzn-trace-id',
        id,
      );
  });
}
