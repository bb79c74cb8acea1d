import {
  actions,
  ana,
  Bench,
  ben,
  button,
  closeAll,
  dbOps,
  input,
  modal,
  orders,
  plain,
  refusal,
  section,
  start,
} from './bench';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(closeAll);

/** Opens the modal for ana, as the bot would. */
async function open(view: object): Promise<string> {
  const { trigger_id } = bench.slack.trigger({ user: 'ana', channel: dbOps });
  const { view: opened } = await bench.client.views.open({ trigger_id, view: view as never });
  return opened?.id as string;
}

async function card(...elements: object[]): Promise<string> {
  const blocks = [section('Restore orders?'), actions(...elements)] as never[];
  const { ts } = await bench.client.chat.postMessage({ channel: dbOps, text: 'Restore orders?', blocks });
  return ts as string;
}

const text = { type: 'plain_text_input', action_id: 'value' };
const restore = { user: 'ana', channel: '#db-ops', command: '/trapheus', text: 'restore orders' };

describe('signed requests (Slack: Verifying requests from Slack)', () => {
  test('every kind of request is signed over its raw body, in wall seconds', async () => {
    const view_id = await open(modal([input('reason', text)], { notify_on_close: true }));
    await bench.slack.act({ ...restore, text: 'naïve “quotes” — and 日本' });
    await bench.slack.act({ user: 'ana', home: true });
    await bench.slack.act({ user: 'ana', shortcut: 'restore' });
    await bench.slack.act({ user: 'ana', view_id, submit: { reason: { value: 'x' } } });
    expect(await bench.slack.checkSsl()).toBe(true);
    expect(bench.bot.received).toHaveLength(5);
    for (const { verified, headers } of bench.bot.received) {
      expect(verified).toBe(true);
      expect(headers['x-slack-request-timestamp']).toBe(String(bench.wall / 1000));
      expect(headers['user-agent']).toContain('Slackbot');
    }
  });

  test('the challenge of url_verification has to come back', async () => {
    bench.bot.answer = ({ payload }) => ({ json: { challenge: payload.challenge } });
    expect(await bench.slack.verifyUrl()).toBe(true);
    bench.bot.answer = () => ({ text: 'hello' });
    expect(await bench.slack.verifyUrl()).toBe(false);
  });
});

