import type { VirtualClock } from './clock';
import type { Invocation, Lambda } from './lambda';

/** What Lambda sends to the on-failure destination of an asynchronous invocation (Lambda: "Invocation record"). */
export interface FailedInvocation {
  version: '1.0';
  timestamp: string;
  requestContext: {
    functionArn: string;
    condition: 'RetriesExhausted' | 'EventAgeExceeded';
    approximateInvokeCount: number;
  };
  requestPayload: unknown;
  responseContext: { statusCode: 200; executedVersion: '$LATEST'; functionError: 'Unhandled' };
  responsePayload: { errorType: string; errorMessage: string };
}

export interface AsyncInvocationsOptions {
  clock: VirtualClock;
  lambda: Lambda;
  functionName: string;
  functionArn: string;
  onFailure: (message: FailedInvocation) => void;
}

/** From the answer 202 to the call of the function. */
const acceptedMs = 30;
/** "a one-minute wait between the first two attempts, and two minutes between the second and third" (Lambda). */
const waitsMs = [60_000, 120_000];
/** Throttles and internal errors use up no attempt: tried again, 1 s to 5 min apart, for six hours. */
const longestWaitMs = 300_000;
const maximumAgeMs = 6 * 3_600_000;

/** The queue of events in front of a function that nobody waits for, with Lambda's own retries. */
export class AsyncInvocations {
  readonly #options: AsyncInvocationsOptions;

  constructor(options: AsyncInvocationsOptions) {
    this.#options = options;
  }

  /** Taken now, and handed over in a moment. */
  accept(event: unknown): void {
    this.#options.clock.after(acceptedMs, () => this.invoke(event));
  }

  /** An event of the clock: ends with the first attempt, the others follow by themselves. */
  invoke(event: unknown): Promise<void> {
    return this.#try({ event, since: this.#options.clock.now(), attempts: 0, refusals: 0 });
  }

  #try(one: { event: unknown; since: number; attempts: number; refusals: number }): Promise<void> {
    const { clock, lambda, functionName } = this.#options;
    return lambda.dispatch(functionName, one.event, {}, (result) => {
      if (result.ok) return;
      const isRefused = result.name.startsWith('Lambda.');
      const attempts = one.attempts + (isRefused ? 0 : 1);
      const refusals = one.refusals + (isRefused ? 1 : 0);
      const waitMs = isRefused ? Math.min(1000 * 2 ** one.refusals, longestWaitMs) : waitsMs[one.attempts];
      if (waitMs === undefined) return this.#giveUp(one.event, attempts, 'RetriesExhausted', result);
      if (clock.now() + waitMs - one.since > maximumAgeMs)
        return this.#giveUp(one.event, attempts, 'EventAgeExceeded', result);
      clock.after(waitMs, () => this.#try({ ...one, attempts, refusals }));
    });
  }

  #giveUp(
    event: unknown,
    approximateInvokeCount: number,
    condition: FailedInvocation['requestContext']['condition'],
    { name, message }: Extract<Invocation, { ok: false }>,
  ): void {
    const { clock, functionArn, onFailure } = this.#options;
    onFailure({
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      requestContext: { functionArn: `${functionArn}:$LATEST`, condition, approximateInvokeCount },
      requestPayload: event,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: name, errorMessage: message },
    });
  }
}
