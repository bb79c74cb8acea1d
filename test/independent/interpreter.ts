import './node20';
import { ExecutionError, StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { z } from 'zod';
import type { VirtualClock } from '../../infra/local/clock';
import { uuid } from '../../infra/local/ids';
import { JsonService, type Operation, operation, ServiceError, seconds } from '../../infra/local/json';
import type { Lambda } from '../../infra/local/lambda';
import type { ExecutionEnded, ExecutionView, StepFunctionsOptions } from '../../infra/local/stepfunctions';

/** What a Task state of ours hands to its service. */
const Parameters = z.object({ FunctionName: z.string(), Payload: z.record(z.string(), z.unknown()) });
type Visit = ExecutionView['states'][number];

/** A task that waits for its token. */
interface Waiting {
  token: string;
  succeed(output: string): void;
  fail(name: string, cause: string): void;
}

interface Running extends ExecutionView {
  error?: string;
  cause?: string;
  waiting?: Waiting | undefined;
  tokens: number;
  /** Keeps virtual time still while the interpreter is on its way from one state to the next. */
  release: () => void;
}

/** As Step Functions takes from the function into the execution (Step Functions: "Handling error conditions"). */
class Failure extends Error {
  override readonly name: string;
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

const text = z.string();
const invokeDelayMs = 30;
const eventDelayMs = 500;
const mostAttempts = 200;

/**
 * Step Functions by somebody else: aws-local-stepfunctions reads the deployed text, resolves parameters and result
 * paths, and decides about Next, Retry, Catch, Succeed and Fail. It knows no task tokens and no `$$.State`: so each task
 * is carried by a handler that calls the deployed function with a token of ours, and waits for SendTask* here.
 */
export class IndependentStepFunctions extends JsonService {
  readonly service = 'states';
  protected readonly dialect = {
    target: 'AWSStepFunctions',
    version: '1.0',
    namespace: 'com.amazonaws.swf.service.v2.model',
  } as const;
  readonly counters = { transitions: 0, retries: 0 };
  readonly #clock: VirtualClock;
  readonly #lambda: Lambda;
  readonly #arn: string;
  readonly #machine: StateMachine;
  readonly #tasks: readonly string[];
  readonly #onEnded: StepFunctionsOptions['onEnded'];
  readonly #executions = new Map<string, Running>();

  constructor({
    accessKeyId,
    clock,
    lambda,
    stateMachineArn,
    definition,
    substitutions = {},
    onEnded,
  }: StepFunctionsOptions) {
    super(accessKeyId);
    this.#clock = clock;
    this.#lambda = lambda;
    this.#arn = stateMachineArn;
    this.#onEnded = onEnded;
    // CloudFormation's DefinitionSubstitutions; nothing else of the text is changed.
    const deployed = definition.replace(/\$\{(\w+)\}/g, (_, name: string) => substitutions[name] ?? '');
    const machine = JSON.parse(deployed) as StateMachineDefinition & { States: Record<string, { Type: string }> };
    this.#tasks = Object.entries(machine.States).flatMap(([name, { Type }]) => (Type === 'Task' ? [name] : []));
    this.#machine = new StateMachine(machine);
  }

  executions(): ExecutionView[] {
    return [...this.#executions.values()].reverse();
  }

  protected readonly operations: Readonly<Record<string, Operation>> = {
    StartExecution: operation(z.strictObject({ stateMachineArn: text, name: text, input: text }), ({ name, input }) => {
      const arn = `${this.#arn.replace(':stateMachine:', ':execution:')}:${name}`;
      if (this.#executions.has(arn))
        throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
      return { executionArn: arn, startDate: seconds(this.#start(arn, name, input).startedAt) };
    }),
    DescribeExecution: operation(z.strictObject({ executionArn: text }), ({ executionArn }) => {
      const execution = this.#executions.get(executionArn);
      if (execution === undefined)
        throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
      const { name, status, startedAt, input, error, cause } = execution;
      return {
        executionArn,
        stateMachineArn: this.#arn,
        name,
        status,
        startDate: seconds(startedAt),
        input,
        error,
        cause,
      };
    }),
    SendTaskSuccess: operation(z.strictObject({ taskToken: text, output: text }), ({ taskToken, output }) =>
      this.#answer(taskToken, (waiting) => waiting.succeed(output)),
    ),
    SendTaskFailure: operation(
      z.strictObject({ taskToken: text, error: text.default(''), cause: text.default('') }),
      ({ taskToken, error, cause }) => this.#answer(taskToken, (waiting) => waiting.fail(error, cause)),
    ),
    SendTaskHeartbeat: operation(z.strictObject({ taskToken: text }), ({ taskToken }) =>
      this.#answer(taskToken, () => undefined),
    ),
  };

  protected refuse(): ServiceError {
    return new ServiceError('InternalServerError', 'An internal error occurred.', 500);
  }

  #answer(token: string, send: (waiting: Waiting) => void): object {
    const waiting = [...this.#executions.values()].find((one) => one.waiting?.token === token)?.waiting;
    if (waiting === undefined) throw new ServiceError('TaskTimedOut', 'Task Timed Out');
    send(waiting);
    return {};
  }

  #start(arn: string, name: string, input: string): Running {
    const startedAt = this.#clock.now();
    const release = this.#clock.grab();
    const more = { stoppedAt: undefined, states: [], events: 0, tokens: 0, release };
    const execution: Running = { arn, name, status: 'RUNNING', input, startedAt, ...more };
    this.#executions.set(arn, execution);
    const handlers = this.#tasks.map((state) => [state, (given: unknown) => this.#perform(execution, state, given)]);
    const { result } = this.#machine.run(JSON.parse(input), {
      overrides: {
        taskResourceLocalHandlers: Object.fromEntries(handlers),
        // Waits are wall time there, and time is virtual here.
        retryIntervalOverrides: Object.fromEntries(this.#tasks.map((state) => [state, 0])),
      },
      // Placeholders: the handler puts in what each attempt has.
      context: {
        Execution: { Id: arn, Name: name },
        State: { EnteredTime: '', RetryCount: 0 },
        Task: { Token: '' },
      },
    });
    void result.then(
      () => this.#end(execution, 'SUCCEEDED'),
      (error: unknown) => {
        const { name: code, message } = (error instanceof ExecutionError ? error.cause : error) as Error;
        execution.error = code;
        execution.cause = message;
        this.#end(execution, 'FAILED');
      },
    );
    return execution;
  }

  /** One attempt of a task: calls the function, and settles when its token is answered, or the function fails. */
  #perform(execution: Running, state: string, given: unknown): Promise<string> {
    const { FunctionName, Payload } = Parameters.parse(given);
    const now = this.#clock.now();
    const last = execution.states.at(-1);
    const isRetry = last?.name === state && last.outcome === 'running';
    const visit: Visit = isRetry ? last : { name: state, enteredAt: now, outcome: 'running', retries: -1 };
    if (!isRetry) execution.states.push(visit);
    visit.retries += 1;
    execution.tokens += 1;
    if (execution.tokens > mostAttempts) {
      // Retries come at once here: a state that fails for ever has to end as a test that fails, not as one that hangs.
      execution.release();
      return new Promise(() => undefined);
    }
    const token = uuid(`${execution.arn} ${execution.tokens}`);
    const payload = {
      ...Payload,
      token,
      entered: new Date(visit.enteredAt).toISOString(),
      retry: visit.retries,
    };
    return new Promise<string>((resolve, reject) => {
      const settle = (outcome: Visit['outcome'], how: () => void) => {
        execution.waiting = undefined;
        visit.outcome = outcome;
        execution.release = this.#clock.grab();
        how();
      };
      const fail = (outcome: Visit['outcome']) => (name: string, cause: string) =>
        settle(outcome, () => reject(new Failure(name, cause)));
      const waiting: Waiting = {
        token,
        succeed: (output) => settle('succeeded', () => resolve(output)),
        fail: fail('caught'),
      };
      execution.waiting = waiting;
      this.#clock.after(invokeDelayMs, () =>
        this.#lambda.dispatch(FunctionName, payload, {}, (outcome) => {
          // The state stays entered: it is tried again.
          if (!outcome.ok && execution.waiting === waiting) fail('running')(outcome.name, outcome.message);
        }),
      );
      execution.release();
    });
  }

  #end(execution: Running, status: 'SUCCEEDED' | 'FAILED'): void {
    const { arn, name, input, startedAt, error = null, cause = null } = execution;
    const stopDate = this.#clock.now();
    execution.status = status;
    execution.stoppedAt = stopDate;
    const event: ExecutionEnded = {
      version: '0',
      id: uuid(`${arn} ${stopDate}`),
      'detail-type': 'Step Functions Execution Status Change',
      source: 'aws.states',
      account: '',
      time: new Date(stopDate).toISOString(),
      region: '',
      resources: [arn],
      detail: {
        executionArn: arn,
        stateMachineArn: this.#arn,
        name,
        status,
        startDate: startedAt,
        stopDate,
        input,
        inputDetails: { included: true },
        output: null,
        outputDetails: null,
        error,
        cause,
      },
    };
    this.#clock.after(eventDelayMs, () => this.#onEnded?.(event));
    execution.release();
  }
}
