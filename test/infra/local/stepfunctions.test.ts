import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListActivitiesCommand,
  ListExecutionsCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Front } from '../../../infra/local/service';
import { type ExecutionEnded, StepFunctions, type StepFunctionsOptions } from '../../../infra/local/stepfunctions';
import { accessKeyId, credentials, loopback, noon, refusal, region } from './loopback';

const stateMachineArn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:trapheus';
const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;

/** The retry rules of every state of the deployed machine. */
const retry = [
  { ErrorEquals: ['Trapheus.Stop'], MaxAttempts: 0 },
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 60, MaxAttempts: 5000 },
];

function task(step: string, more: object = {}) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: {
      FunctionName: '${WorkerFunction}',
      Payload: {
        'runId.$': '$.runId',
        step,
        phase: 'look',
        'token.$': '$$.Task.Token',
        'entered.$': '$$.State.EnteredTime',
        'retry.$': '$$.State.RetryCount',
      },
    },
    ResultPath: null,
    HeartbeatSeconds: 300,
    TimeoutSeconds: 400 * 24 * 3600,
    Retry: retry,
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'close' }],
    ...more,
  };
}

/** plan, then swap, then a close that can only end; what goes wrong goes to close as well. */
const machine = {
  StartAt: 'plan',
  States: {
    plan: task('plan', { Next: 'swap' }),
    swap: task('swap', { Next: 'close' }),
    close: task('close', { Catch: [], Next: 'done' }),
    done: { Type: 'Succeed' },
  },
};

interface Look {
  runId: string;
  step: string;
  phase: string;
  token: string;
  entered: string;
  retry: number;
}

const fronts: Front[] = [];
const clients: SFNClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(fronts.splice(0).map((front) => front.close()));
});

async function given(definition: object = machine, knobs: StepFunctionsOptions['knobs'] = {}) {
  const { clock, faults, lambda, front } = loopback();
  fronts.push(front);
  const ended: ExecutionEnded[] = [];
  const states = new StepFunctions({
    clock,
    lambda,
    accessKeyId,
    stateMachineArn,
    definition: JSON.stringify(definition),
    substitutions: { WorkerFunction: 'worker' },
    onEnded: (event) => ended.push(event),
    knobs,
  });
  const endpoint = await front.listen(states);
  const client = new SFNClient({ region, credentials, endpoint });
  clients.push(client);
  const looks: Look[] = [];
  const worker = { answer: async (_look: Look): Promise<unknown> => undefined };
  lambda.deploy('worker', {
    timeoutSeconds: 25,
    handler: async (event) => {
      looks.push(event as Look);
      return worker.answer(event as Look);
    },
  });
  /** Lets time pass until the worker has been called once more, and answers with what it was called with. */
  const nextLook = async (withinMs = 10 * minute): Promise<Look> => {
    const before = looks.length;
    if (!(await clock.runUntil(() => looks.length > before, withinMs))) throw new Error('the worker was not called');
    return looks[before] as Look;
  };
  const start = (name = 'r7k3q9xz', input: string | undefined = JSON.stringify({ runId: name })) =>
    client.send(new StartExecutionCommand({ stateMachineArn, name, input }));
  const describe = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
  const succeed = (taskToken: string) => client.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
  const fail = (taskToken: string, error: string, cause = 'because') =>
    client.send(new SendTaskFailureCommand({ taskToken, error, cause }));
  const beat = (taskToken: string) => client.send(new SendTaskHeartbeatCommand({ taskToken }));
  const history = async (executionArn: string) =>
    (await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))).events ?? [];
  return {
    clock,
    faults,
    lambda,
    states,
    client,
    endpoint,
    ended,
    looks,
    worker,
    nextLook,
    start,
    describe,
    succeed,
    fail,
    beat,
    history,
  };
}

