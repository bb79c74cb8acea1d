import type { Seen } from '../../bot/once';
import { type Handler, receive } from '../../bot/receiver';
import { Bot, FakeSlack, signedEvent, signingSecret, wallNow } from './fakes';

const command = new URLSearchParams({
  command: '/trapheus',
  text: 'help',
  team_id: 'T0HOME',
  user_id: 'U0REQ',
  channel_id: 'C0OPS',
  trigger_id: 't',
  response_url: 'http://127.0.0.1:1/r',
}).toString();
const json = 'application/json';

/** Everything comes for the first time. */
const unseen: Seen = { take: async () => true, giveBack: async () => undefined };

let slack: FakeSlack;
let handler: Handler;
beforeAll(async () => {
  slack = await FakeSlack.start();
  handler = new Bot(slack).handler;
});
afterAll(() => slack.stop());

const answer = async (event: unknown) => handler(event, {});
const status = async (event: unknown) => (await answer(event)).statusCode;

describe('who asks', () => {
  test('a signed command is answered', async () => {
    expect(await answer(signedEvent(command))).toMatchObject({
      statusCode: 200,
      body: expect.stringContaining('restore'),
    });
  });

  test('a REST API event with Title-Case headers is the same request', async () => {
    const { body, headers } = signedEvent(command);
    const title = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
        value,
      ]),
    );
    expect(
      await status({ httpMethod: 'POST', path: '/slack/events', headers: title, body, isBase64Encoded: false }),
    ).toBe(200);
  });

  test('a base64 body is the same request, letters outside ASCII included', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'Grüße — 雪' });
    const event = {
      ...signedEvent(body, { type: json }),
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    };
    expect(JSON.parse((await answer(event)).body)).toEqual({ challenge: 'Grüße — 雪' });
  });

  test.each(['application/x-www-form-urlencoded; charset=utf-8', 'Application/X-WWW-Form-Urlencoded'])(
    '%s is a form',
    async (type) => {
      expect(await status(signedEvent(command, { type }))).toBe(200);
    },
  );

  test('JSON with a charset is JSON', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'c' });
    expect(await status(signedEvent(body, { type: `${json}; charset=utf-8` }))).toBe(200);
  });

  test.each([
    ['301 seconds old', -301, 401],
    ['300 seconds old', -300, 200],
    ['300 seconds ahead', 300, 200],
    ['301 seconds ahead', 301, 401],
    ['a day ahead', 86_400, 401],
  ])('a request %s is answered %s: %i', async (_, seconds, expected) => {
    expect(await status(signedEvent(command, { at: wallNow + seconds * 1000 }))).toBe(expected);
  });

  test.each([
    ['another secret', signedEvent(command, { secret: 'another' })],
    ['another version', changed(signedEvent(command), 'x-slack-signature', (value) => value.replace('v0=', 'v9='))],
    ['a shorter signature', changed(signedEvent(command), 'x-slack-signature', (value) => value.slice(0, -1))],
    ['upper case', changed(signedEvent(command), 'x-slack-signature', (value) => value.toUpperCase())],
    ['something behind the signature', changed(signedEvent(command), 'x-slack-signature', (value) => `${value}=0`)],
    ['no number as timestamp', changed(signedEvent(command), 'x-slack-request-timestamp', () => 'now')],
    ['a timestamp with a sign', changed(signedEvent(command), 'x-slack-request-timestamp', (value) => `+${value}`)],
    ['an empty timestamp', changed(signedEvent(command), 'x-slack-request-timestamp', () => '')],
    ['another body', { ...signedEvent(command), body: `${command}&user_id=U0BOSS` }],
    ['no headers', { ...signedEvent(command), headers: {} }],
    ['null headers', { ...signedEvent(command), headers: null }],
    ['no body', { ...signedEvent(command), body: undefined }],
    ['a malformed body and a wrong signature', signedEvent('{', { type: json, secret: 'another' })],
  ])('%s is refused before anything is read: 401', async (_, event) => {
    expect(await status(event)).toBe(401);
  });

  test('for a while after a change of the secret, the previous one is still good', async () => {
    const seen: string[] = [];
    const rotated = receive({
      secrets: async () => ({ signingSecret: 'new', previousSigningSecret: signingSecret }),
      seen: unseen,
      next: async ({ body }) => ({ statusCode: 200, body: body ?? '' }),
      wall: () => wallNow,
      log: (_, event) => seen.push(event),
    });
    expect((await rotated(signedEvent(command), {})).statusCode).toBe(200);
    expect((await rotated(signedEvent(command, { secret: 'new' }), {})).statusCode).toBe(200);
    expect((await rotated(signedEvent(command, { secret: 'older' }), {})).statusCode).toBe(401);
    expect(seen).toEqual(['request-refused']);
  });

  test('an empty secret signs nothing', async () => {
    const empty = receive({
      secrets: async () => ({ signingSecret: 's', previousSigningSecret: '' }),
      seen: unseen,
      next: async () => ({ statusCode: 200, body: '' }),
      wall: () => wallNow,
      log: () => undefined,
    });
    expect((await empty(signedEvent(command, { secret: '' }), {})).statusCode).toBe(401);
  });
});