describe('slash commands (Slack: Slash commands)', () => {
  test('carry who, where and what', async () => {
    await bench.slack.act(restore);
    expect(bench.bot.last.payload).toEqual({
      token: expect.any(String),
      team_id: 'T0SANDBOX1',
      team_domain: 'trapheus-sandbox',
      channel_id: dbOps,
      channel_name: 'db-ops',
      user_id: ana,
      user_name: 'ana',
      command: '/trapheus',
      text: 'restore orders',
      api_app_id: 'A0TRAPHEUS',
      is_enterprise_install: 'false',
      response_url: expect.stringContaining(`${bench.url}/response/`),
      trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]{32}$/),
    });
    await bench.slack.act({ ...restore, channel: 'D0ANA00001' });
    expect(bench.bot.last.payload).toMatchObject({ channel_name: 'directmessage' });
  });

  test('a text answer is for the person only, and so is JSON unless it says in_channel', async () => {
    bench.bot.answer = () => ({ text: 'working on it' });
    expect(await bench.slack.act(restore)).toMatchObject({
      status: 200,
      body: 'working on it',
      ephemeral: [{ text: 'working on it', user: 'U0TRAPHEUS' }],
    });
    bench.bot.answer = () => ({ json: { text: 'here', blocks: [section('here')] } });
    expect(await bench.slack.act(restore)).toMatchObject({ ephemeral: [{ text: 'here' }] });
    bench.bot.answer = () => ({ json: { text: 'for all', response_type: 'in_channel' } });
    expect(await bench.slack.act(restore)).toMatchObject({ ephemeral: [] });
    expect(bench.messages(dbOps).map(({ text, ephemeral_to }) => [text, ephemeral_to])).toEqual([
      ['working on it', ana],
      ['here', ana],
      ['/trapheus restore orders', undefined],
      ['for all', undefined],
    ]);
  });

  test('an answer after three seconds is none: operation_timeout', async () => {
    bench.bot.answer = () => {
      bench.wall += 3_001;
      return { text: 'too late' };
    };
    const notice = '/trapheus failed with the error "operation_timeout"';
    expect(await bench.slack.act(restore)).toMatchObject({
      status: 0,
      ms: 3_001,
      notice,
      ephemeral: [{ text: notice }],
    });
  });

  test('an app that never answers is hung up on', async () => {
    const hasty = await Bench.open({ answerWithinMs: 20 });
    hasty.bot.answer = () => new Promise(() => {});
    expect(await hasty.slack.act(restore)).toMatchObject({
      status: 0,
      notice: '/trapheus failed with the error "operation_timeout"',
    });
  });

  test('anything but 200 is dispatch_failed, and unusable blocks name themselves', async () => {
    bench.bot.answer = () => ({ status: 500 });
    expect(await bench.slack.act(restore)).toMatchObject({
      status: 500,
      notice: '/trapheus failed with the error "dispatch_failed"',
    });
    bench.bot.answer = () => ({ json: { blocks: [{ type: 'alert', text: plain('only in modals') }] } });
    expect(await bench.slack.act(restore)).toMatchObject({
      notice: '/trapheus failed with the error "invalid_blocks"',
    });
    expect(bench.slack.requests().at(-1)?.problem).toContain('unsupported type: alert [json-pointer:/blocks/0/type]');
  });

  test('a form that was left open is no answer to a command', async () => {
    const view_id = await open(modal([input('reason', text)]));
    expect(await bench.slack.act(restore)).not.toHaveProperty('view');
    bench.bot.answer = async ({ payload }) => {
      await bench.client.views.open({
        trigger_id: String(payload.trigger_id),
        view: modal([section('Other')]) as never,
      });
      return {};
    };
    const { view } = await bench.slack.act(restore);
    expect(view).toMatchObject({ view_id: expect.not.stringContaining(view_id) });
  });

  test('a person who is not there, and a channel that nobody sees', async () => {
    expect(await bench.slack.act({ ...restore, user: 'zoe' })).toMatchObject({
      error: expect.stringContaining('ana, ben, chloe'),
    });
    expect(await bench.slack.act({ ...restore, channel: 'D0ANA00001', user: 'ben' })).toMatchObject({
      error: expect.stringContaining('#db-ops, #orders'),
    });
    expect(await bench.slack.act({ user: 'ana', dance: true })).toMatchObject({
      error: expect.stringContaining('command, submit'),
    });
    expect(bench.bot.received).toHaveLength(0);
  });
});

describe('response_url (Slack: Handling user interaction)', () => {
  const url = async () => {
    await bench.slack.act(restore);
    return String(bench.bot.last.payload.response_url);
  };

  test('five uses', async () => {
    const response = await url();
    for (let n = 1; n <= 5; n++)
      expect(await bench.respond(response, { text: `${n}` })).toEqual({ status: 200, body: { ok: true } });
    expect(await bench.respond(response, { text: '6' })).toEqual({
      status: 404,
      body: { ok: false, error: 'used_url' },
    });
    expect(bench.messages(dbOps).map(({ text, ephemeral_to }) => [text, ephemeral_to])).toEqual(
      ['1', '2', '3', '4', '5'].map((n) => [n, ana]),
    );
  });

  test('thirty virtual minutes', async () => {
    const response = await url();
    await bench.clock.advance(30 * 60_000);
    expect(await bench.respond(response, { text: 'in time' })).toMatchObject({ status: 200 });
    await bench.clock.advance(1);
    expect(await bench.respond(response, { text: 'late' })).toMatchObject({
      status: 404,
      body: { error: 'expired_url' },
    });
  });

  test('works where the bot is no member, replaces what it said and takes it away', async () => {
    await bench.slack.act({ ...restore, channel: 'random' });
    const response = String(bench.bot.last.payload.response_url);
    await bench.respond(response, { text: 'one moment' });
    await bench.respond(response, { text: 'done', replace_original: true });
    expect(bench.messages('C0RANDOM01')).toMatchObject([{ text: 'done', ephemeral_to: ana }]);
    await bench.respond(response, { delete_original: true });
    expect(bench.messages('C0RANDOM01')).toEqual([]);
  });

  test('of a click: the clicked message is the original, a refusal goes to the clicker alone', async () => {
    const ts = await card(button('approve'));
    await bench.slack.act({ user: 'ben', channel: dbOps, message_ts: ts, action_id: 'approve' });
    const response = String(bench.bot.last.payload.response_url);
    await bench.respond(response, { text: 'already approved' });
    await bench.respond(response, { text: 'Approved', replace_original: true });
    expect(bench.messages(dbOps)).toMatchObject([
      { ts, text: 'Approved', blocks: [] },
      { text: 'already approved', ephemeral_to: ben },
    ]);
  });

  test('refuses what chat.postMessage refuses, and that is no use', async () => {
    const response = await url();
    for (let n = 0; n < 6; n++)
      expect(await bench.respond(response, { blocks: [{ type: 'nonsense' }] })).toMatchObject({
        status: 400,
        body: { error: 'invalid_blocks', errors: ['unsupported type: nonsense [json-pointer:/blocks/0/type]'] },
      });
    expect(await bench.respond(response, {})).toMatchObject({ status: 400, body: { error: 'no_text' } });
    expect(await bench.respond(response, { text: 'fine' })).toMatchObject({ status: 200 });
  });
});

