import type { Timer, VirtualClock } from '../clock';
import type { Invocation, Lambda } from '../lambda';
import type { Definition, TaskState } from './definition';
import { History, type HistoryEventType, HistoryFull } from './history';
import { type Context, PathNotFound, readPath, resolvePayload } from './payload';
import { delaySeconds, matches } from './retry';
import { makeToken } from './token';

export const executionStatuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED_OUT'] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

/** One visit of a state; times in virtual milliseconds. */
export interface Visit {
  name: string;
  enteredAt: number;
  exitedAt?: number;
  outcome: 'running' | 'succeeded' | 'caught' | 'failed' | 'aborted' | 'timed-out';
  retries: number;
}

export interface Machine {
  clock: VirtualClock;
  lambda: Lambda;
  definition: Definition;
  arn: string;
  roleArn: string;
  /** What a lost heartbeat is called: AWS recorded States.Timeout, its guide also names States.HeartbeatTimeout. */
  heartbeatError: 'States.Timeout' | 'States.HeartbeatTimeout';
  historyLimit: number;
  counters: { transitions: number; retries: number };
  ended(execution: Execution): void;
}

/** From "scheduled" to the call of the function. */
const invokeDelayMs = 30;
const resource = { resourceType: 'lambda', resource: 'invoke.waitForTaskToken' };
const dataDetails = { truncated: false };

interface Attempt {
  token: string;
  heartbeat?: Timer | undefined;
  timers: Timer[];
}

interface TaskVisit {
  state: TaskState;
  input: object;
  visit: Visit;
  /** Retries so far, one count for each retrier of the state. */
  retried: number[];
}

/** One execution: walks the states, waits for tokens, retries, catches, and writes its history. */
export class Execution {
  readonly arn: string;
  readonly name: string;
  readonly input: string;
  readonly startedAt: number;
  readonly visits: Visit[] = [];
  status: ExecutionStatus = 'RUNNING';
  stoppedAt: number | undefined;
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  readonly #machine: Machine;
  readonly #history: History;
  #attempt: Attempt | undefined;
  #tokens = 0;
  /** The time limit of the whole execution. */
  #limit: Timer | undefined;
  /** The wait before a retry. */
  #retry: Timer | undefined;
  #task: TaskVisit | undefined;

