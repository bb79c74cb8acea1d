import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { AsyncInvocations, type FailedInvocation } from '../../../infra/local/async-invocations';
import { LambdaApi } from '../../../infra/local/lambda-api';
import { accessKeyId, accountId, credentials, loopback, noon, refusal, region } from './loopback';

const minute = 60_000;
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function given() {
  const { clock, faults, lambda, front } = loopback();
  const failed: FailedInvocation[] = [];
  const calls: { at: number; event: unknown }[] = [];
  const ended = { answer: async (): Promise<unknown> => undefined };
  lambda.deploy('ended', {
    timeoutSeconds: 25,
    handler: async (event) => {
      calls.push({ at: clock.now() - noon, event });
      return ended.answer();
    },
  });
  const invocations = new AsyncInvocations({
    clock,
    lambda,
    functionName: 'ended',
    functionArn: `arn:aws:lambda:${region}:${accountId}:function:ended`,
    onFailure: (message) => failed.push(message),
  });
  const endpoint = await front.listen(new LambdaApi(accessKeyId, { ended: invocations }));
  const client = new LambdaClient({ region, credentials, endpoint, maxAttempts: 1 });
  closing.push(
    () => client.destroy(),
    () => front.close(),
  );
  const invoke = (more: object = {}) =>
    client.send(
      new InvokeCommand({ FunctionName: 'ended', InvocationType: 'Event', Payload: Buffer.from('{"a":1}'), ...more }),
    );
  return { clock, faults, client, calls, failed, ended, invoke };
}

describe('an event for a function', () => {
  test('is accepted with 202 before the function has seen it', async () => {
    const { clock, calls, invoke } = await given();
    expect((await invoke()).StatusCode).toBe(202);
    expect(calls).toEqual([]);
    await clock.advance(minute);
    expect(calls.map(({ event }) => event)).toEqual([{ a: 1 }]);
  });

  test('is tried three times, one and two minutes apart, and then described to the on-failure destination', async () => {
    const { clock, calls, failed, ended, invoke } = await given();
    ended.answer = async () => {
      throw new TypeError('no');
    };
    await invoke();
    await clock.advance(10 * minute);
    const [first = 0, second = 0, third = 0, ...more] = calls.map(({ at }) => at);
    expect([second - first, third - second, more]).toEqual([minute, 2 * minute, []]);
    expect(failed).toEqual([
      expect.objectContaining({
        version: '1.0',
        requestPayload: { a: 1 },
        requestContext: {
          functionArn: `arn:aws:lambda:${region}:${accountId}:function:ended:$LATEST`,
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
        },
        responsePayload: { errorType: 'TypeError', errorMessage: 'no' },
      }),
    ]);
  });

  test('that is throttled loses no attempt, and is given up after six hours', async () => {
    const { clock, faults, calls, failed, invoke } = await given();
    faults.arm({ service: 'lambda', operation: 'ended', kind: 'throttle', times: 5 });
    await invoke();
    await clock.advance(minute);
    expect([calls.length, failed]).toEqual([1, []]);
    faults.arm({ service: 'lambda', operation: 'ended', kind: 'throttle', times: 100_000 });
    await invoke();
    await clock.advance(6 * 60 * minute);
    expect(failed.map(({ requestContext }) => requestContext.condition)).toEqual(['EventAgeExceeded']);
  });

  test('for nobody, without JSON, or that somebody waits for is refused', async () => {
    const { client, invoke } = await given();
    expect(await refusal(invoke({ FunctionName: 'nobody' }))).toEqual({
      name: 'ResourceNotFoundException',
      status: 404,
    });
    expect((await refusal(invoke({ Payload: Buffer.from('{') }))).name).toBe('InvalidRequestContentException');
    expect((await refusal(invoke({ InvocationType: 'RequestResponse' }))).name).toBe('InvalidParameterValueException');
    expect((await refusal(client.send(new ListFunctionsCommand({})))).name).toBe('UnknownOperationException');
  });
});