describe('clicks on messages (Slack: block_actions payload)', () => {
  test('carry the element, the message and where it stands', async () => {
    const ts = await card(
      button('approve', { value: 'r7k3q9xz', style: 'primary', confirm: { text: plain('Sure?') } }),
    );
    const answer = await bench.slack.act({ user: 'ben', channel: 'db-ops', message_ts: ts, action_id: 'approve' });
    expect(answer).toMatchObject({ status: 200, ephemeral: [] });
    expect(bench.bot.last.payload).toMatchObject({
      type: 'block_actions',
      user: { id: ben, username: 'ben', team_id: 'T0SANDBOX1' },
      team: { id: 'T0SANDBOX1', domain: 'trapheus-sandbox' },
      api_app_id: 'A0TRAPHEUS',
      container: { type: 'message', message_ts: ts, channel_id: dbOps, is_ephemeral: false },
      channel: { id: dbOps, name: 'db-ops' },
      message: { ts, bot_id: 'B0TRAPHEUS', blocks: [{ type: 'section' }, { block_id: 'decide' }] },
      state: { values: {} },
      response_url: expect.any(String),
      trigger_id: expect.any(String),
      actions: [
        { type: 'button', action_id: 'approve', block_id: 'decide', value: 'r7k3q9xz', action_ts: expect.any(String) },
      ],
    });
  });

  test('the HTTP answer of a click shows nothing', async () => {
    const ts = await card(button('approve'));
    bench.bot.answer = () => ({ json: { text: 'thanks', response_type: 'in_channel' } });
    await bench.slack.act({ user: 'ben', channel: dbOps, message_ts: ts, action_id: 'approve' });
    expect(bench.messages(dbOps)).toHaveLength(1);
  });

  test('a stranger keeps the team he comes from', async () => {
    const ts = await card(button('approve'));
    await bench.slack.act({ user: 'sam', channel: dbOps, message_ts: ts, action_id: 'approve' });
    expect(bench.bot.last.payload).toMatchObject({ user: { team_id: 'T0PARTNER1' }, team: { id: 'T0SANDBOX1' } });
  });

  test('a button that is gone cannot be pressed, and the answer says what can', async () => {
    const ts = await card(button('approve'), button('deny'));
    await bench.client.chat.update({ channel: dbOps, ts, text: 'x', blocks: [actions(button('undo'))] as never[] });
    expect(await bench.slack.act({ user: 'ben', channel: dbOps, message_ts: ts, action_id: 'approve' })).toMatchObject({
      status: 0,
      error: 'approve is not there (any more); what can be pressed or filled in: undo',
    });
    expect(bench.bot.received).toHaveLength(0);
  });

  test('several buttons with one action_id are told apart by block or value', async () => {
    const row = (id: string) => ({ ...actions(button('cancel', { value: id })), block_id: id });
    const { ts } = await bench.client.chat.postMessage({
      channel: dbOps,
      text: 'x',
      blocks: [row('run1'), row('run2')] as never[],
    });
    const click = { user: 'ana', channel: dbOps, message_ts: ts, action_id: 'cancel' };
    expect(await bench.slack.act(click)).toMatchObject({ error: expect.stringContaining('run1 (value run1), run2') });
    await bench.slack.act({ ...click, value: 'run2' });
    expect(bench.bot.last.payload).toMatchObject({ actions: [{ value: 'run2' }] });
    expect(await bench.slack.act({ ...click, block_id: 'run1', value: 'run2' })).toMatchObject({
      error: 'cancel is there with the value run1, not run2',
    });
    await bench.slack.act({ ...click, block_id: 'run1' });
    expect(bench.bot.last.payload).toMatchObject({ actions: [{ value: 'run1' }] });
  });

  test('menus need an option that they have', async () => {
    const option = (value: string) => ({ text: plain(`Option ${value}`), value });
    const ts = await card(
      { type: 'overflow', action_id: 'more', options: [option('open'), option('hide')] },
      { type: 'static_select', action_id: 'pick', options: [option('a'), option('b')] },
      { type: 'users_select', action_id: 'who' },
    );
    const pick = (action_id: string, value: string) =>
      bench.slack.act({ user: 'ana', channel: dbOps, message_ts: ts, action_id, value });
    expect(await pick('more', 'burn')).toMatchObject({ error: 'say which option as value: open, hide' });
    await pick('more', 'hide');
    expect(bench.bot.last.payload).toMatchObject({ actions: [{ type: 'overflow', selected_option: option('hide') }] });
    expect(await pick('pick', 'z')).toMatchObject({
      error: expect.stringContaining('z is not among the options (a, b)'),
    });
    await pick('pick', 'Option b');
    expect(bench.bot.last.payload).toMatchObject({
      actions: [{ selected_option: option('b') }],
      state: {
        values: {
          decide: { pick: { type: 'static_select', selected_option: option('b') }, who: { selected_user: null } },
        },
      },
    });
  });
});