describe('executions', () => {
  test('a state calls the function with run, step and token, and goes on when the token is answered', async () => {
    const { nextLook, start, describe, succeed, clock, ended } = await given();
    const { executionArn = '', startDate } = await start();
    expect(executionArn).toBe('arn:aws:states:eu-west-1:123456789012:execution:trapheus:r7k3q9xz');
    expect(startDate).toEqual(new Date(noon));
    const plan = await nextLook();
    expect(plan).toEqual({
      runId: 'r7k3q9xz',
      step: 'plan',
      phase: 'look',
      token: expect.any(String),
      entered: '2027-01-01T12:00:00.000Z',
      retry: 0,
    });
    await succeed(plan.token);
    const swap = await nextLook();
    expect(swap).toMatchObject({ step: 'swap', retry: 0 });
    await succeed(swap.token);
    await succeed((await nextLook()).token);
    await clock.advance(second);
    // ResultPath null: the input goes through untouched, whatever the tokens were answered with.
    expect(await describe(executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      input: '{"runId":"r7k3q9xz"}',
      output: '{"runId":"r7k3q9xz"}',
      stopDate: expect.any(Date),
    });
    expect(ended).toEqual([
      expect.objectContaining({
        source: 'aws.states',
        'detail-type': 'Step Functions Execution Status Change',
        detail: expect.objectContaining({ executionArn, name: 'r7k3q9xz', status: 'SUCCEEDED', startDate: noon }),
      }),
    ]);
  });

  test('StartExecution is idempotent for a running execution with the same name and input', async () => {
    const { start, looks, clock } = await given();
    const first = await start();
    await clock.advance(minute);
    const second = await start();
    expect(second.executionArn).toBe(first.executionArn);
    expect(second.startDate).toEqual(first.startDate);
    expect(looks).toHaveLength(1);
  });

  test('the same name with another input is refused, and a closed name for 90 days', async () => {
    const { start, client, clock } = await given();
    const { executionArn = '' } = await start();
    expect(await refusal(start('r7k3q9xz', '{"runId":"other"}'))).toEqual({
      name: 'ExecutionAlreadyExists',
      status: 400,
    });
    await client.send(new StopExecutionCommand({ executionArn }));
    expect((await refusal(start())).name).toBe('ExecutionAlreadyExists');
    await clock.advance(90 * day - minute);
    expect((await refusal(start())).name).toBe('ExecutionAlreadyExists');
    await clock.advance(minute);
    expect((await refusal(client.send(new DescribeExecutionCommand({ executionArn })))).name).toBe(
      'ExecutionDoesNotExist',
    );
    expect((await start()).executionArn).toBe(executionArn);
  });

  test('what is not a machine, an execution, a name or an input is refused by its own error', async () => {
    const { client, start } = await given();
    const other = `${stateMachineArn}-other`;
    expect((await refusal(client.send(new StartExecutionCommand({ stateMachineArn: other })))).name).toBe(
      'StateMachineDoesNotExist',
    );
    const executionArn = 'arn:aws:states:eu-west-1:123456789012:execution:trapheus:nobody';
    expect((await refusal(client.send(new DescribeExecutionCommand({ executionArn })))).name).toBe(
      'ExecutionDoesNotExist',
    );
    expect((await refusal(client.send(new DescribeExecutionCommand({ executionArn: 'nobody' })))).name).toBe(
      'InvalidArn',
    );
    expect((await refusal(start('has space'))).name).toBe('InvalidName');
    expect((await refusal(start('r1', 'not json'))).name).toBe('InvalidExecutionInput');
  });

  test('ListExecutions answers newest first, filters by status and gives pages', async () => {
    const { client, start } = await given();
    for (const name of ['r1', 'r2', 'r3']) await start(name);
    await client.send(
      new StopExecutionCommand({ executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:trapheus:r2' }),
    );
    const names = async (more: object) => {
      const page = await client.send(new ListExecutionsCommand({ stateMachineArn, ...more }));
      return { names: page.executions?.map(({ name }) => name), nextToken: page.nextToken };
    };
    expect((await names({})).names).toEqual(['r3', 'r2', 'r1']);
    expect((await names({ statusFilter: 'RUNNING' })).names).toEqual(['r3', 'r1']);
    const first = await names({ maxResults: 2 });
    expect(first.names).toEqual(['r3', 'r2']);
    expect(await names({ maxResults: 2, nextToken: first.nextToken })).toEqual({ names: ['r1'], nextToken: undefined });
    expect((await refusal(names({ nextToken: 'garbage' }))).name).toBe('InvalidToken');
  });

  test('DescribeStateMachine shows the definition as deployed, substitutions filled in', async () => {
    const { client } = await given();
    const described = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(described).toMatchObject({ name: 'trapheus', status: 'ACTIVE', type: 'STANDARD' });
    expect(JSON.parse(described.definition ?? '').States.plan.Parameters.FunctionName).toBe('worker');
  });
});

describe('history', () => {
  test('has the events, details and chain of ids that AWS records', async () => {
    const { start, nextLook, fail, succeed, history, clock } = await given({
      StartAt: 'plan',
      States: {
        plan: task('plan', { Next: 'close' }),
        close: task('close', { Catch: [], Next: 'done' }),
        done: { Type: 'Succeed' },
      },
    });
    const { executionArn = '' } = await start();
    await fail((await nextLook()).token, 'Trapheus.Stop', 'cancelled');
    await succeed((await nextLook()).token);
    await clock.advance(second);
    const events = await history(executionArn);
    expect(events.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'TaskStateEntered'],
      [3, 2, 'TaskScheduled'],
      [4, 3, 'TaskStarted'],
      [5, 4, 'TaskSubmitted'],
      [6, 5, 'TaskFailed'],
      [7, 6, 'TaskStateExited'],
      [8, 7, 'TaskStateEntered'],
      [9, 8, 'TaskScheduled'],
      [10, 9, 'TaskStarted'],
      [11, 10, 'TaskSubmitted'],
      [12, 11, 'TaskSucceeded'],
      [13, 12, 'TaskStateExited'],
      [14, 13, 'SucceedStateEntered'],
      [15, 14, 'SucceedStateExited'],
      [16, 15, 'ExecutionSucceeded'],
    ]);
    expect(events[2]?.taskScheduledEventDetails).toMatchObject({
      resourceType: 'lambda',
      resource: 'invoke.waitForTaskToken',
      region: 'eu-west-1',
      heartbeatInSeconds: 300,
      timeoutInSeconds: 400 * 24 * 3600,
    });
    expect(events[5]?.taskFailedEventDetails).toMatchObject({ error: 'Trapheus.Stop', cause: 'cancelled' });
    expect(events[6]?.stateExitedEventDetails).toMatchObject({
      name: 'plan',
      output: '{"runId":"r7k3q9xz","error":{"Error":"Trapheus.Stop","Cause":"cancelled"}}',
    });
    expect(events[4]?.timestamp).toEqual(new Date(noon + 30));
  });

  test('comes in pages, and backwards when asked', async () => {
    const { client, start, nextLook } = await given();
    const { executionArn } = await start();
    await nextLook();
    const last = await client.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 2 }));
    expect(last.events?.map(({ id }) => id)).toEqual([5, 4]);
    const before = await client.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 2, nextToken: last.nextToken }),
    );
    expect(before.events?.map(({ id }) => id)).toEqual([3, 2]);
  });

  test('an execution fails when its history reaches its limit (25,000 events on AWS)', async () => {
    const { start, worker, clock, describe, history } = await given(machine, { historyLimit: 100 });
    worker.answer = async () => {
      throw new Error('never');
    };
    const { executionArn = '' } = await start();
    await clock.advance(day);
    expect(await describe(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (100).',
    });
    const events = await history(executionArn);
    expect(events).toHaveLength(100);
    expect(events.at(-1)?.type).toBe('ExecutionFailed');
  });
});

