import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Invocation } from '../../../infra/local/lambda';
import { Secrets } from '../../../infra/local/secrets';
import { accessKeyId, accountId, credentials, loopback, noon, region } from './loopback';

const second = 1000;

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A function that reads a secret over HTTP, as the deployed ones call AWS. */
async function given(work: (read: () => Promise<string | undefined>) => Promise<unknown> = (read) => read()) {
  const { clock, faults, lambda, front } = loopback();
  const secrets = new Secrets({ clock, accessKeyId, region, accountId, secrets: { token: 'xoxb' } });
  const client = new SecretsManagerClient({
    region,
    credentials,
    endpoint: await front.listen(secrets),
    maxAttempts: 1,
  });
  closing.push(
    () => client.destroy(),
    () => front.close(),
  );
  const read = async () => (await client.send(new GetSecretValueCommand({ SecretId: 'token' }))).SecretString;
  lambda.deploy('reader', { timeoutSeconds: 25, handler: () => work(read) });
  const results: { at: number; result: Invocation }[] = [];
  const dispatch = () =>
    clock.after(0, () =>
      lambda.dispatch('reader', {}, {}, (result) => results.push({ at: clock.now() - noon, result })),
    );
  return { clock, faults, lambda, front, read, results, dispatch };
}

describe('an invocation', () => {
  test('gets its event and gives its result as JSON, never as a shared object', async () => {
    const { lambda } = loopback();
    const event = { list: [1], none: undefined };
    lambda.deploy('echo', {
      timeoutSeconds: 3,
      handler: async (received) => {
        expect(received).toEqual({ list: [1] });
        (received as { list: number[] }).list.push(2);
        return { received, at: new Date(0), none: undefined };
      },
    });
    lambda.deploy('silent', { timeoutSeconds: 3, handler: async () => undefined });
    expect(await lambda.invoke('echo', event)).toEqual({
      ok: true,
      value: { received: { list: [1, 2] }, at: '1970-01-01T00:00:00.000Z' },
    });
    expect(event.list).toEqual([1]);
    expect(await lambda.invoke('silent', {})).toEqual({ ok: true, value: null });
  });

  test('what the handler throws is the name, message and trace that Lambda reports', async () => {
    const { lambda } = loopback();
    lambda.deploy('broken', {
      timeoutSeconds: 3,
      handler: async () => {
        throw new RangeError('too far');
      },
    });
    expect(await lambda.invoke('broken', {})).toEqual({
      ok: false,
      name: 'RangeError',
      message: 'too far',
      trace: expect.arrayContaining(['RangeError: too far']),
    });
  });

  test('a function that is not deployed is a mistake, with the names that are', async () => {
    const { lambda } = loopback();
    lambda.deploy('worker', { timeoutSeconds: 3, handler: async () => undefined });
    await expect(lambda.invoke('wroker', {})).rejects.toThrow('no function named wroker is deployed; known: worker');
  });

  test('holds virtual time while the handler works', async () => {
    const { clock, results, dispatch } = await given(async (read) => {
      await read();
      await new Promise((resolve) => setTimeout(resolve, 10));
      return read();
    });
    dispatch();
    await clock.advance(60 * second);
    expect(results).toEqual([{ at: 0, result: { ok: true, value: 'xoxb' } }]);
  });

  test('after a time-out the next invocation meets nothing of the one that died', async () => {
    const { clock, lambda } = loopback();
    const start = () => {
      let asking: Promise<string> | undefined;
      return (event: unknown) =>
        (asking ??= event === 'first' ? new Promise<string>(() => undefined) : Promise.resolve('answer'));
    };
    lambda.deploy('sharing', { timeoutSeconds: 3, handler: start(), restart: start });
    const first = lambda.invoke('sharing', 'first');
    lambda.crash(`1-00000001-${'0'.repeat(24)}`);
    await clock.advance(4 * second);
    expect(await first).toMatchObject({ ok: false, name: 'Sandbox.Timedout' });
    expect(await lambda.invoke('sharing', 'second')).toEqual({ ok: true, value: 'answer' });
  });

  test('getRemainingTimeInMillis counts virtual time down from the time-out', async () => {
    const { lambda } = loopback();
    lambda.deploy('timed', {
      timeoutSeconds: 25,
      handler: async (_event, context) => context.getRemainingTimeInMillis(),
    });
    expect(await lambda.invoke('timed', {})).toEqual({ ok: true, value: 25_000 });
  });
});