describe('modals (Slack: Modals, view_submission payload)', () => {
  const option = (value: string) => ({ text: plain(value.toUpperCase()), value });
  const fields = [
    input('reason', { ...text, multiline: true, min_length: 5, max_length: 20 }),
    input(
      'source',
      { type: 'radio_buttons', action_id: 'value', options: [option('newest'), option('now')] },
      { optional: true },
    ),
    input(
      'checks',
      {
        type: 'checkboxes',
        action_id: 'value',
        options: [option('hooks'), option('verify')],
        initial_options: [option('verify')],
      },
      { optional: true },
    ),
    input(
      'hold',
      { type: 'number_input', action_id: 'value', is_decimal_allowed: false, min_value: '1', max_value: '72' },
      { optional: true },
    ),
    input('at', { type: 'datetimepicker', action_id: 'value' }, { optional: true }),
    input('day', { type: 'datepicker', action_id: 'value' }, { optional: true }),
    input('hour', { type: 'timepicker', action_id: 'value' }, { optional: true }),
    input('tell', { type: 'conversations_select', action_id: 'value' }, { optional: true }),
    input('people', { type: 'multi_users_select', action_id: 'value' }, { optional: true }),
  ];
  const submitted = () => (bench.bot.last.payload.view as { state: { values: object } }).state.values;

  test('every field has a value, null or [] when untouched', async () => {
    const view_id = await open(modal(fields, { private_metadata: 'orders' }));
    const answer = await bench.slack.act({ user: 'ana', view_id, submit: { reason: { value: 'bad deploy' } } });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.view).toBeUndefined();
    expect(bench.bot.last.payload).toMatchObject({
      type: 'view_submission',
      response_urls: [],
      trigger_id: expect.any(String),
      view: {
        id: view_id,
        callback_id: 'restore',
        private_metadata: 'orders',
        root_view_id: view_id,
        app_id: 'A0TRAPHEUS',
      },
    });
    expect(submitted()).toEqual({
      reason: { value: { type: 'plain_text_input', value: 'bad deploy' } },
      source: { value: { type: 'radio_buttons', selected_option: null } },
      checks: { value: { type: 'checkboxes', selected_options: [option('verify')] } },
      hold: { value: { type: 'number_input', value: null } },
      at: { value: { type: 'datetimepicker', selected_date_time: null } },
      day: { value: { type: 'datepicker', selected_date: null } },
      hour: { value: { type: 'timepicker', selected_time: null } },
      tell: { value: { type: 'conversations_select', selected_conversation: null } },
      people: { value: { type: 'multi_users_select', selected_users: [] } },
    });
  });

  test('values may be given short, or whole', async () => {
    const view_id = await open(modal(fields));
    await bench.slack.act({
      user: 'ana',
      view_id,
      submit: {
        reason: 'bad deploy',
        source: { value: 'now' },
        checks: { value: ['hooks'] },
        hold: { value: 24 },
        at: { value: '2025-12-22T07:00:00Z' },
        day: { value: { type: 'datepicker', selected_date: '2025-12-24' } },
        people: { value: [ana, ben] },
      },
    });
    expect(submitted()).toMatchObject({
      reason: { value: { value: 'bad deploy' } },
      source: { value: { selected_option: option('now') } },
      checks: { value: { selected_options: [option('hooks')] } },
      hold: { value: { value: '24' } },
      at: { value: { selected_date_time: start / 1000 - 3600 } },
      day: { value: { selected_date: '2025-12-24' } },
      people: { value: { selected_users: [ana, ben] } },
    });
  });

  test('a field that is not there is an error that names the ones that are', async () => {
    const view_id = await open(modal([input('reason', text)]));
    const submit = (values: object) => bench.slack.act({ user: 'ana', view_id, submit: values });
    expect(await submit({ why: { value: 'x' } })).toMatchObject({
      error: 'no field with block_id why; there are: reason',
    });
    expect(await submit({ reason: { text: 'x' } })).toMatchObject({
      error: 'block reason has no field with action_id text; it has: value',
    });
    expect(bench.bot.received).toHaveLength(0);
  });

  test("Slack's own form refuses before it sends: required, too short, out of range", async () => {
    const view_id = await open(modal(fields));
    const submit = (values: object) => bench.slack.act({ user: 'ana', view_id, submit: values });
    expect(await submit({})).toMatchObject({ status: 0, errors: { reason: 'Please complete this required field.' } });
    expect(await submit({ reason: 'bad', hold: { value: 100 } })).toMatchObject({
      errors: { reason: 'This must be at least 5 characters.', hold: 'Please enter a number of at most 72.' },
    });
    expect(bench.bot.received).toHaveLength(0);
  });

  test('errors stand under their fields and the view stays', async () => {
    const view_id = await open(modal([input('reason', text)]));
    bench.bot.answer = () => ({ json: { response_action: 'errors', errors: { reason: 'Say more' } } });
    const submit = { user: 'ana', view_id, submit: { reason: 'x' } };
    expect(await bench.slack.act(submit)).toMatchObject({
      errors: { reason: 'Say more' },
      view: { view_id, errors: { reason: 'Say more' } },
    });
    bench.bot.answer = () => ({ json: { response_action: 'errors', errors: { typo: 'Say more' } } });
    expect(await bench.slack.act(submit)).toMatchObject({
      notice: 'We had some trouble connecting. Try again?',
      view: { view_id },
    });
    expect(bench.slack.requests().at(-1)?.problem).toContain('typo');
  });

  test('update replaces the view and keeps what was typed; push lays one on top; clear closes all', async () => {
    const view_id = await open(modal([input('reason', text)]));
    const submit = () => bench.slack.act({ user: 'ana', view_id, submit: { reason: 'typed' } });
    bench.bot.answer = () => ({
      json: {
        response_action: 'update',
        view: modal([section('Also say when'), input('reason', text), input('when', text)]),
      },
    });
    expect(await submit()).toMatchObject({
      view: { view_id, state: { values: { reason: { value: { value: 'typed' } }, when: { value: { value: null } } } } },
    });
    bench.bot.answer = () => ({ json: { response_action: 'push', view: modal([section('Sure?')]) } });
    const pushed = (await bench.slack.act({ user: 'ana', view_id, submit: { when: 'now' } })).view;
    expect(pushed).toMatchObject({ previous_view_id: view_id, root_view_id: view_id });
    bench.bot.answer = () => ({ json: { response_action: 'clear' } });
    expect((await bench.slack.act({ user: 'ana', view_id: pushed?.view_id, submit: {} })).view).toBeUndefined();
    expect(bench.slack.state().views).toEqual([]);
  });

  test('an empty answer closes this view and shows the one below', async () => {
    const below = await open(modal([input('reason', text)]));
    bench.bot.answer = () => ({ json: { response_action: 'push', view: modal([section('Sure?')]) } });
    const { view } = await bench.slack.act({ user: 'ana', view_id: below, submit: { reason: 'x' } });
    bench.bot.answer = () => ({});
    expect(await bench.slack.act({ user: 'ana', view_id: view?.view_id, submit: {} })).toMatchObject({
      view: { view_id: below },
    });
  });

  test.each([
    ['an invalid view', { response_action: 'update', view: { type: 'modal', blocks: [] } }],
    ['an unknown action', { response_action: 'dance' }],
  ])('%s in the answer is trouble, and the view stays', async (_, json) => {
    const view_id = await open(modal([section('x')]));
    bench.bot.answer = () => ({ json });
    expect(await bench.slack.act({ user: 'ana', view_id, submit: {} })).toMatchObject({
      notice: 'We had some trouble connecting. Try again?',
      view: { view_id },
    });
  });

  test('a failing or late app is trouble as well', async () => {
    const view_id = await open(modal([section('x')]));
    bench.bot.answer = () => ({ status: 500 });
    expect(await bench.slack.act({ user: 'ana', view_id, submit: {} })).toMatchObject({
      status: 500,
      view: { view_id },
    });
    bench.bot.answer = () => {
      bench.wall += 4_000;
      return {};
    };
    expect(await bench.slack.act({ user: 'ana', view_id, submit: {} })).toMatchObject({ status: 0, view: { view_id } });
  });

  test('closing tells the app only when the view asks for it', async () => {
    await bench.slack.act({ user: 'ana', view_id: await open(modal([])), close: true });
    expect(bench.bot.received).toHaveLength(0);
    await bench.slack.act({ user: 'ana', view_id: await open(modal([], { notify_on_close: true })), close: true });
    expect(bench.bot.last.payload).toMatchObject({
      type: 'view_closed',
      is_cleared: false,
      view: { callback_id: 'restore' },
    });
  });

  test('submitted twice at once, the app is asked twice and the view closes once', async () => {
    const below = await open(modal([section('x')]));
    bench.bot.answer = () => ({ json: { response_action: 'push', view: modal([section('y')]) } });
    const { view } = await bench.slack.act({ user: 'ana', view_id: below, submit: {} });
    bench.bot.answer = () => ({});
    const submit = () => bench.slack.act({ user: 'ana', view_id: view?.view_id, submit: {} });
    const answers = await Promise.all([submit(), submit()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(bench.slack.state().views).toMatchObject([{ view_id: below }]);
  });

  test('a view belongs to one person', async () => {
    const view_id = await open(modal([section('x')]));
    expect(await bench.slack.act({ user: 'ben', view_id, submit: {} })).toMatchObject({
      error: expect.stringContaining('ben has no view'),
    });
  });

  test('an element that dispatches sends the view with what is typed so far', async () => {
    const source = { type: 'static_select', action_id: 'value', options: [option('newest'), option('now')] };
    const view_id = await open(modal([input('source', source, { dispatch_action: true }), input('reason', text)]));
    await bench.slack.act({
      user: 'ana',
      view_id,
      action_id: 'value',
      block_id: 'source',
      value: 'now',
      state: { reason: { value: 'half' } },
    });
    expect(bench.bot.last.payload).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id },
      actions: [{ type: 'static_select', block_id: 'source', selected_option: option('now') }],
      view: { id: view_id, hash: expect.any(String) },
    });
    expect(submitted()).toMatchObject({
      source: { value: { selected_option: option('now') } },
      reason: { value: { value: 'half' } },
    });
    expect(bench.bot.last.payload.response_url).toBeUndefined();
    expect(
      await bench.slack.act({ user: 'ana', view_id, action_id: 'value', block_id: 'reason', value: 'x' }),
    ).toMatchObject({
      error: expect.stringContaining('not there'),
    });
  });
});

