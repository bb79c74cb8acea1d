import { App, AwsLambdaReceiver, LogLevel } from '@slack/bolt';
import { actions, Bench, button, closeAll, dbOps, input, modal, plain, secrets, section } from './bench';

/** Bolt, as on Lambda, takes what the workspace sends: its types and its router are a second reading of the payloads. */
let bench: Bench;
let app: App;
const heard: string[] = [];

beforeEach(async () => {
  bench = await Bench.open();
  // Bolt compares the request's timestamp with the real time.
  bench.wall = Date.now();
  heard.length = 0;
  const receiver = new AwsLambdaReceiver({ signingSecret: secrets.signingSecret, logLevel: LogLevel.ERROR });
  app = new App({
    receiver,
    token: secrets.botToken,
    botId: 'B0TRAPHEUS',
    botUserId: 'U0TRAPHEUS',
    clientOptions: { slackApiUrl: `${bench.url}/api/`, retryConfig: { retries: 0 } },
  });
  const handler = await receiver.start();
  bench.bot.answer = async ({ headers, body }) => {
    const event = { httpMethod: 'POST', path: '/slack/events', headers, body, isBase64Encoded: false };
    const answer = await handler(event as never, {});
    return { status: answer.statusCode, text: answer.body };
  };
});
afterEach(closeAll);

test('a command opens the modal, its menu asks for options, and its submission is answered', async () => {
  app.command('/trapheus', async ({ ack, client, body }) => {
    const database = { type: 'external_select', action_id: 'db', min_query_length: 0 };
    await client.views.open({ trigger_id: body.trigger_id, view: modal([input('database', database)]) });
    await ack();
  });
  app.options('db', ({ ack }) => ack({ options: [{ text: plain('orders'), value: 'orders' }] }));
  app.view('restore', async ({ ack, view }) => {
    heard.push(String(view.state.values.database?.db?.selected_option?.value));
    await ack({ response_action: 'update', view: modal([section('Requested')], { submit: undefined }) });
  });
  const { view } = await bench.slack.act({ user: 'ana', channel: dbOps, command: '/trapheus', text: 'restore' });
  const view_id = view?.view_id;
  await bench.slack.act({ user: 'ana', options: { view_id, action_id: 'db', value: '' } });
  const answer = await bench.slack.act({ user: 'ana', view_id, submit: { database: { db: 'orders' } } });
  expect(heard).toEqual(['orders']);
  expect(answer).toMatchObject({ status: 200, view: { view_id, blocks: [{ text: { text: 'Requested' } }] } });
});

test('a click is routed by its action_id, updates the card and whispers to the clicker', async () => {
  app.action('approve', async ({ ack, body, client, respond }) => {
    await ack();
    if (body.type !== 'block_actions' || body.message === undefined) return;
    await client.chat.update({ channel: dbOps, ts: body.message.ts, text: `Approved by <@${body.user.id}>` });
    await respond({ response_type: 'ephemeral', replace_original: false, text: 'Thank you' });
  });
  const blocks = [actions(button('approve', { value: 'r1' }))] as never[];
  const { ts } = await bench.client.chat.postMessage({ channel: dbOps, text: 'Restore orders?', blocks });
  const answer = await bench.slack.act({ user: 'ben', channel: dbOps, message_ts: ts, action_id: 'approve' });
  expect(answer).toMatchObject({ status: 200, ephemeral: [{ text: 'Thank you' }] });
  expect(bench.messages(dbOps)[0]).toMatchObject({ ts, text: 'Approved by <@U0BEN00001>' });
});

test('Home, shortcuts and closed views reach their listeners', async () => {
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [section('Nothing waits')] } });
  });
  app.shortcut('restore', async ({ ack, shortcut, client }) => {
    await client.views.open({
      trigger_id: shortcut.trigger_id,
      view: modal([section('x')], { notify_on_close: true }),
    });
    await ack();
  });
  app.view({ type: 'view_closed', callback_id: 'restore' }, async ({ ack }) => {
    heard.push('closed');
    await ack();
  });
  expect(await bench.slack.act({ user: 'ana', home: true })).toMatchObject({ status: 200, view: { type: 'home' } });
  const { view } = await bench.slack.act({ user: 'ana', shortcut: 'restore' });
  await bench.slack.act({ user: 'ana', view_id: view?.view_id, close: true });
  expect(heard).toEqual(['closed']);
});

test('a listener that throws is dispatch_failed, and so is a command that nobody listens to', async () => {
  app.command('/trapheus', () => Promise.reject(new Error('broken')));
  app.error(() => Promise.resolve());
  for (const command of ['/trapheus', '/unknown'])
    expect(await bench.slack.act({ user: 'ana', channel: dbOps, command })).toMatchObject({
      status: 404,
      notice: `${command} failed with the error "dispatch_failed"`,
    });
});