describe('crashes', () => {
  test.each(['crash-before', 'crash-after'] as const)(
    '%s: from that call on no call returns, neither catch nor finally runs, the caller sees the time-out',
    async (kind) => {
      const steps: string[] = [];
      const { clock, faults, results, dispatch } = await given(async (read) => {
        try {
          await read();
          steps.push('returned');
        } catch {
          steps.push('caught');
        } finally {
          steps.push('finally');
        }
      });
      faults.arm({ service: 'secretsmanager', kind });
      dispatch();
      await clock.advance(24 * second);
      expect(results).toEqual([]);
      await clock.advance(10 * second);
      expect(results).toEqual([
        { at: 25 * second, result: expect.objectContaining({ ok: false, name: 'Sandbox.Timedout' }) },
      ]);
      expect(steps).toEqual([]);
    },
  );

  test('calls that were under way beside the crash do not return either', async () => {
    const steps: string[] = [];
    const { clock, faults, results, dispatch } = await given(async (read) => {
      const first = read().then(() => steps.push('first'));
      const second = read().then(() => steps.push('second'));
      await Promise.all([first, second]);
    });
    faults.arm({ service: 'secretsmanager', kind: 'crash-before' });
    faults.arm({ service: 'secretsmanager', kind: 'crash-before' });
    dispatch();
    await clock.advance(30 * second);
    expect(results).toHaveLength(1);
    expect(steps).toEqual([]);
  });

  test('a function can die before its first line, or after its last', async () => {
    for (const kind of ['crash-before', 'crash-after'] as const) {
      let calls = 0;
      const { clock, faults, results, dispatch } = await given(async () => (calls += 1));
      faults.arm({ service: 'lambda', operation: 'reader', kind });
      dispatch();
      await clock.advance(30 * second);
      expect(calls).toBe(kind === 'crash-before' ? 0 : 1);
      expect(results).toEqual([{ at: 25 * second, result: expect.objectContaining({ name: 'Sandbox.Timedout' }) }]);
    }
  });

  test('the next invocation is not touched by the crash of the one before', async () => {
    const { clock, faults, results, dispatch } = await given();
    faults.arm({ service: 'secretsmanager', kind: 'crash-before' });
    dispatch();
    await clock.advance(second);
    dispatch();
    await clock.advance(30 * second);
    expect(results.map(({ at, result }) => [at, result.ok])).toEqual([
      [second, true],
      [25 * second, false],
    ]);
  });

  test('Lambda itself may refuse the call', async () => {
    const { faults, lambda } = await given();
    faults.arm({ service: 'lambda', operation: 'reader', kind: 'throttle' });
    faults.arm({ service: 'lambda', operation: 'reader', kind: '5xx' });
    expect(await lambda.invoke('reader', {})).toMatchObject({ ok: false, name: 'Lambda.TooManyRequestsException' });
    expect(await lambda.invoke('reader', {})).toMatchObject({ ok: false, name: 'Lambda.ServiceException' });
  });
});

describe('slow answers', () => {
  test('virtual time passes while the answer is slow, and stands still again when it has come', async () => {
    const seen: number[] = [];
    const parts = await given(async (read) => {
      await read();
      await new Promise((resolve) => setTimeout(resolve, 10));
      seen.push(parts.clock.now() - noon);
      return read();
    });
    const { clock, faults, results, dispatch } = parts;
    faults.arm({ service: 'secretsmanager', kind: 'slow', seconds: 10 });
    dispatch();
    await clock.advance(60 * second);
    expect(seen).toEqual([10 * second]);
    expect(results).toEqual([{ at: 10 * second, result: { ok: true, value: 'xoxb' } }]);
  });

  test('slower than the time-out the function is frozen: the late answer never reaches it', async () => {
    const steps: string[] = [];
    const { clock, faults, results, dispatch } = await given(async (read) => {
      await read();
      steps.push('went on');
    });
    faults.arm({ service: 'secretsmanager', kind: 'slow', seconds: 40 });
    dispatch();
    await clock.advance(120 * second);
    expect(results).toEqual([{ at: 25 * second, result: expect.objectContaining({ name: 'Sandbox.Timedout' }) }]);
    expect(steps).toEqual([]);
  });
});

describe('dispatch', () => {
  test('time does not move before the result was dealt with, however late it came', async () => {
    const { clock, faults, lambda } = await given();
    faults.arm({ service: 'lambda', kind: 'crash-before' });
    const dealtWith: number[] = [];
    for (const at of [0, 30]) {
      clock.after(at * second, () =>
        lambda.dispatch('reader', {}, {}, async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          dealtWith.push(clock.now() - noon);
        }),
      );
    }
    await clock.advance(60 * second);
    expect(dealtWith).toEqual([25 * second, 30 * second]);
  });

  test('a mistake in dealing with the result rejects the event', async () => {
    const { clock, lambda } = await given();
    clock.after(0, () =>
      lambda.dispatch('reader', {}, {}, () => {
        throw new Error('a mistake');
      }),
    );
    await expect(clock.advance(second)).rejects.toThrow('a mistake');
  });
});

describe('trace ids', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  test('travel with every call of an AWS client and of fetch, so that the callee knows whose call it answers', async () => {
    const { lambda } = loopback();
    const callers: unknown[] = [];
    server = createServer((request, response) => {
      callers.push(lambda.caller(request.headers));
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{}');
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new SecretsManagerClient({ region, credentials, endpoint });
    closing.push(() => client.destroy());
    const call = async () => {
      await client.send(new GetSecretValueCommand({ SecretId: 'token' }));
      await fetch(endpoint);
    };
    lambda.deploy('caller', { timeoutSeconds: 3, handler: call });
    await lambda.invoke('caller', {}, { hops: 7 });
    expect(callers).toEqual([expect.objectContaining({ hops: 7 }), expect.objectContaining({ hops: 7 })]);
    await call();
    expect(callers.slice(2)).toEqual([undefined, undefined]);
  });
});