describe('external menus (Slack: block_suggestion payload)', () => {
  const database = (more: object = {}) =>
    input('database', { type: 'external_select', action_id: 'db', min_query_length: 0, ...more });
  const option = (value: string) => ({ text: plain(value), value });

  test('the app offers options, and a person picks one of them', async () => {
    const view_id = await open(modal([database()]));
    bench.bot.answer = () => ({ json: { options: [option('orders'), option('orders-staging')] } });
    const pick = () => bench.slack.act({ user: 'ana', view_id, submit: { database: { db: 'orders-staging' } } });
    expect(await pick()).toMatchObject({ error: expect.stringContaining('ask for its options first') });
    expect(
      await bench.slack.act({ user: 'ana', options: { view_id, block_id: 'database', action_id: 'db', value: 'ord' } }),
    ).toMatchObject({
      options: [option('orders'), option('orders-staging')],
    });
    expect(bench.bot.last.payload).toMatchObject({
      type: 'block_suggestion',
      action_id: 'db',
      block_id: 'database',
      value: 'ord',
      container: { type: 'view', view_id },
      view: { id: view_id },
    });
    bench.bot.answer = () => ({});
    await pick();
    expect(bench.bot.last.payload).toMatchObject({
      view: {
        state: { values: { database: { db: { type: 'external_select', selected_option: option('orders-staging') } } } },
      },
    });
  });

  test('groups are offered flat; more than a hundred options are no answer', async () => {
    const view_id = await open(modal([database()]));
    const ask = () => bench.slack.act({ user: 'ana', options: { view_id, action_id: 'db', value: '' } });
    bench.bot.answer = () => ({
      json: {
        option_groups: [
          { label: plain('eu'), options: [option('a')] },
          { label: plain('us'), options: [option('b')] },
        ],
      },
    });
    expect((await ask()).options).toEqual([option('a'), option('b')]);
    bench.bot.answer = () => ({ json: { options: Array.from({ length: 101 }, (_, n) => option(`db${n}`)) } });
    expect(await ask()).toMatchObject({ options: [], notice: expect.any(String) });
    expect(bench.slack.requests().at(-1)?.problem).toContain('no more than 100 items');
  });

  test('by default the app is asked from the third character on', async () => {
    const view_id = await open(modal([input('database', { type: 'external_select', action_id: 'db' })]));
    const ask = (value: string) => bench.slack.act({ user: 'ana', options: { view_id, action_id: 'db', value } });
    expect(await ask('or')).toMatchObject({ error: 'db asks the app from 3 characters on' });
    expect(await ask('ord')).toMatchObject({ status: 200 });
  });
});