describe('tokens', () => {
  test('a token answered inside the invocation counts', async () => {
    const { start, worker, clock, describe, succeed, states } = await given();
    worker.answer = async ({ token }) => succeed(token);
    const { executionArn = '' } = await start();
    await clock.advance(second);
    expect((await describe(executionArn)).status).toBe('SUCCEEDED');
    expect(states.counters).toEqual({ transitions: 4, retries: 0 });
  });

  test('a token works once; an answered one is refused with TaskTimedOut', async () => {
    const { start, nextLook, succeed, fail, beat } = await given();
    await start();
    const { token } = await nextLook();
    await succeed(token);
    for (const again of [succeed(token), fail(token, 'Late'), beat(token)])
      expect(await refusal(again)).toEqual({ name: 'TaskTimedOut', status: 400 });
  });

  test('garbage is InvalidToken, a token of an unknown execution is TaskDoesNotExist', async () => {
    const here = await given();
    const elsewhere = await given();
    await elsewhere.start('stranger');
    const { token } = await elsewhere.nextLook();
    expect((await refusal(here.succeed('garbage'))).name).toBe('InvalidToken');
    expect((await refusal(here.succeed(`${token.slice(0, -4)}AAAA`))).name).toBe('InvalidToken');
    expect((await refusal(here.succeed(token))).name).toBe('TaskDoesNotExist');
  });

  test('SendTaskSuccess refuses an output that is not JSON', async () => {
    const { start, nextLook, client } = await given();
    await start();
    const { token } = await nextLook();
    const call = client.send(new SendTaskSuccessCommand({ taskToken: token, output: 'done' }));
    expect((await refusal(call)).name).toBe('InvalidOutput');
  });

  test('StopExecution kills the token, ends as ABORTED, and tells EventBridge', async () => {
    const { start, nextLook, succeed, client, describe, clock, ended, looks } = await given();
    const { executionArn = '' } = await start();
    const { token } = await nextLook();
    await client.send(new StopExecutionCommand({ executionArn, error: 'Person', cause: 'pressed stop' }));
    expect((await refusal(succeed(token))).name).toBe('TaskTimedOut');
    expect(await describe(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Person', cause: 'pressed stop' });
    await clock.advance(day);
    expect(ended.map(({ detail }) => detail.status)).toEqual(['ABORTED']);
    expect(looks).toHaveLength(1);
  });

  test('StopExecution during the wait before a retry ends it there', async () => {
    const { start, worker, client, clock, looks } = await given();
    worker.answer = async () => {
      throw new Error('down');
    };
    const { executionArn = '' } = await start();
    await clock.advance(second);
    await client.send(new StopExecutionCommand({ executionArn }));
    await clock.advance(day);
    expect(looks).toHaveLength(1);
  });
});

describe('failure', () => {
  test('a lost heartbeat is States.Timeout: tried again with a new token and RetryCount 1, the old token dead', async () => {
    const { start, nextLook, clock, succeed, history } = await given();
    const { executionArn = '' } = await start();
    const first = await nextLook();
    const second = await nextLook();
    expect(clock.now()).toBe(noon + 300_000 + 2_000 + 30);
    expect(second).toMatchObject({ step: 'plan', retry: 1, entered: first.entered });
    expect(second.token).not.toBe(first.token);
    expect((await refusal(succeed(first.token))).name).toBe('TaskTimedOut');
    const lost = (await history(executionArn)).find(({ type }) => type === 'TaskTimedOut');
    expect(lost?.taskTimedOutEventDetails?.error).toBe('States.Timeout');
    await succeed(second.token);
    expect(await nextLook()).toMatchObject({ step: 'swap', retry: 0 });
  });

  test('a heartbeat starts the 300 seconds again', async () => {
    const { start, nextLook, clock, beat, looks } = await given();
    await start();
    const { token } = await nextLook();
    for (let beats = 0; beats < 5; beats += 1) {
      await clock.advance(200_000);
      await beat(token);
    }
    expect(looks).toHaveLength(1);
    await nextLook();
    expect(clock.now()).toBe(noon + 30 + 5 * 200_000 + 300_000 + 2_000 + 30);
  });

  test('the other name that AWS documents for a lost heartbeat is caught as well', async () => {
    const { start, nextLook } = await given(machine, { heartbeatError: 'States.HeartbeatTimeout' });
    await start();
    await nextLook();
    expect(await nextLook()).toMatchObject({ step: 'plan', retry: 1 });
  });

  test('TimeoutSeconds begins anew with every attempt', async () => {
    const limited = task('only', { HeartbeatSeconds: 60, TimeoutSeconds: 100, Catch: [], Next: 'done' });
    const { start, nextLook, clock, beat } = await given({
      StartAt: 'only',
      States: { only: limited, done: { Type: 'Succeed' } },
    });
    await start();
    const first = await nextLook();
    await clock.advance(50 * second);
    await beat(first.token);
    const again = await nextLook();
    expect(clock.now()).toBe(noon + 100 * second + 2 * second + 30);
    await clock.advance(50 * second);
    await beat(again.token);
    await nextLook();
    expect(clock.now()).toBe(noon + 2 * 100 * second + (2 + 4) * second + 30);
  });

  test('Trapheus.Stop is not tried again: it goes to Catch, and the run id stays in the input beside $.error', async () => {
    const { start, nextLook, fail, states } = await given();
    await start();
    await fail((await nextLook()).token, 'Trapheus.Stop', 'cancelled by ana');
    expect(await nextLook()).toMatchObject({ step: 'close', runId: 'r7k3q9xz', retry: 0 });
    expect(states.counters.retries).toBe(0);
    expect(states.executions()[0]?.states.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['plan', 'caught'],
      ['close', 'running'],
    ]);
  });

  test('a function that throws fails the state with the name of its error, and is tried again after 2, 4, 8 … 60 s', async () => {
    const { start, nextLook, worker, clock, history } = await given();
    worker.answer = async () => {
      throw new TypeError('undefined is not a database');
    };
    const { executionArn = '' } = await start();
    const waits: number[] = [];
    await nextLook();
    for (let count = 0; count < 7; count += 1) {
      const before = clock.now();
      await nextLook();
      waits.push((clock.now() - before - 30) / second);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60]);
    const failed = (await history(executionArn)).find(({ type }) => type === 'TaskFailed');
    expect(failed?.taskFailedEventDetails?.error).toBe('TypeError');
    expect(JSON.parse(failed?.taskFailedEventDetails?.cause ?? '')).toEqual({
      errorType: 'TypeError',
      errorMessage: 'undefined is not a database',
      trace: expect.any(Array),
    });
  });

  test('MaxAttempts counts over the whole visit of a state; then Catch has its turn', async () => {
    const few = [retry[0], { ...retry[1], MaxAttempts: 50 }];
    const { start, worker, clock, looks, succeed, states } = await given({
      ...machine,
      States: { ...machine.States, plan: task('plan', { Retry: few, Next: 'swap' }) },
    });
    let fails = 0;
    worker.answer = async ({ step, token }) => {
      // A visit that also loses heartbeats still has one count only.
      if (step === 'plan' && ++fails % 10 !== 0) throw new Error('down');
      if (step === 'close') await succeed(token);
    };
    await start();
    await clock.advance(2 * day);
    expect(looks.filter(({ step }) => step === 'plan').map((look) => look.retry)).toEqual(
      Array.from({ length: 51 }, (_, count) => count),
    );
    expect(looks.at(-1)?.step).toBe('close');
    expect(states.executions()[0]?.states[0]).toMatchObject({ outcome: 'caught', retries: 50 });
    expect(states.counters.retries).toBe(50);
  });

  test('5,000 retries fit into one state: the history ends first only beyond them', async () => {
    const { start, worker, clock, looks, client } = await given();
    worker.answer = async ({ step }) => {
      if (step === 'plan') throw new Error('down');
    };
    const { executionArn = '' } = await start();
    await clock.runUntil(() => looks.at(-1)?.step === 'close', 10 * day);
    expect(looks.filter(({ step }) => step === 'plan')).toHaveLength(5001);
    expect(looks.at(-2)?.retry).toBe(5000);
    const last = await client.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }));
    // Scheduled, started and failed for each attempt, and five events around them.
    expect(last.events?.[0]?.id).toBe(3 * 5001 + 7);
  });

  test('without Catch the execution fails with the error and cause of the token', async () => {
    const { start, worker, succeed, fail, clock, describe, ended } = await given();
    worker.answer = async ({ step, token }) =>
      step === 'close' ? fail(token, 'Trapheus.Stop', 'The copy never became available.') : succeed(token);
    const { executionArn = '' } = await start();
    await clock.advance(minute);
    expect(await describe(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'Trapheus.Stop',
      cause: 'The copy never became available.',
    });
    expect(ended[0]?.detail).toMatchObject({ status: 'FAILED', error: 'Trapheus.Stop', output: null });
  });

  test('a path that finds nothing is States.Runtime: neither Retry nor Catch of States.ALL sees it', async () => {
    const { start, describe, looks, clock } = await given();
    const { executionArn = '' } = await start('r1', '{"run":"r1"}');
    await clock.advance(minute);
    expect(await describe(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(looks).toHaveLength(0);
  });

  test('States.TaskFailed covers everything but States.Timeout', async () => {
    const retrying = task('only', {
      Retry: [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 1, MaxAttempts: 9 }],
      Catch: [],
      Next: 'done',
    });
    const { start, nextLook, fail, describe, clock } = await given({
      StartAt: 'only',
      States: { only: retrying, done: { Type: 'Succeed' } },
    });
    const { executionArn = '' } = await start();
    await fail((await nextLook()).token, 'Anything');
    expect(await nextLook()).toMatchObject({ retry: 1 });
    await clock.advance(10 * minute);
    expect(await describe(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  test('a machine with TimeoutSeconds ends as TIMED_OUT', async () => {
    const { start, describe, clock } = await given({ ...machine, TimeoutSeconds: 90 });
    const { executionArn = '' } = await start();
    await clock.advance(91 * second);
    expect(await describe(executionArn)).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  });

  test('a Fail state ends the execution with its own words', async () => {
    const { start, describe } = await given({
      StartAt: 'no',
      States: { no: { Type: 'Fail', Error: 'Trapheus.Failed', Cause: 'never' } },
    });
    const { executionArn = '' } = await start();
    expect(await describe(executionArn)).toMatchObject({ status: 'FAILED', error: 'Trapheus.Failed', cause: 'never' });
  });

  test.each(['crash-before', 'crash-after'] as const)(
    'a %s on a call inside the handler ends as the time-out of the function, and is tried again',
    async (kind) => {
      const { start, worker, faults, nextLook, clock, succeed, history, looks } = await given();
      let cleanedUp = false;
      worker.answer = async ({ token }) => {
        if (looks.length > 1) return;
        try {
          await succeed(token);
        } finally {
          cleanedUp = true;
        }
      };
      faults.arm({ service: 'states', operation: 'SendTaskSuccess', kind });
      const { executionArn = '' } = await start();
      await clock.runUntil(() => looks.length === 1, minute);
      // Crashed after the effect, the token has been answered, and nobody waits for the function any more.
      expect(await nextLook()).toMatchObject(
        kind === 'crash-after' ? { step: 'swap', retry: 0 } : { step: 'plan', retry: 1 },
      );
      if (kind === 'crash-before') {
        expect(clock.now()).toBe(noon + 30 + 25_000 + 2_000 + 30);
        const failed = (await history(executionArn)).find(({ type }) => type === 'TaskFailed');
        expect(failed?.taskFailedEventDetails?.error).toBe('Sandbox.Timedout');
      }
      expect(cleanedUp).toBe(false);
    },
  );

  test('an invocation that Lambda itself refuses is a failure of the state', async () => {
    const { start, nextLook, faults, history, clock } = await given();
    faults.arm({ service: 'lambda', operation: 'worker', kind: 'throttle' });
    const { executionArn = '' } = await start();
    await nextLook();
    expect(clock.now()).toBe(noon + 30 + 2_000 + 30);
    const failed = (await history(executionArn)).find(({ type }) => type === 'TaskFailed');
    expect(failed?.taskFailedEventDetails).toMatchObject({
      error: 'Lambda.TooManyRequestsException',
      cause: 'Rate Exceeded.',
    });
  });
});

describe('loading', () => {
  const load = (change: (definition: Record<string, unknown>) => unknown) => () => {
    const { clock, lambda } = loopback();
    const definition = JSON.stringify(change(structuredClone(machine)));
    return new StepFunctions({
      clock,
      lambda,
      accessKeyId,
      stateMachineArn,
      definition,
      substitutions: { WorkerFunction: 'worker' },
    });
  };
  const withPlan = (more: object) =>
    load(() => ({ ...machine, States: { ...machine.States, plan: task('plan', { Next: 'swap', ...more }) } }));

  test.each([
    ['a Choice', load(() => ({ StartAt: 'c', States: { c: { Type: 'Choice' } } })), 'state "c", field Type'],
    ['JSONata', load((m) => ({ ...m, QueryLanguage: 'JSONata' })), 'field QueryLanguage'],
    ['another field', withPlan({ OutputPath: '$.x' }), 'state "plan", field OutputPath: not supported'],
    ['another integration', withPlan({ Resource: 'arn:aws:states:::lambda:invoke' }), 'state "plan", field Resource'],
    ['jitter', withPlan({ Retry: [{ ErrorEquals: ['X'], JitterStrategy: 'FULL' }] }), 'field Retry.0.JitterStrategy'],
    ['a kept result', withPlan({ ResultPath: '$.x' }), 'state "plan", field ResultPath'],
    ['a narrow Catch', withPlan({ Catch: [{ ErrorEquals: ['X'], ResultPath: '$.error', Next: 'close' }] }), 'Catch.0'],
    ['States.ALL too early', withPlan({ Retry: [...retry].reverse() }), 'States.ALL must stand alone and in the last'],
    ['a slow heartbeat', withPlan({ TimeoutSeconds: 300 }), 'field HeartbeatSeconds: must be less than TimeoutSeconds'],
    ['Next and End', withPlan({ End: true }), 'state "plan", field Next: give either Next or End'],
    ['a missing state', withPlan({ Next: 'nowhere' }), 'there is no state "nowhere"'],
    [
      'a lost state',
      load(() => ({ ...machine, StartAt: 'swap' })),
      'state "plan", field (itself): no state leads here',
    ],
    [
      'a task without its token',
      withPlan({ Parameters: { FunctionName: 'worker', Payload: { 'runId.$': '$.runId' } } }),
      'must hand over $$.Task.Token',
    ],
    [
      'an intrinsic function',
      withPlan({ Parameters: { FunctionName: 'w', Payload: { 'a.$': 'States.UUID()', 't.$': '$$.Task.Token' } } }),
      'States.UUID() is not a plain path',
    ],
  ])('refuses %s, naming state and field', (_what, loading, message) => {
    expect(loading).toThrow(message);
  });

  test('refuses a function that no substitution names', () => {
    const { clock, lambda } = loopback();
    const definition = JSON.stringify(machine);
    expect(() => new StepFunctions({ clock, lambda, accessKeyId, stateMachineArn, definition })).toThrow(
      'no substitution WorkerFunction is given',
    );
  });

  test('takes the resource of every partition', () => {
    const Resource = 'arn:aws-us-gov:states:::lambda:invoke.waitForTaskToken';
    expect(withPlan({ Resource })).not.toThrow();
  });
});

describe('the protocol', () => {
  test('an operation that the sandbox does not know is UnknownOperationException', async () => {
    const { client } = await given();
    expect(await refusal(client.send(new ListActivitiesCommand({})))).toEqual({
      name: 'UnknownOperationException',
      status: 400,
    });
  });

  test('another access key is UnrecognizedClientException', async () => {
    const { endpoint } = await given();
    const stranger = new SFNClient({
      region,
      endpoint,
      credentials: { accessKeyId: 'AKIDOTHER', secretAccessKey: 'x' },
    });
    clients.push(stranger);
    expect(await refusal(stranger.send(new ListExecutionsCommand({ stateMachineArn })))).toEqual({
      name: 'UnrecognizedClientException',
      status: 403,
    });
  });

  test('the SDK tries a throttled call, an internal error and a lost answer again', async () => {
    const { faults, start, states } = await given();
    for (const kind of ['throttle', '5xx', 'lost-answer'] as const) {
      faults.arm({ service: 'states', operation: 'StartExecution', kind });
      await start(kind);
    }
    expect(states.executions().map(({ name }) => name)).toEqual(['lost-answer', '5xx', 'throttle']);
  });
});