  constructor(machine: Machine, arn: string, name: string, input: string) {
    this.#machine = machine;
    this.#history = new History(machine.historyLimit);
    this.arn = arn;
    this.name = name;
    this.input = input;
    this.startedAt = machine.clock.now();
    const limit = machine.definition.TimeoutSeconds;
    if (limit !== undefined) {
      const timeOut = () => this.#turn(() => this.#end('TIMED_OUT', { error: 'States.Timeout' }));
      this.#limit = machine.clock.after(limit * 1000, timeOut);
    }
    this.#turn(() => {
      this.#record('ExecutionStarted', { input, inputDetails: dataDetails, roleArn: machine.roleArn });
      this.#enter(machine.definition.StartAt, JSON.parse(input) as object);
    });
  }

  get history() {
    return this.#history.events;
  }

  /** Each answer is true if the token was alive: the newest token of a running task. */
  succeed(token: string, output: string): boolean {
    return this.#answered(token, ({ state, visit, input }) => {
      this.#record('TaskSucceeded', { ...resource, output, outputDetails: dataDetails });
      // ResultPath null: the result is thrown away and the input goes on.
      this.#leave(visit, 'succeeded', input);
      if (state.Next !== undefined) this.#enter(state.Next, input);
      else this.#end('SUCCEEDED', { output: JSON.stringify(input) });
    });
  }

  fail(token: string, error: string | undefined, cause: string | undefined): boolean {
    return this.#answered(token, (task) => this.#failed(task, 'TaskFailed', error ?? '', cause));
  }

  heartbeat(token: string): boolean {
    const attempt = this.#attempt;
    if (attempt === undefined || attempt.token !== token || this.#task === undefined) return false;
    this.#expectHeartbeat(attempt, this.#task);
    return true;
  }

  abort(error: string | undefined, cause: string | undefined): void {
    if (this.status === 'RUNNING') this.#turn(() => this.#end('ABORTED', { error, cause }));
  }

  #enter(name: string, input: object): void {
    const state = this.#machine.definition.States[name];
    if (state === undefined) throw new Error(`no state ${name}`);
    const visit: Visit = { name, enteredAt: this.#now(), outcome: 'running', retries: 0 };
    this.visits.push(visit);
    this.#machine.counters.transitions += 1;
    this.#record(`${state.Type}StateEntered`, { name, input: JSON.stringify(input), inputDetails: dataDetails });
    if (state.Type === 'Fail') {
      const { Error: error, Cause, CausePath } = state;
      const cause = CausePath === undefined ? Cause : String(readPath('CausePath', CausePath, input));
      return this.#end('FAILED', { error, cause });
    }
    if (state.Type === 'Succeed') {
      const output = JSON.stringify(input);
      this.#record('SucceedStateExited', { name, output, outputDetails: dataDetails });
      visit.exitedAt = this.#now();
      visit.outcome = 'succeeded';
      return this.#end('SUCCEEDED', { output });
    }
    this.#task = { state, input, visit, retried: state.Retry.map(() => 0) };
    this.#try(this.#task);
  }

  /** One attempt of a task, with a token of its own. */
  #try(task: TaskVisit): void {
    const { state, visit } = task;
    const { clock, lambda, arn } = this.#machine;
    this.#tokens += 1;
    const token = makeToken(this.arn, this.#tokens);
    const context: Context = {
      '$$.Task.Token': token,
      '$$.State.Name': visit.name,
      '$$.State.EnteredTime': new Date(visit.enteredAt).toISOString(),
      '$$.State.RetryCount': visit.retries,
      '$$.Execution.Id': this.arn,
      '$$.Execution.Name': this.name,
      '$$.Execution.StartTime': new Date(this.startedAt).toISOString(),
      '$$.StateMachine.Id': arn,
    };
    const payload = resolvePayload(state.Parameters.Payload, task.input, context);
    const functionName = state.Parameters.FunctionName;
    this.#record('TaskScheduled', {
      ...resource,
      region: arn.split(':')[3],
      parameters: JSON.stringify({ FunctionName: functionName, Payload: payload }),
      ...(state.TimeoutSeconds === undefined ? {} : { timeoutInSeconds: state.TimeoutSeconds }),
      ...(state.HeartbeatSeconds === undefined ? {} : { heartbeatInSeconds: state.HeartbeatSeconds }),
    });
    this.#record('TaskStarted', resource);
    const attempt: Attempt = { token, timers: [] };
    this.#attempt = attempt;
    const invoke = () =>
      lambda.dispatch(functionOf(functionName), payload, {}, (result) => this.#submitted(task, attempt, result));
    attempt.timers.push(clock.after(invokeDelayMs, invoke));
    if (state.TimeoutSeconds !== undefined)
      attempt.timers.push(
        clock.after(state.TimeoutSeconds * 1000, () =>
          this.#turn(() => this.#failed(task, 'TaskTimedOut', 'States.Timeout', undefined)),
        ),
      );
    this.#expectHeartbeat(attempt, task);
  }

  #expectHeartbeat(attempt: Attempt, task: TaskVisit): void {
    const seconds = task.state.HeartbeatSeconds;
    if (seconds === undefined) return;
    attempt.heartbeat?.cancel();
    const lost = () => this.#turn(() => this.#failed(task, 'TaskTimedOut', this.#machine.heartbeatError, undefined));
    attempt.heartbeat = this.#machine.clock.after(seconds * 1000, lost);
  }

  /** The function has answered or failed. What it returned counts for nothing; only the token does. */
  #submitted(task: TaskVisit, attempt: Attempt, result: Invocation): void {
    if (this.#attempt !== attempt) return;
    this.#turn(() => {
      if (!result.ok) return this.#failed(task, 'TaskFailed', result.name, causeOf(result));
      const output = JSON.stringify({ ExecutedVersion: '$LATEST', Payload: result.value, StatusCode: 200 });
      this.#record('TaskSubmitted', { ...resource, output, outputDetails: dataDetails });
    });
  }

  #answered(token: string, work: (task: TaskVisit) => void): boolean {
    const task = this.#task;
    if (task === undefined || this.#attempt?.token !== token) return false;
    this.#turn(() => {
      this.#closeAttempt();
      work(task);
    });
    return true;
  }

  #failed(task: TaskVisit, type: 'TaskFailed' | 'TaskTimedOut', error: string, cause: string | undefined): void {
    const { state, visit } = task;
    this.#closeAttempt();
    this.#record(type, { ...resource, ...words(error, cause) });
    const at = state.Retry.findIndex((retrier) => matches(retrier.ErrorEquals, error));
    const retrier = state.Retry[at];
    const count = (task.retried[at] ?? 0) + 1;
    if (retrier !== undefined && count <= retrier.MaxAttempts) {
      task.retried[at] = count;
      const again = () =>
        this.#turn(() => {
          visit.retries += 1;
          this.#machine.counters.retries += 1;
          this.#try(task);
        });
      this.#retry = this.#machine.clock.after(delaySeconds(retrier, count) * 1000, again);
      return;
    }
    const catcher = state.Catch.find(({ ErrorEquals }) => matches(ErrorEquals, error));
    if (catcher === undefined) return this.#end('FAILED', { error, cause });
    // ResultPath $.error: the input goes on, with what went wrong beside it.
    const output = { ...task.input, error: { Error: error, Cause: cause ?? '' } };
    this.#leave(visit, 'caught', output);
    this.#enter(catcher.Next, output);
  }

  #leave(visit: Visit, outcome: 'succeeded' | 'caught', output: object): void {
    this.#task = undefined;
    this.#record('TaskStateExited', {
      name: visit.name,
      output: JSON.stringify(output),
      outputDetails: dataDetails,
    });
    visit.exitedAt = this.#now();
    visit.outcome = outcome;
  }

  #closeAttempt(): void {
    this.#attempt?.heartbeat?.cancel();
    for (const timer of this.#attempt?.timers ?? []) timer.cancel();
    this.#attempt = undefined;
  }

  #end(
    status: Exclude<ExecutionStatus, 'RUNNING'>,
    result: { output?: string; error?: string | undefined; cause?: string | undefined },
  ): void {
    this.#closeAttempt();
    this.#limit?.cancel();
    this.#retry?.cancel();
    this.#task = undefined;
    this.status = status;
    this.stoppedAt = this.#now();
    this.output = result.output;
    this.error = result.error;
    this.cause = result.cause;
    this.#record(
      endEvents[status],
      status === 'SUCCEEDED'
        ? { output: result.output, outputDetails: dataDetails }
        : words(result.error, result.cause),
    );
    const last = this.visits.at(-1);
    if (last?.outcome === 'running') {
      last.exitedAt = this.#now();
      last.outcome = endOutcomes[status];
    }
    this.#machine.ended(this);
  }

  /** Every change of the execution happens in here, so that a full history or a bad path ends it as on AWS. */
  #turn(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof HistoryFull || error instanceof PathNotFound)) throw error;
      this.#end('FAILED', { error: 'States.Runtime', cause: error.message });
    }
  }

  #record(type: HistoryEventType, details: object): void {
    this.#history.add(type, this.#now(), details);
  }

  #now(): number {
    return this.#machine.clock.now();
  }
}

const endEvents = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  ABORTED: 'ExecutionAborted',
  TIMED_OUT: 'ExecutionTimedOut',
} as const;

const endOutcomes = { SUCCEEDED: 'succeeded', FAILED: 'failed', ABORTED: 'aborted', TIMED_OUT: 'timed-out' } as const;

function words(error: string | undefined, cause: string | undefined): object {
  return { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
}

/** What the function threw arrives as JSON; what Lambda itself refused, as its sentence. */
function causeOf(result: Extract<Invocation, { ok: false }>): string {
  if (result.name.startsWith('Lambda.')) return result.message;
  return JSON.stringify({ errorType: result.name, errorMessage: result.message, trace: result.trace ?? [] });
}

/** The function's name, also from its ARN. */
function functionOf(nameOrArn: string): string {
  return /:function:([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
}
