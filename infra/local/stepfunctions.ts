import { z } from 'zod';
import type { VirtualClock } from './clock';
import { uuid } from './ids';
import { JsonService, type Operation, operation, ServiceError, seconds } from './json';
import type { Lambda } from './lambda';
import type { RefusalKind } from './service';
import { loadDefinition } from './stepfunctions/definition';
import {
  Execution,
  type ExecutionStatus,
  executionStatuses,
  type Machine,
  type Visit,
} from './stepfunctions/execution';
import { type HistoryEvent, historyLimit } from './stepfunctions/history';
import { executionOf } from './stepfunctions/token';

export interface StepFunctionsOptions {
  clock: VirtualClock;
  lambda: Lambda;
  accessKeyId: string;
  stateMachineArn: string;
  /** The text that is deployed, in the Amazon States Language. */
  definition: string;
  /** Values for `${Name}` in the definition; a function is named as it was deployed to `lambda`, or by its ARN. */
  substitutions?: Readonly<Record<string, string>>;
  /** Called as an event of the clock, as EventBridge calls a rule's target. */
  onEnded?: (event: ExecutionEnded) => unknown;
  /** Knobs for what is only inferred about AWS, and for short tests. */
  knobs?: {
    heartbeatError?: 'States.Timeout' | 'States.HeartbeatTimeout';
    historyLimit?: number;
    /** From the end of an execution to its event. Default 500. */
    eventDelayMs?: number;
  };
}

/** EventBridge: "Step Functions Execution Status Change"; dates of `detail` in milliseconds since the epoch. */
export interface ExecutionEnded {
  version: '0';
  id: string;
  'detail-type': 'Step Functions Execution Status Change';
  source: 'aws.states';
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: {
    executionArn: string;
    stateMachineArn: string;
    name: string;
    status: ExecutionStatus;
    startDate: number;
    stopDate: number;
    input: string;
    inputDetails: { included: true };
    output: string | null;
    outputDetails: { included: true } | null;
    error: string | null;
    cause: string | null;
  };
}

/** One execution as the page shows it; times in virtual milliseconds. */
export interface ExecutionView {
  arn: string;
  name: string;
  status: ExecutionStatus;
  input: string;
  startedAt: number;
  stoppedAt: number | undefined;
  states: Visit[];
  /** How long its history is. */
  events: number;
}

/** "Step Functions keeps the history of a closed execution for 90 days", and refuses its name for as long. */
const closedForMs = 90 * 24 * 60 * 60 * 1000;
const maxDataBytes = 262_144;

const text = z.string();
const page = { maxResults: z.int().min(0).max(1000).optional(), nextToken: text.optional() };
const token = { taskToken: text.min(1).max(2048) };
const reason = { error: text.max(256).optional(), cause: text.max(32_768).optional() };

/** Step Functions for one standard state machine: API "AWSStepFunctions", AWS JSON 1.0. */
export class StepFunctions extends JsonService {
  readonly service = 'states';
  protected readonly dialect = {
    target: 'AWSStepFunctions',
    version: '1.0',
    namespace: 'com.amazonaws.swf.service.v2.model',
  } as const;
  /** For the page and for cost: states entered, and attempts after the first. AWS bills both as transitions. */
  readonly counters = { transitions: 0, retries: 0 };
  readonly #clock: VirtualClock;
  readonly #machine: Machine;
  readonly #definition: string;
  readonly #createdAt: number;
  readonly #executions = new Map<string, Execution>();
  readonly #onEnded: ((event: ExecutionEnded) => unknown) | undefined;
  readonly #eventDelayMs: number;
  #unnamed = 0;