describe('the Home tab, shortcuts and events', () => {
  test('opening Home is an event, and the published view is on the screen', async () => {
    bench.bot.answer = async ({ payload }) => {
      const { event } = payload as { event: { user: string } };
      const blocks = [section('Waiting for you'), actions(button('approve', { value: 'r1' }))] as never[];
      await bench.client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
      return {};
    };
    const { view } = await bench.slack.act({ user: 'ben', home: true });
    expect(view).toMatchObject({ type: 'home', blocks: [{ type: 'section' }, { type: 'actions' }] });
    expect(bench.bot.last.payload).toMatchObject({
      type: 'event_callback',
      event_id: expect.stringMatching(/^Ev/),
      event_time: start / 1000,
      event: { type: 'app_home_opened', user: ben, tab: 'home' },
    });
    bench.bot.answer = () => ({});
    await bench.slack.act({ user: 'ben', view_id: view?.view_id, action_id: 'approve' });
    expect(bench.bot.last.payload).toMatchObject({ view: { type: 'home' }, actions: [{ value: 'r1' }] });
  });

  test('an event that fails comes again at once, after one and after five minutes (Slack: Events API)', async () => {
    bench.bot.answer = () => ({ status: 500 });
    await bench.slack.act({ user: 'ana', home: true });
    await bench.clock.advance(10 * 60_000);
    const retries = bench.bot.received.map(({ headers }) => headers['x-slack-retry-num']);
    expect(retries).toEqual([undefined, '1', '2', '3']);
    expect(new Set(bench.bot.received.map(({ payload }) => payload.event_id)).size).toBe(1);
    expect(bench.bot.last.headers['x-slack-retry-reason']).toBe('http_error');
  });

  test('a global shortcut has a trigger and no channel', async () => {
    await bench.slack.act({ user: 'ana', shortcut: 'restore' });
    const { payload } = bench.bot.last;
    expect(payload).toMatchObject({
      type: 'shortcut',
      callback_id: 'restore',
      trigger_id: expect.any(String),
      user: { id: ana },
    });
    expect(payload.channel).toBeUndefined();
  });

  test('a message shortcut carries the message, where it is, and a url to answer to', async () => {
    const { ts } = await bench.client.chat.postMessage({ channel: 'C0DBOPS001', text: 'Somebody dropped a table' });
    await bench.slack.act({ user: 'ana', shortcut: 'restore-from-message', message_ts: ts });
    expect(bench.bot.last.payload).toMatchObject({
      type: 'message_action',
      callback_id: 'restore-from-message',
      trigger_id: expect.any(String),
      response_url: expect.stringContaining('http'),
      user: { id: ana },
      channel: { id: 'C0DBOPS001', name: 'db-ops' },
      message_ts: ts,
      message: { type: 'message', ts, text: 'Somebody dropped a table' },
    });
  });

  test('what only one person sees has no shortcuts', async () => {
    const { message_ts } = await bench.client.chat.postEphemeral({ channel: 'C0DBOPS001', user: ana, text: 'psst' });
    const answer = await bench.slack.act({ user: 'ana', shortcut: 'restore-from-message', message_ts });
    expect(answer.error).toContain('only you see');
  });
});

