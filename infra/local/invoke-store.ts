import { AsyncLocalStorage } from 'node:async_hooks';
import { InvokeStoreBase } from '@aws/lambda-invoke-store';

type Context = Record<string | symbol, unknown>;

/**
 * Where the AWS SDK finds the trace id of the invocation that makes a call. On Lambda the runtime puts such a store on
 * `globalThis.awslambda`; the sandbox does the same, with one context for each of its concurrent invocations.
 */
class SandboxInvokeStore extends InvokeStoreBase {
  readonly #contexts = new AsyncLocalStorage<Context>();
  #running = 0;

  getContext(): Context | undefined {
    return this.#contexts.getStore();
  }

  hasContext(): boolean {
    return this.#contexts.getStore() !== undefined;
  }

  get<T = unknown>(key: string | symbol): T | undefined {
    return this.#contexts.getStore()?.[key] as T | undefined;
  }

  set<T = unknown>(key: string | symbol, value: T): void {
    const context = this.#contexts.getStore();
    if (context === undefined || this.isProtectedKey(key)) throw new Error(`cannot set ${String(key)}`);
    context[key] = value;
  }

  /** Between invocations nothing is followed: before Node 24 that costs at every promise, whoever makes it. */
  run<T>(context: Context, work: () => T): T {
    this.#running += 1;
    const result = this.#contexts.run(context, work);
    const ends = () => {
      this.#running -= 1;
      if (this.#running === 0) this.#contexts.disable();
    };
    void Promise.resolve(result).then(ends, ends);
    return result;
  }
}

/** Set up when this file is loaded, before any client makes its first call and keeps another store. */
export const invokeStore: InvokeStoreBase = (() => {
  globalThis.awslambda.InvokeStore ??= new SandboxInvokeStore();
  return globalThis.awslambda.InvokeStore;
})();

/** Runs a handler so that every call of an AWS SDK client inside it carries this trace id. */
export function traced<T>(traceId: string, requestId: string, work: () => T): T {
  const { X_RAY_TRACE_ID, REQUEST_ID } = InvokeStoreBase.PROTECTED_KEYS;
  return invokeStore.run({ [X_RAY_TRACE_ID]: traceId, [REQUEST_ID]: requestId }, work);
}