describe('what is asked', () => {
  test.each(['GET', 'PUT', 'OPTIONS'])('%s is not allowed', async (method) => {
    expect(await status({ ...signedEvent(command), requestContext: { http: { method } } })).toBe(405);
  });

  test('more than a megabyte is too much, however it is packed', async () => {
    const large = 'x'.repeat(1024 * 1024 + 1);
    expect(await status(signedEvent(large))).toBe(413);
    expect(
      await status({ ...signedEvent(large), body: Buffer.from(large).toString('base64'), isBase64Encoded: true }),
    ).toBe(413);
    expect(await status({ ...signedEvent(command), body: '雪'.repeat(400_000) })).toBe(413);
  });

  test.each([
    ['half of a JSON', '{"type":', json],
    ['a JSON that is no object', '[1]', json],
    ['null', 'null', json],
    ['a payload that is no JSON', 'payload=%7B', 'application/x-www-form-urlencoded'],
    ['another kind of content', 'hello', 'text/plain'],
    ['no kind of content', 'hello', ''],
  ])('%s: 400', async (_, body, type) => {
    expect(await status(signedEvent(body, { type }))).toBe(400);
  });

  test.each([undefined, null, 'text', 7, {}, { headers: 'x' }, { body: 7 }])(
    'an event that is no HTTP request (%j) does not throw',
    async (event) => {
      expect(await status(event)).toBeGreaterThanOrEqual(400);
    },
  );

  test('Slack’s check of the certificate needs no signature, and runs nothing', async () => {
    const event = signedEvent('ssl_check=1&token=x');
    delete event.headers['x-slack-signature'];
    expect(await answer(event)).toMatchObject({ statusCode: 200, body: '' });
    const disguised = signedEvent(`${command}&ssl_check=12`);
    delete disguised.headers['x-slack-signature'];
    expect(await status(disguised)).toBe(401);
  });

  test('an unknown command is answered in words, to its caller alone', async () => {
    const { statusCode, body } = await answer(signedEvent(command.replace('trapheus', 'other')));
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toEqual({ response_type: 'ephemeral', text: expect.stringContaining('do not know') });
  });

  test('an event that nobody listens to is taken', async () => {
    const event = {
      type: 'event_callback',
      team_id: 'T0HOME',
      event_id: 'E',
      event: { type: 'app_home_opened', user: 'U0REQ', channel: 'D0' },
    };
    expect(await status(signedEvent(JSON.stringify(event), { type: json }))).toBe(200);
  });

  test('when the secret cannot be read, the answer is 500, and the log knows why', async () => {
    const logged: unknown[] = [];
    const broken = receive({
      secrets: () => Promise.reject(new Error('no secret')),
      seen: unseen,
      next: async () => ({ statusCode: 200, body: '' }),
      wall: () => wallNow,
      log: (...line) => logged.push(line),
    });
    expect((await broken(signedEvent(command), {})).statusCode).toBe(500);
    expect(logged).toEqual([['error', 'request-failed', expect.objectContaining({ message: 'no secret' })]]);
  });
});