describe('for the page and for other programs', () => {
  test('changes and requests are told as they happen', async () => {
    const seen: string[] = [];
    const stop = bench.slack.onChange((change) => seen.push(change.kind));
    bench.bot.answer = async ({ payload }) => {
      await bench.client.views.open({ trigger_id: String(payload.trigger_id), view: modal([section('x')]) });
      return {};
    };
    await bench.slack.act(restore);
    const { ts } = await bench.client.chat.postMessage({ channel: orders, text: 'x' });
    await bench.client.chat.update({ channel: orders, ts: ts as string, text: 'y' });
    stop();
    await bench.client.chat.delete({ channel: orders, ts: ts as string });
    expect(seen).toEqual(['view', 'request', 'message', 'message_changed']);
  });

  test('the inspector keeps the last 200 requests with their answers', async () => {
    bench.bot.answer = () => ({ text: 'ok' });
    for (let n = 0; n < 201; n++) await bench.slack.act({ ...restore, text: String(n) });
    const requests = bench.slack.requests();
    expect(requests).toHaveLength(200);
    expect(requests[0]).toMatchObject({
      number: 2,
      user: ana,
      what: 'command /trapheus',
      request: {
        headers: { 'x-slack-signature': expect.stringMatching(/^v0=[0-9a-f]{64}$/) },
        body: expect.stringContaining('text=1'),
      },
      answer: { status: 200, body: 'ok' },
    });
  });

  test('a program that signs for itself gets a trigger and a response_url', async () => {
    const { trigger_id, response_url } = bench.slack.trigger({ user: 'ben', channel: 'db-ops' });
    await bench.client.views.open({ trigger_id, view: modal([section('x')]) });
    await bench.respond(response_url, { text: 'hello ben' });
    expect(bench.slack.state().views).toMatchObject([{ user: ben }]);
    expect(bench.messages(dbOps)).toMatchObject([{ ephemeral_to: ben }]);
    expect(await refusal(bench.client.views.open({ trigger_id, view: modal([]) }))).toMatchObject({
      error: 'exchanged_trigger_id',
    });
  });

  test('the same acts give the same ids on every run', async () => {
    const other = await Bench.open();
    for (const here of [bench, other]) {
      await here.slack.act(restore);
      await here.client.chat.postMessage({ channel: dbOps, text: 'x', blocks: [section('x')] });
    }
    expect(other.messages(dbOps)).toEqual(bench.messages(dbOps));
    expect(other.bot.last.payload.trigger_id).toBe(bench.bot.last.payload.trigger_id);
  });
});
