import type { CallRecord, Incoming, Protocol } from '../../../infra/local/service';
import { loopback, noon } from './loopback';

const second = 1000;

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A service that counts what took effect. */
async function given(answer?: Protocol['answer']) {
  const parts = loopback();
  const effects: Incoming[] = [];
  const protocol: Protocol = {
    service: 'sns',
    operation: ({ path }) => path.slice(1),
    answer: (incoming, operation) => {
      effects.push(incoming);
      return answer?.(incoming, operation) ?? { status: 200, headers: { 'x-name': operation }, body: 'done' };
    },
    refusal: (kind) => ({ status: kind === '5xx' ? 500 : 400, body: kind }),
  };
  const url = await parts.front.listen(protocol);
  closing.push(() => parts.front.close());
  const calls: CallRecord[] = [];
  parts.front.onCall((call) => calls.push(call));
  const call = async (operation = 'Publish', body = 'hello') => {
    const response = await fetch(`${url}/${operation}`, { method: 'POST', body });
    return { status: response.status, name: response.headers.get('x-name'), body: await response.text() };
  };
  return { ...parts, url, effects, calls, call };
}

describe('the front', () => {
  test('listens on loopback, hands the request to the service and its answer back, and tells who asks', async () => {
    const { url, effects, calls, call } = await given();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await call('Publish', 'ü')).toEqual({ status: 200, name: 'Publish', body: 'done' });
    expect(effects).toEqual([
      expect.objectContaining({ method: 'POST', path: '/Publish', body: 'ü', hops: 0, caller: undefined }),
    ]);
    expect(calls).toMatchObject([{ service: 'sns', operation: 'Publish', at: noon, status: 200 }]);
  });

  test('keeps virtual time still while the service works', async () => {
    const { clock, call } = await given(async () => {
      const before = clock.now();
      await new Promise((resolve) => setTimeout(resolve, 10));
      return { status: 200, body: String(clock.now() - before) };
    });
    let answered = false;
    const answer = call().finally(() => {
      answered = true;
    });
    await clock.runUntil(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      clock.after(second, () => undefined);
      return answered;
    }, 1e9);
    expect((await answer).body).toBe('0');
  });

  test('refuses in the words of the service, before anything takes effect', async () => {
    const { faults, effects, calls, call } = await given();
    faults.arm({ service: 'sns', operation: 'Publish', kind: 'throttle', times: 2 });
    expect(await call('Subscribe')).toMatchObject({ status: 200 });
    expect(await call()).toMatchObject({ status: 400, body: 'throttle' });
    expect(await call()).toMatchObject({ status: 400, body: 'throttle' });
    expect(await call()).toMatchObject({ status: 200 });
    expect(effects).toHaveLength(2);
    expect(calls.map(({ status, fault }) => [status, fault])).toEqual([
      [200, undefined],
      [400, 'throttle'],
      [400, 'throttle'],
      [200, undefined],
    ]);
  });

  test('a lost answer has taken effect, and the connection is cut', async () => {
    const { faults, effects, calls, call } = await given();
    faults.arm({ service: 'sns', kind: 'lost-answer' });
    await expect(call()).rejects.toThrow();
    expect(effects).toHaveLength(1);
    expect(calls[0]).toMatchObject({ status: 'lost', fault: 'lost-answer' });
  });

  test('crash-before spares the effect, crash-after has it; a client from outside sees its connection cut', async () => {
    const { faults, effects, call } = await given();
    faults.arm({ service: 'sns', kind: 'crash-before' });
    await expect(call()).rejects.toThrow();
    expect(effects).toHaveLength(0);
    faults.arm({ service: 'sns', kind: 'crash-after' });
    await expect(call()).rejects.toThrow();
    expect(effects).toHaveLength(1);
  });

  test('a slow answer takes its virtual seconds, for a client from outside as well', async () => {
    const { clock, faults, effects, call } = await given();
    faults.arm({ service: 'sns', kind: 'slow', seconds: 40 });
    let answered = false;
    const answer = call().then(() => {
      answered = true;
    });
    while (effects.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await clock.runUntil(() => clock.nextAt() !== undefined, 0);
    await clock.advance(39 * second);
    expect(answered).toBe(false);
    await clock.advance(second);
    await answer;
    expect(clock.now()).toBe(noon + 40 * second);
  });

  test('skip lets calls pass first, match looks into the body', async () => {
    const { faults, call } = await given();
    faults.arm({ service: 'sns', kind: 'quota', skip: 1, match: 'orders' });
    expect((await call('Publish', 'orders')).status).toBe(200);
    expect((await call('Publish', 'billing')).status).toBe(200);
    expect((await call('Publish', 'orders')).body).toBe('quota');
    expect((await call('Publish', 'orders')).status).toBe(200);
  });

  test('a body above 20 MiB is not read to its end', async () => {
    const { call, effects } = await given();
    expect((await call('Publish', 'x'.repeat(20 * 1024 * 1024 + 1))).status).toBe(413);
    expect(effects).toHaveLength(0);
  });

  test('a mistake of the sandbox is answered as an internal error, and said aloud', async () => {
    const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const { call } = await given(() => {
      throw new Error('a mistake');
    });
    expect(await call()).toMatchObject({ status: 500, body: '5xx' });
    expect(said).toHaveBeenCalledWith(expect.stringContaining('sns failed on POST /Publish'), expect.any(Error));
    said.mockRestore();
  });
});
