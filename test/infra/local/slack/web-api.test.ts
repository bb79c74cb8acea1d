import {
  actions,
  ana,
  Bench,
  ben,
  button,
  closeAll,
  dbOps,
  modal,
  plain,
  random,
  refusal,
  section,
  start,
} from './bench';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(closeAll);

describe('who calls (Slack: Web API, authentication)', () => {
  test('auth.test tells who the token belongs to', async () => {
    expect(await bench.client.auth.test()).toMatchObject({
      team_id: 'T0SANDBOX1',
      user_id: 'U0TRAPHEUS',
      bot_id: 'B0TRAPHEUS',
    });
  });

  test('no token and a wrong token are told apart', async () => {
    expect(await refusal(bench.as().auth.test())).toMatchObject({ error: 'not_authed' });
    expect(await refusal(bench.as('xoxb-stolen').auth.test())).toMatchObject({ error: 'invalid_auth' });
  });

  test('an unknown method is a 200, or a default client would try it again for half an hour', async () => {
    const response = await fetch(`${bench.url}/api/conversations.history`, { method: 'POST' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: false, error: 'unknown_method' });
  });

  test('arguments come as JSON too', async () => {
    const response = await fetch(`${bench.url}/api/chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', authorization: 'Bearer xoxb-sandbox' },
      body: JSON.stringify({ channel: dbOps, text: 'hello', blocks: [section('hello')] }),
    });
    expect(await response.json()).toMatchObject({ ok: true, channel: dbOps, message: { text: 'hello' } });
  });
});

describe('chat.postMessage', () => {
  test('a ts is the virtual time and unique', async () => {
    const [one, two] = [
      await bench.client.chat.postMessage({ channel: dbOps, text: 'one' }),
      await bench.client.chat.postMessage({ channel: dbOps, text: 'two' }),
    ];
    expect([one.ts, two.ts]).toEqual([`${start / 1000}.000100`, `${start / 1000}.000200`]);
  });

  test('blocks without a block_id get one, which payloads then carry', async () => {
    const { message } = await bench.client.chat.postMessage({ channel: dbOps, text: 'x', blocks: [section('x')] });
    expect(message?.blocks?.[0]?.block_id).toMatch(/^[0-9A-F]{5}$/);
  });

  test('unknown channels, channels without the bot and empty messages are refused', async () => {
    const post = (channel: string, text = 'x') => refusal(bench.client.chat.postMessage({ channel, text }));
    expect(await post('C0NOWHERE1')).toMatchObject({ error: 'channel_not_found' });
    expect(await post(random)).toMatchObject({ error: 'not_in_channel' });
    expect(await post(dbOps, '')).toMatchObject({ error: 'no_text' });
    expect(await post(dbOps, 'x'.repeat(40_001))).toMatchObject({ error: 'msg_too_long' });
  });

  test('invalid blocks say where', async () => {
    const blocks = [section('fine'), actions(button('approve', { text: plain('x'.repeat(76)) }))];
    expect(await refusal(bench.client.chat.postMessage({ channel: dbOps, text: 'x', blocks: blocks }))).toEqual({
      error: 'invalid_blocks',
      messages: ['[ERROR] must be less than 76 characters [json-pointer:/blocks/1/elements/0/text/text]'],
    });
  });

  test('a reply needs its thread, and a reply to a reply joins the same thread', async () => {
    const root = await bench.client.chat.postMessage({ channel: dbOps, text: 'root' });
    const reply = await bench.client.chat.postMessage({ channel: dbOps, text: 're', thread_ts: root.ts as string });
    await bench.client.chat.postMessage({ channel: dbOps, text: 're re', thread_ts: reply.ts as string });
    expect(bench.messages(dbOps).map((message) => message.thread_ts)).toEqual([undefined, root.ts, root.ts]);
    const nowhere = bench.client.chat.postMessage({ channel: dbOps, text: 'x', thread_ts: '1.000001' });
    expect(await refusal(nowhere)).toMatchObject({ error: 'invalid_thread_ts' });
  });

  test('a person as channel means the direct conversation', async () => {
    const { channel } = await bench.client.chat.postMessage({ channel: ben, text: 'for you' });
    expect(await bench.client.conversations.open({ users: ben })).toMatchObject({ channel: { id: channel } });
    expect(bench.messages(channel as string)).toHaveLength(1);
  });
});

describe('chat.update and chat.delete', () => {
  test('text without blocks takes the blocks away; neither keeps them (Slack: chat.update)', async () => {
    const { ts } = await bench.client.chat.postMessage({ channel: dbOps, text: 'a', blocks: [section('a')] });
    await bench.client.chat.update({ channel: dbOps, ts: ts as string, text: 'b', blocks: [section('b')] });
    expect(bench.messages(dbOps)[0]).toMatchObject({ text: 'b', blocks: [{ text: { text: 'b' } }] });
    expect(bench.messages(dbOps)[0]?.edited).toBeUndefined();
    await bench.client.chat.update({ channel: dbOps, ts: ts as string, text: 'c' });
    expect(bench.messages(dbOps)[0]).toMatchObject({ text: 'c', blocks: [], edited: { user: 'U0TRAPHEUS' } });
  });

  test('only its own, visible messages', async () => {
    bench.bot.answer = () => ({ json: { response_type: 'in_channel', text: 'done' } });
    await bench.slack.act({ user: 'ana', channel: dbOps, command: '/trapheus', text: 'hi' });
    const typed = bench.messages(dbOps)[0];
    const { message_ts } = await bench.client.chat.postEphemeral({ channel: dbOps, user: ana, text: 'psst' });
    const update = (ts: string) => refusal(bench.client.chat.update({ channel: dbOps, ts, text: 'mine now' }));
    expect(typed).toMatchObject({ user: ana, text: '/trapheus hi' });
    expect(await update(typed?.ts ?? '')).toMatchObject({ error: 'cant_update_message' });
    expect(await update(message_ts as string)).toMatchObject({ error: 'message_not_found' });
    expect(await update('1.000001')).toMatchObject({ error: 'message_not_found' });
    expect(await refusal(bench.client.chat.delete({ channel: dbOps, ts: typed?.ts ?? '' }))).toMatchObject({
      error: 'cant_delete_message',
    });
  });

  test('an update of more than 4,000 characters is refused', async () => {
    const { ts } = await bench.client.chat.postMessage({ channel: dbOps, text: 'x'.repeat(5000) });
    const update = bench.client.chat.update({ channel: dbOps, ts: ts as string, text: 'x'.repeat(4001) });
    expect(await refusal(update)).toMatchObject({ error: 'msg_too_long' });
  });

  test('a second plan is refused', async () => {
    const plan = { type: 'plan' as const, title: 'Restore', tasks: [] };
    const post = bench.client.chat.postMessage({ channel: dbOps, text: 'x', blocks: [plan, plan] });
    expect(await refusal(post)).toMatchObject({
      error: 'invalid_blocks',
      messages: [expect.stringContaining('more than 1 plan')],
    });
  });

  test('a message keeps one form, unless the workspace keeps transcripts', async () => {
    const keeping = await Bench.open({ keepRevisions: true });
    for (const here of [bench, keeping]) {
      const { ts } = await here.client.chat.postMessage({ channel: dbOps, text: 'queued' });
      await here.clock.advance(10_000);
      await here.client.chat.update({ channel: dbOps, ts: ts as string, text: 'running' });
    }
    expect(bench.messages(dbOps)[0]?.revisions).toBeUndefined();
    expect(keeping.messages(dbOps)[0]?.revisions).toEqual([{ at: start + 10_000, text: 'queued', blocks: [] }]);
  });
});

describe('chat.postEphemeral and chat.getPermalink', () => {
  test('reaches its target only', async () => {
    await bench.client.chat.postEphemeral({
      channel: dbOps,
      user: ana,
      text: 'psst',
      blocks: [actions(button('go'))] as never[],
    });
    const [message] = bench.messages(dbOps);
    expect(message).toMatchObject({ ephemeral_to: ana, text: 'psst' });
    const act = { channel: dbOps, message_ts: message?.ts, action_id: 'go' };
    expect(await bench.slack.act({ user: 'ben', ...act })).toMatchObject({
      error: expect.stringContaining('ben sees no message'),
    });
    expect(await bench.slack.act({ user: 'ana', ...act })).toMatchObject({ status: 200 });
    expect(bench.bot.last.payload).toMatchObject({ container: { is_ephemeral: true } });
    expect(bench.bot.last.payload.message).toBeUndefined();
    const stranger = bench.client.chat.postEphemeral({ channel: dbOps, user: 'U0SAM00001', text: 'psst' });
    expect(await refusal(stranger)).toMatchObject({ error: 'user_not_in_channel' });
  });

  test('a permalink stays on this machine and names the thread', async () => {
    const root = await bench.client.chat.postMessage({ channel: dbOps, text: 'root' });
    const reply = await bench.client.chat.postMessage({ channel: dbOps, text: 're', thread_ts: root.ts as string });
    const { permalink } = await bench.client.chat.getPermalink({ channel: dbOps, message_ts: reply.ts as string });
    expect(permalink).toBe(`${bench.url}/archives/${dbOps}/p1766390400000200?thread_ts=${root.ts}&cid=${dbOps}`);
  });
});

describe('views', () => {
  const trigger = () => bench.slack.trigger({ user: 'ana', channel: 'db-ops' }).trigger_id;
  const open = (view: object = modal([section('x')])) =>
    bench.client.views.open({ trigger_id: trigger(), view: view as never });

  test('a trigger id opens one view, within three seconds of wall time (Slack: views.open)', async () => {
    const trigger_id = trigger();
    bench.wall += 3_000;
    const { view } = await bench.client.views.open({ trigger_id, view: modal([section('x')]) });
    expect(view).toMatchObject({
      callback_id: 'restore',
      root_view_id: view?.id,
      previous_view_id: null,
      state: { values: {} },
    });
    const again = bench.client.views.open({ trigger_id, view: modal([section('x')]) });
    expect(await refusal(again)).toMatchObject({ error: 'exchanged_trigger_id' });
    const late = trigger();
    bench.wall += 3_001;
    expect(await refusal(bench.client.views.open({ trigger_id: late, view: modal([]) }))).toMatchObject({
      error: 'expired_trigger_id',
    });
    expect(await refusal(bench.client.views.open({ trigger_id: '1.2.3', view: modal([]) }))).toMatchObject({
      error: 'invalid_trigger_id',
    });
  });

  test('an invalid view says where, and leaves the trigger as it was', async () => {
    const trigger_id = trigger();
    const wrong = bench.client.views.open({
      trigger_id,
      view: modal([], { title: plain('A title of many letters, too many') }),
    });
    expect(await refusal(wrong)).toEqual({
      error: 'invalid_arguments',
      messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
    });
    await bench.client.views.open({ trigger_id, view: modal([]) });
  });

  test('more than 250 kB is too large', async () => {
    const blocks = Array.from({ length: 100 }, () => section('x'.repeat(2900)));
    expect(await refusal(open(modal(blocks)))).toMatchObject({ error: 'view_too_large' });
  });

  test('at most three views lie on each other', async () => {
    await open();
    const push = () => bench.client.views.push({ trigger_id: trigger(), view: modal([section('y')]) });
    const { view } = await push();
    expect(view?.previous_view_id).toBe(view?.root_view_id);
    await push();
    expect(await refusal(push())).toMatchObject({ error: 'push_limit_reached' });
  });

  test('an update with an old hash is a conflict, and one of a closed view not found', async () => {
    const { view } = await open();
    const update = (hash?: string) =>
      bench.client.views.update({ view_id: view?.id as string, view: modal([section('z')]), ...(hash && { hash }) });
    const second = await update(view?.hash);
    expect(second.view?.hash).not.toBe(view?.hash);
    expect(await refusal(update(view?.hash))).toMatchObject({ error: 'hash_conflict' });
    await bench.slack.act({ user: 'ana', view_id: view?.id, close: true });
    expect(await refusal(update())).toMatchObject({ error: 'not_found' });
  });

  test('the Home tab is published for each person, guarded by its hash', async () => {
    const home = { type: 'home' as const, blocks: [section('Nothing waits for you')] };
    const { view } = await bench.client.views.publish({ user_id: ana, view: home });
    await bench.client.views.publish({ user_id: ana, view: home, hash: view?.hash as string });
    const stale = bench.client.views.publish({ user_id: ana, view: home, hash: view?.hash as string });
    expect(await refusal(stale)).toMatchObject({ error: 'hash_conflict' });
    expect(await refusal(bench.client.views.publish({ user_id: ana, view: modal([]) }))).toMatchObject({
      error: 'invalid_arguments',
    });
    expect(bench.slack.state().homes).toMatchObject([{ user: ana, view: { type: 'home' } }]);
  });
});

describe('who is who', () => {
  test('guests and strangers are told by users.info', async () => {
    const about = async (user: string) => (await bench.client.users.info({ user })).user;
    expect(await about(ana)).toMatchObject({ name: 'ana', team_id: 'T0SANDBOX1', is_restricted: false, is_bot: false });
    expect(await about('U0GINA0001')).toMatchObject({ is_restricted: true });
    expect(await about('U0SAM00001')).toMatchObject({ is_stranger: true, team_id: 'T0PARTNER1' });
    expect(await about('U0TRAPHEUS')).toMatchObject({ is_bot: true });
    expect(await refusal(bench.client.users.info({ user: 'U0NOBODY' }))).toMatchObject({ error: 'user_not_found' });
  });

  test('a user group names its people', async () => {
    const { usergroups } = await bench.client.usergroups.list({ include_users: true });
    expect(usergroups).toMatchObject([{ handle: 'dba', users: [ben, 'U0CHLOE001'] }]);
    const usergroup = usergroups?.[0]?.id as string;
    expect(await bench.client.usergroups.users.list({ usergroup })).toMatchObject({ users: [ben, 'U0CHLOE001'] });
    expect(await refusal(bench.client.usergroups.users.list({ usergroup: 'S0NONE' }))).toMatchObject({
      error: 'no_such_subteam',
    });
  });

  test('a channel says whether the bot is in it and whether strangers are', async () => {
    expect(await bench.client.conversations.info({ channel: random })).toMatchObject({
      channel: { name: 'random', is_member: false, is_ext_shared: false },
    });
    expect(await bench.client.conversations.info({ channel: 'C0PARTNERS' })).toMatchObject({
      channel: { is_ext_shared: true },
    });
    expect(await bench.client.conversations.members({ channel: 'C0PARTNERS' })).toMatchObject({
      members: expect.arrayContaining(['U0SAM00001']),
    });
  });
});

describe('rate limits, on virtual time (Slack: Rate limits)', () => {
  const post = (channel = dbOps) => bench.client.chat.postMessage({ channel, text: 'x' });

  test('about one message a second in each channel, and a short burst', async () => {
    for (let n = 0; n < 5; n++) await post();
    await expect(post()).rejects.toMatchObject({ retryAfter: 5 });
    await post('C0ORDERS01');
    await bench.clock.advance(5_000);
    await post();
  });

  test('fifty updates a minute', async () => {
    const { ts } = await post();
    const update = () => bench.client.chat.update({ channel: dbOps, ts: ts as string, text: 'y' });
    for (let n = 0; n < 50; n++) await update();
    await expect(update()).rejects.toMatchObject({ retryAfter: 60 });
  });

  test('the limits can be switched off', async () => {
    const free = await Bench.open({ rateLimits: false });
    for (let n = 0; n < 20; n++) await free.client.chat.postMessage({ channel: dbOps, text: 'x' });
    expect(free.messages(dbOps)).toHaveLength(20);
  });
});

describe('armed faults are worded as Slack words them', () => {
  test.each([
    ['chat.update', 'not-found', 'message_not_found'],
    ['chat.postMessage', 'not-found', 'channel_not_found'],
    ['chat.postMessage', 'access-denied', 'invalid_auth'],
    ['views.open', 'wrong-state', 'hash_conflict'],
  ] as const)('%s, %s: %s', async (operation, kind, error) => {
    bench.faults.arm({ service: 'slack', operation, kind });
    expect(await refusal(bench.client.apiCall(operation, { channel: dbOps }))).toMatchObject({ error });
  });

  test('throttle is a 429 with Retry-After, 5xx a 503', async () => {
    bench.faults.arm({ service: 'slack', operation: 'chat.postMessage', kind: 'throttle' });
    await expect(bench.client.chat.postMessage({ channel: dbOps, text: 'x' })).rejects.toMatchObject({ retryAfter: 1 });
    bench.faults.arm({ service: 'slack', kind: '5xx' });
    await expect(bench.client.chat.postMessage({ channel: dbOps, text: 'x' })).rejects.toMatchObject({
      statusCode: 503,
    });
  });
});