  constructor(options: StepFunctionsOptions) {
    super(options.accessKeyId);
    const { definition, text: deployed } = loadDefinition(options.definition, options.substitutions);
    const arn = options.stateMachineArn;
    const [, partition, , , account, , name] = arn.split(':');
    if (!/^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:[^:]+$/.test(arn))
      throw new Error(
        `${arn} is not the ARN of a state machine (arn:aws:states:<region>:<account>:stateMachine:<name>)`,
      );
    this.#clock = options.clock;
    this.#definition = deployed;
    this.#createdAt = options.clock.now();
    this.#onEnded = options.onEnded;
    this.#eventDelayMs = options.knobs?.eventDelayMs ?? 500;
    this.#machine = {
      clock: options.clock,
      lambda: options.lambda,
      definition,
      arn,
      roleArn: `arn:${partition}:iam::${account}:role/${name}`,
      heartbeatError: options.knobs?.heartbeatError ?? 'States.Timeout',
      historyLimit: options.knobs?.historyLimit ?? historyLimit,
      counters: this.counters,
      ended: (execution) => this.#ended(execution),
    };
  }

  /** Newest first. */
  executions(): ExecutionView[] {
    return [...this.#executions.values()].reverse().map((execution) => ({
      arn: execution.arn,
      name: execution.name,
      status: execution.status,
      input: execution.input,
      startedAt: execution.startedAt,
      stoppedAt: execution.stoppedAt,
      states: execution.visits.map((visit) => ({ ...visit })),
      events: execution.history.length,
    }));
  }

  protected readonly operations: Readonly<Record<string, Operation>> = {
    StartExecution: operation(
      z.strictObject({
        stateMachineArn: text,
        name: text.optional(),
        input: text.optional(),
        traceHeader: text.optional(),
      }),
      ({ stateMachineArn, name, input }) => {
        this.#mustBeOurs(stateMachineArn);
        const execution = this.#start(name ?? uuid(`execution ${++this.#unnamed}`), input ?? '{}');
        return { executionArn: execution.arn, startDate: seconds(execution.startedAt) };
      },
    ),

    DescribeExecution: operation(
      z.strictObject({ executionArn: text, includedData: z.literal('ALL_DATA').optional() }),
      ({ executionArn }) => {
        const execution = this.#find(executionArn);
        return {
          executionArn: execution.arn,
          stateMachineArn: this.#machine.arn,
          name: execution.name,
          status: execution.status,
          startDate: seconds(execution.startedAt),
          ...(execution.stoppedAt === undefined ? {} : { stopDate: seconds(execution.stoppedAt) }),
          input: execution.input,
          inputDetails: { included: true },
          ...(execution.output === undefined ? {} : { output: execution.output, outputDetails: { included: true } }),
          error: execution.error,
          cause: execution.cause,
          redriveCount: 0,
        };
      },
    ),

    StopExecution: operation(z.strictObject({ executionArn: text, ...reason }), ({ executionArn, error, cause }) => {
      const execution = this.#find(executionArn);
      execution.abort(error, cause);
      return { stopDate: seconds(execution.stoppedAt ?? this.#clock.now()) };
    }),

    SendTaskSuccess: operation(z.strictObject({ ...token, output: text }), ({ taskToken, output }) => {
      if (!isJson(output)) throw new ServiceError('InvalidOutput', 'Invalid Output: the output is not valid JSON');
      return this.#answer(taskToken, (execution) => execution.succeed(taskToken, output));
    }),

    SendTaskFailure: operation(z.strictObject({ ...token, ...reason }), ({ taskToken, error, cause }) =>
      this.#answer(taskToken, (execution) => execution.fail(taskToken, error, cause)),
    ),

    SendTaskHeartbeat: operation(z.strictObject(token), ({ taskToken }) =>
      this.#answer(taskToken, (execution) => execution.heartbeat(taskToken)),
    ),

    GetExecutionHistory: operation(
      z.strictObject({
        executionArn: text,
        reverseOrder: z.boolean().optional(),
        includeExecutionData: z.literal(true).optional(),
        ...page,
      }),
      ({ executionArn, reverseOrder, maxResults, nextToken }) => {
        const { history } = this.#find(executionArn);
        const ordered = reverseOrder ? history.toReversed() : history;
        const { items, ...rest } = paginate(ordered, maxResults, nextToken);
        return { events: items.map(eventView), ...rest };
      },
    ),

    ListExecutions: operation(
      z.strictObject({ stateMachineArn: text, statusFilter: z.enum(executionStatuses).optional(), ...page }),
      ({ stateMachineArn, statusFilter, maxResults, nextToken }) => {
        this.#mustBeOurs(stateMachineArn);
        const all = [...this.#executions.values()]
          .filter((execution) => !this.#forgotten(execution))
          .filter(({ status }) => statusFilter === undefined || status === statusFilter)
          .reverse();
        const { items, ...rest } = paginate(all, maxResults, nextToken);
        const executions = items.map((execution) => ({
          executionArn: execution.arn,
          stateMachineArn: this.#machine.arn,
          name: execution.name,
          status: execution.status,
          startDate: seconds(execution.startedAt),
          ...(execution.stoppedAt === undefined ? {} : { stopDate: seconds(execution.stoppedAt) }),
        }));
        return { executions, ...rest };
      },
    ),

    DescribeStateMachine: operation(z.strictObject({ stateMachineArn: text }), ({ stateMachineArn }) => {
      this.#mustBeOurs(stateMachineArn);
      return {
        stateMachineArn,
        name: stateMachineArn.split(':')[6],
        status: 'ACTIVE',
        type: 'STANDARD',
        definition: this.#definition,
        roleArn: this.#machine.roleArn,
        creationDate: seconds(this.#createdAt),
      };
    }),
  };

  protected refuse(kind: RefusalKind, operation: string): ServiceError {
    const task = operation.startsWith('SendTask');
    switch (kind) {
      case 'throttle':
        return new ServiceError('ThrottlingException', 'Rate exceeded');
      case '5xx':
        return new ServiceError('InternalServerError', 'An internal error occurred.', 500);
      case 'access-denied':
        return new ServiceError('AccessDeniedException', `User is not authorized to perform: states:${operation}`);
      case 'not-found':
        if (task) return new ServiceError('TaskDoesNotExist', 'Task Does Not Exist');
        if (operation === 'StartExecution' || operation === 'ListExecutions' || operation === 'DescribeStateMachine')
          return new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${this.#machine.arn}'`);
        return new ServiceError('ExecutionDoesNotExist', 'Execution Does Not Exist');
      case 'wrong-state':
        if (task) return taskTimedOut();
        return new ServiceError('StateMachineDeleting', `State Machine is Deleting: '${this.#machine.arn}'`);
      case 'quota':
        return new ServiceError('ExecutionLimitExceeded', 'The maximum number of running executions has been reached.');
    }
  }

  #start(name: string, input: string): Execution {
    if (!/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]{1,80}$/.test(name))
      throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
    if (Buffer.byteLength(input) > maxDataBytes || !isJsonObject(input))
      throw new ServiceError(
        'InvalidExecutionInput',
        'Invalid State Machine Execution Input: it must be a JSON object',
      );
    const arn = `${this.#machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const same = this.#executions.get(arn);
    if (same?.status === 'RUNNING' && same.input === input) return same;
    if (same !== undefined && !this.#forgotten(same))
      throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    this.#executions.delete(arn);
    const execution = new Execution(this.#machine, arn, name, input);
    this.#executions.set(arn, execution);
    return execution;
  }

  #find(arn: string): Execution {
    if (!/^arn:[^:]+:states:[^:]+:\d{12}:execution:[^:]+:[^:]+$/.test(arn))
      throw new ServiceError('InvalidArn', `Invalid Arn: '${arn}'`);
    const execution = this.#executions.get(arn);
    if (execution === undefined || this.#forgotten(execution))
      throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  #forgotten({ stoppedAt }: Execution): boolean {
    return stoppedAt !== undefined && this.#clock.now() >= stoppedAt + closedForMs;
  }

  #mustBeOurs(arn: string): void {
    if (!/^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:[^:]+$/.test(arn))
      throw new ServiceError('InvalidArn', `Invalid Arn: '${arn}'`);
    if (arn !== this.#machine.arn)
      throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }

  #answer(taskToken: string, send: (execution: Execution) => boolean): object {
    const arn = executionOf(taskToken);
    if (arn === undefined) throw new ServiceError('InvalidToken', "Invalid Token: 'Invalid token'");
    const execution = this.#executions.get(arn);
    if (execution === undefined || this.#forgotten(execution))
      throw new ServiceError('TaskDoesNotExist', "Task Does Not Exist: 'Provided task does not exist'");
    if (!send(execution)) throw taskTimedOut();
    return {};
  }

  #ended(execution: Execution): void {
    const onEnded = this.#onEnded;
    if (onEnded === undefined) return;
    const [, , , region = '', account = ''] = execution.arn.split(':');
    const stopDate = execution.stoppedAt ?? this.#clock.now();
    const event: ExecutionEnded = {
      version: '0',
      id: uuid(`${execution.arn} ${stopDate}`),
      'detail-type': 'Step Functions Execution Status Change',
      source: 'aws.states',
      account,
      time: `${new Date(stopDate).toISOString().slice(0, 19)}Z`,
      region,
      resources: [execution.arn],
      detail: {
        executionArn: execution.arn,
        stateMachineArn: this.#machine.arn,
        name: execution.name,
        status: execution.status,
        startDate: execution.startedAt,
        stopDate,
        input: execution.input,
        inputDetails: { included: true },
        output: execution.output ?? null,
        outputDetails: execution.output === undefined ? null : { included: true },
        error: execution.error ?? null,
        cause: execution.cause ?? null,
      },
    };
    this.#clock.after(this.#eventDelayMs, () => onEnded(event));
  }
}

function taskTimedOut(): ServiceError {
  return new ServiceError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
}

function paginate<T>(all: readonly T[], maxResults: number | undefined, nextToken: string | undefined) {
  const from = nextToken === undefined ? 0 : Number(/^page-(\d+)$/.exec(nextToken)?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) throw new ServiceError('InvalidToken', `Invalid Token: '${nextToken}'`);
  const to = from + (maxResults || 100);
  return { items: all.slice(from, to), ...(to < all.length ? { nextToken: `page-${to}` } : {}) };
}

function eventView(event: HistoryEvent): object {
  const { id, previousEventId, type, timestamp, details } = event;
  return { id, previousEventId, type, timestamp: seconds(timestamp), ...details };
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

function isJsonObject(value: string): boolean {
  if (!isJson(value)) return false;
  const parsed: unknown = JSON.parse(value);
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
}