describe('the same request again', () => {
  const call = (id: string) => ({ awsRequestId: id });
  const event = (id: string) =>
    JSON.stringify({ type: 'event_callback', team_id: 'T0HOME', event_id: id, event: { type: 'app_home_opened' } });

  /** As the table remembers, with what came through. */
  function counted(answers: number[] = []) {
    const taken = new Map<string, string>();
    const passed: string[] = [];
    const take: Seen['take'] = async (key, holder) => {
      if (!taken.has(key)) taken.set(key, holder);
      return taken.get(key) === holder;
    };
    const handler = receive({
      secrets: async () => ({ signingSecret }),
      seen: { take, giveBack: async (key) => void taken.delete(key) },
      next: async ({ body }) => {
        passed.push(body ?? '');
        return { statusCode: answers.shift() ?? 200, body: 'done' };
      },
      wall: () => wallNow,
      log: () => undefined,
    });
    return { handler, passed };
  }

  test('a recorded command is not done again, and its sender is told so', async () => {
    const { handler, passed } = counted();
    expect(await handler(signedEvent(command), call('1'))).toMatchObject({ statusCode: 200, body: 'done' });
    expect(await handler(signedEvent(command), call('2'))).toMatchObject({
      statusCode: 200,
      body: expect.stringContaining('already'),
    });
    expect(passed).toHaveLength(1);
    expect((await handler(signedEvent(command, { at: wallNow - 1000 }), call('3'))).body).toBe('done');
  });

  test('at the same moment, one of them counts', async () => {
    const { handler, passed } = counted();
    const click = new URLSearchParams({ payload: JSON.stringify({ type: 'block_actions' }) }).toString();
    await Promise.all([1, 2, 3, 4].map((id) => handler(signedEvent(click), call(String(id)))));
    expect(passed).toHaveLength(1);
  });

  test('an event that Slack sends again is one event, whatever its signature', async () => {
    const { handler, passed } = counted();
    for (const [index, id] of ['Ev1', 'Ev1', 'Ev2'].entries()) {
      const sent = signedEvent(event(id), { type: json, at: wallNow + index * 1000 });
      const headers = { ...sent.headers, 'X-Slack-Retry-Num': String(index), 'X-Slack-Retry-Reason': 'http_timeout' };
      expect((await handler({ ...sent, headers }, call(String(index)))).statusCode).toBe(200);
    }
    expect(passed).toHaveLength(2);
  });

  test('what failed may come again', async () => {
    const { handler, passed } = counted([500, 200]);
    expect((await handler(signedEvent(event('Ev1'), { type: json }), call('1'))).statusCode).toBe(500);
    expect((await handler(signedEvent(event('Ev1'), { type: json }), call('2'))).statusCode).toBe(200);
    expect(passed).toHaveLength(2);
  });

  test('a menu may ask as often as it likes', async () => {
    const { handler, passed } = counted();
    const asked = new URLSearchParams({ payload: JSON.stringify({ type: 'block_suggestion' }) }).toString();
    for (const id of ['1', '2']) await handler(signedEvent(asked), call(id));
    expect(passed).toHaveLength(2);
  });

  test('while nobody can know, it is done: the door’s own writes are conditional', async () => {
    const logged: string[] = [];
    const handler = receive({
      secrets: async () => ({ signingSecret }),
      seen: { ...unseen, take: () => Promise.reject(new Error('no table')) },
      next: async () => ({ statusCode: 200, body: 'done' }),
      wall: () => wallNow,
      log: (_, entry) => logged.push(entry),
    });
    expect((await handler(signedEvent(command), call('1'))).body).toBe('done');
    expect(logged).toEqual(['repetition-unknown']);
  });
});

function changed(event: ReturnType<typeof signedEvent>, name: string, change: (value: string) => string) {
  return { ...event, headers: { ...event.headers, [name]: change(event.headers[name] ?? '') } };
}
