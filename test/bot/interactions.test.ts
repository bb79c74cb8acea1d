import { readdirSync } from 'node:fs';
import { interactions } from '../../bot/app';
import { buttons, planValue } from '../../bot/buttons';
import {
  freshOption,
  newestOption,
  restoreForm,
  restoreFormId,
  snapshotValue,
  timeOption,
} from '../../bot/views/restore-form';
import { validateView } from '../../infra/local/slack/validate';
import { type ProblemCode, problem } from '../../orchestrator/errors';
import { Bot, FakeSlack, inventory, snapshot } from './fakes';
import { failed, holding, waitingForApproval } from './runs';

let slack: FakeSlack;
let bot: Bot;
beforeEach(async () => {
  slack = await FakeSlack.start();
  bot = new Bot(slack);
});
afterEach(() => slack.stop());

const picked = (value: string) => ({
  type: 'external_select',
  selected_option: { text: { type: 'plain_text', text: value }, value },
});

/** The form as Slack sends it back. */
function form(filled: { database?: string; snapshot?: string; reason?: string; block?: string }) {
  const { database, snapshot: chosen = 'newest', reason = 'because', block = 'snapshot-1234abcd' } = filled;
  return {
    id: 'V1',
    hash: 'h1',
    type: 'modal',
    callback_id: restoreFormId,
    private_metadata: '{"channel":"C0OPS"}',
    state: {
      values: {
        database: {
          database: database === undefined ? { type: 'external_select', selected_option: null } : picked(database),
        },
        [block]: { snapshot: picked(chosen) },
        reason: { reason: { type: 'plain_text_input', value: reason } },
      },
    },
  };
}

const submit = async (view: unknown) =>
  (await bot.send({ type: 'view_submission', view })).body as Record<string, unknown>;
const options = async (action: string, value: string, view: unknown) =>
  (await bot.send({ type: 'block_suggestion', action_id: action, block_id: action, value, view, container: {} }))
    .body as Record<string, never[]>;

test('everything in interactions/ is in the list, once', () => {
  const keys = interactions.map(({ kind, id }) => `${kind} ${id}`);
  expect(new Set(keys).size).toBe(keys.length);
  expect(readdirSync('bot/interactions')).toHaveLength(interactions.length);
});

test('every button that a view shows has a listener', () => {
  const listening = interactions.filter(({ kind }) => kind === 'button').map(({ id }) => id);
  for (const id of Object.values(buttons)) expect(listening).toContain(id);
});

/** Somebody who is in none of the policy's groups, as the door is told. */
const alone = { groups: { of: [], unknown: [] } };
/** Where the buttons of these tests are pressed. */
const from = 'C0OPS';

describe('buttons', () => {
  test.each([
    ['cancel', 'cancel'],
    ['undo', 'undo'],
    ['keep-longer', 'extend'],
    ['remove-now', 'removeNow'],
    ['retry-removal', 'retryRemoval'],
    ['release', 'release'],
  ])('%s asks the door, in the name of who pressed', async (action, method) => {
    bot.door.runs = [holding()];
    expect(await bot.press(action, 'r7k3q9xz')).toEqual({ status: 200, told: undefined });
    expect(bot.door.asked).toEqual([[method, { run: 'r7k3q9xz', by: 'U0REQ', from, ...alone }]]);
  });

  test('a refusal is whispered, and the card stays', async () => {
    bot.door.refusal = {
      ok: false,
      problem: problem('own-request', { run: 'r7k3q9xz', rule: 'staging', allowed: '<@U0BOB>' }),
    };
    await bot.press('approve', planValue(waitingForApproval()));
    expect(slack.of('response')).toEqual([
      {
        response_type: 'ephemeral',
        replace_original: false,
        text: 'You requested run r7k3q9xz, so somebody else has to approve it. Rule “staging” lets <@U0BOB> approve.',
      },
    ]);
    expect(bot.logged).toContainEqual([
      'info',
      'refused',
      { what: 'approve', person: 'U0REQ', value: planValue(waitingForApproval()), problem: 'own-request' },
    ]);
  });

  test('on a message that only he sees, the person is told that it worked', async () => {
    bot.door.runs = [holding()];
    await bot.press('cancel', 'r7k3q9xz', { container: { type: 'message', is_ephemeral: true } });
    expect(slack.of('response')).toEqual([
      { response_type: 'ephemeral', replace_original: true, text: expect.stringContaining('is being cancelled') },
    ]);
  });

  test('a button of another version is answered in words', async () => {
    expect(await bot.press('approve-all', 'x')).toEqual({
      status: 200,
      told: expect.stringContaining('another version'),
    });
  });

  test('a value that is none of ours changes nothing', async () => {
    expect((await bot.press('approve', '')).told).toContain('There is no run');
    expect(bot.door.asked).toEqual([
      ['decide', { run: '', by: 'U0REQ', from, ...alone, decision: 'approve', planHash: '' }],
    ]);
  });

  test('deny asks why, and says so to the door', async () => {
    const run = waitingForApproval();
    bot.door.runs = [run];
    await bot.press('deny', planValue(run));
    const view = slack.of('views.open')[0]?.view as { private_metadata: string; callback_id: string };
    expect(validateView(view)).toEqual([]);
    const denial = {
      ...view,
      id: 'V2',
      state: { values: { reason: { reason: { type: 'plain_text_input', value: ' not today ' } } } },
    };
    expect(await submit(denial)).toBeUndefined();
    expect(bot.door.asked).toEqual([
      ['mayDecide', { run: run.id, by: 'U0REQ', from, ...alone, decision: 'deny' }],
      ['decide', { run: run.id, by: 'U0REQ', ...alone, decision: 'deny', planHash: run.planHash, reason: 'not today' }],
    ]);

    bot.door.refusal = { ok: false, problem: problem('stale-plan', { run: run.id }) };
    const { view: shown } = (await submit(denial)) as { view: unknown };
    expect(JSON.stringify(shown)).toContain('has changed since');
    expect(validateView(shown)).toEqual([]);
  });

  test('request again opens the form with what was asked for', async () => {
    bot.door.runs = [failed()];
    await bot.press('request-again', 'r7k3q9xz');
    const view = slack.of('views.open')[0]?.view;
    expect(validateView(view)).toEqual([]);
    expect(JSON.stringify(view)).toContain('A bad migration dropped <orders>');
  });
});

describe('menus', () => {
  const names = (found: Record<string, { text?: { text: string }; options?: { value: string }[] }[]>) =>
    (found.option_groups ?? []).flatMap((group) => (group.options ?? []).map(({ value }) => value));

  test('databases by environment, those that begin with the typed text first', async () => {
    const found = await options('database', 'orders', form({}));
    expect(found).toMatchObject({
      // Without a tag, the rule says which environment it is.
      option_groups: [{ label: { text: 'staging' } }],
    });
    expect(names(found)).toEqual(['orders-staging', 'my-orders-staging']);
  });

  test('only what the rules let this person ask for', async () => {
    expect(names(await options('database', '', form({})))).not.toContain('orders-prod');
    const alice = (
      await bot.send({
        type: 'block_suggestion',
        action_id: 'database',
        block_id: 'database',
        value: 'prod',
        view: form({}),
        container: {},
        user: { id: 'U0ALICE', team_id: 'T0HOME' },
      })
    ).body;
    expect(names(alice as never)).toEqual(['orders-prod']);
  });

  test('of 5,000 databases the right ones, within a second, and every environment is seen', async () => {
    const first = inventory[0] as (typeof inventory)[0];
    bot.entries = Array.from({ length: 5000 }, (_, index) => ({
      ...first,
      name: `team${index % 50}-db${index}-${index % 2 === 0 ? 'staging' : 'prod'}`,
      environment: index % 10 === 0 ? undefined : ['alpha', 'beta', 'gamma'][index % 3],
    }));
    await options('database', '', form({}));
    const before = process.hrtime.bigint();
    const found = (await options('database', '', form({}))) as unknown as {
      option_groups: { label: { text: string } }[];
    };
    const ms = Number(process.hrtime.bigint() - before) / 1e6;
    expect(names(found as never)).toHaveLength(100);
    expect(found.option_groups.map(({ label }) => label.text)).toEqual([
      'staging (25 of 500: type to narrow)',
      expect.stringMatching(/^\w+ \(25 of \d+: type to narrow\)$/),
      expect.stringMatching(/^\w+ \(25 of \d+: type to narrow\)$/),
      expect.stringMatching(/^\w+ \(25 of \d+: type to narrow\)$/),
    ]);
    // He may not ask for what the other half of the names is.
    expect(names(found as never).every((name) => name.endsWith('-staging'))).toBe(true);
    expect(names(await options('database', 'team42-db4242-staging', form({})))).toEqual(['team42-db4242-staging']);
    expect(names(await options('database', '4242 staging', form({})))).toEqual(['team42-db4242-staging']);
    expect(ms).toBeLessThan(1000);
  });

  test('nothing that fits is no error', async () => {
    expect(await options('database', 'zzz', form({}))).toEqual({ options: [] });
  });

  test('never more than Slack takes', async () => {
    bot.entries = Array.from({ length: 300 }, (_, index) => ({
      ...(inventory[0] as (typeof inventory)[0]),
      name: `db${index}-staging`,
      environment: `e${index % 7}`,
    }));
    expect(names(await options('database', '', form({})))).toHaveLength(100);
    bot.snapshots = Array.from({ length: 300 }, (_, index) => snapshot(`s${index}`, index));
    expect((await options('snapshot', '', form({ database: 'orders-staging' }))).options).toHaveLength(100);
  });

  test('snapshots of the chosen database, newest first, with age and size', async () => {
    bot.snapshots = [
      snapshot('rds:orders-staging-2026-10-01', 3),
      snapshot('making', 0, { isAvailable: false }),
      snapshot('x'.repeat(200), 72),
    ];
    const { options: found } = await options('snapshot', '', form({ database: 'orders-staging' }));
    expect(found).toEqual([
      newestOption,
      freshOption,
      timeOption,
      {
        text: { type: 'plain_text', text: '3 h ago · 2026-10-01 09:00 UTC · encrypted', emoji: true },
        value: 'rds:orders-staging-2026-10-01',
        description: {
          type: 'plain_text',
          text: 'rds:orders-staging-2026-10-01 · 100 GiB · postgres 15.4 · manual',
          emoji: true,
        },
      },
      expect.objectContaining({ value: expect.stringMatching(/^#[0-9a-f]{32}$/) }),
    ]);
    for (const one of found as { text: { text: string }; description?: { text: string } }[])
      expect(Math.max(one.text.text.length, one.description?.text.length ?? 0)).toBeLessThanOrEqual(75);
    expect((await options('snapshot', '2026-10-01 09', form({ database: 'orders-staging' }))).options).toHaveLength(1);
    expect((await options('snapshot', '', form({}))).options).toEqual([newestOption]);
  });

  test('another database begins the snapshot field anew, and the reason stays', async () => {
    await bot.send({
      type: 'block_actions',
      actions: [{ ...picked('billing-staging'), action_id: 'database', block_id: 'database', action_ts: '1' }],
      view: form({ database: 'billing-staging', snapshot: 'of-orders', reason: 'half a rea' }),
      container: { type: 'view', view_id: 'V1' },
    });
    const [{ view_id, hash, view } = {}] = slack.of('views.update');
    expect({ view_id, hash }).toEqual({ view_id: 'V1', hash: 'h1' });
    expect(validateView(view)).toEqual([]);
    const shown = JSON.stringify(view);
    expect(shown).not.toContain('of-orders');
    expect(shown).toContain('half a rea');
    const blockOf = (database: string) => restoreForm({ channel: 'C0OPS', database }).blocks[1]?.block_id;
    expect(blockOf('billing-staging')).not.toBe(blockOf('orders-staging'));
  });

  test('two changes at once: the later one wins without a fuss', async () => {
    slack.answers['views.update'] = { ok: false, error: 'hash_conflict' };
    await bot.send({
      type: 'block_actions',
      actions: [{ ...picked('x'), action_id: 'database', block_id: 'database' }],
      view: form({ database: 'x' }),
      container: { type: 'view' },
    });
    expect(bot.logged).toEqual([]);
  });
});

describe('the form', () => {
  type Shown = { response_action: string; view: Record<string, unknown> };
  /** Sends the last page, which lies on the form. */
  const sendPage = async ({ view }: Shown) =>
    (await submit({ ...view, id: 'V2', root_view_id: 'V1', hash: 'h2', state: { values: {} } })) as Shown;

  test('its last page shows what is known; then the request is made, and says where it goes on', async () => {
    bot.door.snapshot = snapshot('s1', 30);
    const filled = form({ database: 'orders-staging', snapshot: 's1', reason: '  because <!channel>' });
    const page = (await submit(filled)) as Shown;
    expect(page.response_action).toBe('push');
    expect(validateView(page.view)).toEqual([]);
    const text = JSON.stringify(page.view);
    for (const part of [
      'This replaces `orders-staging`.',
      'taken <!date',
      '100 GiB · postgres 15.4 · encrypted',
      '&lt;!channel&gt;',
      'Approval: 1 person of <@U0ALICE>, <@U0BOB>.',
      'Request to replace',
    ])
      expect(text).toContain(part);
    const asked = {
      database: 'orders-staging',
      source: { kind: 'snapshot', snapshot: 's1' },
      target: { kind: 'replace' },
      reason: 'because <!channel>',
      requester: { id: 'U0REQ', team: 'T0HOME' },
      channel: 'C0OPS',
    };
    expect(bot.door.asked).toEqual([['review', expect.objectContaining(asked)]]);

    const answer = await sendPage(page);
    expect(answer).toMatchObject({ response_action: 'update', view: { clear_on_close: true } });
    expect(validateView(answer.view)).toEqual([]);
    expect(bot.door.asked[1]).toEqual(['request', { ...asked, key: 'T0HOME:V1' }]);
  });

  test('what replaces production says so, in the title, on the button and above all else', async () => {
    const filled = { ...form({ database: 'orders-prod', reason: 'why' }) };
    const { view } = (await submit(filled)) as Shown;
    expect(validateView(view)).toEqual([]);
    expect(view).toMatchObject({
      title: { text: 'Replace production?' },
      submit: { text: 'Replace production' },
      blocks: [
        { type: 'alert', level: 'error', text: { text: expect.stringContaining('*This replaces production.*') } },
        {},
        {},
        {},
        {},
        {},
      ],
    });
  });

  test('what came in between is said on the last page, and the form below stays as it is', async () => {
    const page = (await submit(form({ database: 'orders-staging', reason: 'why' }))) as Shown;
    bot.door.refusal = { ok: false, problem: problem('held', { database: 'orders-staging', run: 'r2222222' }) };
    const answer = await sendPage(page);
    expect(answer).toMatchObject({ response_action: 'update', view: { close: { text: 'Back' } } });
    expect(answer.view).not.toHaveProperty('clear_on_close');
    expect(JSON.stringify(answer.view)).toContain('right now by run r2222222');
  });

  test('a time to start at is asked for, read in the person’s zone, and goes to the door', async () => {
    slack.answers['users.info'] = ({ user: id }) => ({
      ok: true,
      user: { id, team_id: 'T0HOME', tz: 'Europe/Berlin' },
    });
    const filled = form({ database: 'orders-staging', reason: 'why' });
    const start = (value: string) => ({ start: { start: { type: 'static_select', selected_option: { value } } } });
    const withStart = (more: Record<string, unknown>) => ({
      ...filled,
      state: { values: { ...filled.state.values, ...more } },
    });
    const { view } = (await submit(withStart(start('time')))) as Shown;
    expect(validateView(view)).toEqual([]);
    expect(JSON.stringify(view)).toContain('Start at');
    await submit(withStart(start('tonight')));
    // 22:00 in Berlin, in summer.
    expect(bot.door.asked.at(-1)).toMatchObject(['review', { startAt: Date.UTC(2026, 9, 1, 20) }]);
    const at = { 'start-at': { 'start-at': { type: 'datetimepicker', selected_date_time: 1790900000 } } };
    await submit(withStart({ ...start('time'), ...at }));
    expect(bot.door.asked.at(-1)).toMatchObject(['review', { startAt: 1790900000000 }]);
    bot.door.refusal = { ok: false, problem: problem('start-past') };
    expect(await submit(withStart({ ...start('time'), ...at }))).toMatchObject({
      errors: { 'start-at': expect.any(String) },
    });
  });

  test.each<[ProblemCode, string]>([
    ['reason-missing', 'reason'],
    ['ticket-missing', 'reason'],
    ['snapshot-not-ready', 'snapshot-1234abcd'],
    ['snapshot-not-found', 'snapshot-1234abcd'],
    ['snapshot-other-engine', 'snapshot-1234abcd'],
    ['unknown-database', 'database'],
    ['held', 'database'],
    ['no-rule', 'database'],
  ])('%s stands under its field', async (code, field) => {
    bot.door.refusal = { ok: false, problem: problem(code, { database: 'd', snapshot: 's' }) };
    expect(await submit(form({ database: 'orders-staging' }))).toEqual({
      response_action: 'errors',
      errors: { [field]: expect.any(String) },
    });
  });

  test('several at once stand each under its own field, with what is empty', async () => {
    const problems = [problem('reason-missing'), problem('not-a-name', { name: '-x' }), problem('start-past')];
    const [first = problem('held'), ...also] = problems;
    bot.door.refusal = { ok: false, problem: first, also };
    const asked = form({ database: 'orders-staging', snapshot: '@time' });
    const chosen = (value: string) => ({ type: 'static_select', selected_option: { value } });
    const values = {
      ...asked.state.values,
      at: { at: { type: 'datetimepicker', selected_date_time: null } },
      target: { target: chosen('new') },
      name: { name: { type: 'plain_text_input', value: '-x' } },
      start: { start: chosen('time') },
      'start-at': { 'start-at': { type: 'datetimepicker', selected_date_time: 1790900000 } },
    };
    expect(await submit({ ...asked, state: { values } })).toEqual({
      response_action: 'errors',
      errors: {
        at: 'This is needed.',
        reason: expect.stringContaining('reason'),
        name: expect.stringContaining('-x'),
        'start-at': expect.any(String),
      },
    });
  });

  test('another major version is a question, and only a ticked box is a yes', async () => {
    bot.door.refusal = { ok: false, problem: problem('snapshot-other-version', { database: 'd', snapshot: 's1' }) };
    const { view } = (await submit(form({ database: 'orders-staging', snapshot: 's1' }))) as { view: unknown };
    expect(validateView(view)).toEqual([]);
    expect(JSON.stringify(view)).toContain('another major version');

    const asked = form({ database: 'orders-staging', snapshot: 's1' });
    const yes = { type: 'checkboxes', selected_options: [{ value: 'yes' }] };
    await submit({ ...asked, state: { values: { ...asked.state.values, 'other-version': { 'other-version': yes } } } });
    expect(bot.door.asked.map(([, input]) => (input as { acceptsOtherVersion?: boolean }).acceptsOtherVersion)).toEqual(
      [undefined, true],
    );
  });

  test('a target that needs a name asks for it', async () => {
    const filled = form({ database: 'orders-staging' });
    const target = { type: 'static_select', selected_option: { value: 'new' } };
    const values = { ...filled.state.values, target: { target } };
    const { view } = (await submit({ ...filled, state: { values } })) as { view: unknown };
    expect(validateView(view)).toEqual([]);
    expect(JSON.stringify(view)).toContain('Name of the clone');

    const name = { name: { type: 'plain_text_input', value: null } };
    expect(await submit({ ...filled, state: { values: { ...values, name } } })).toMatchObject({
      errors: { name: 'This is needed.' },
    });
    const given = { name: { type: 'plain_text_input', value: 'orders-try' } };
    await submit({ ...filled, state: { values: { ...values, name: given } } });
    expect(bot.door.asked.at(-1)).toMatchObject(['review', { target: { kind: 'new', name: 'orders-try' } }]);
  });

  test('under a field people have names, since Slack shows no mentions there', async () => {
    bot.door.refusal = {
      ok: false,
      problem: problem('not-a-requester', { database: 'orders-prod', rule: 'production', allowed: '<@U0ALICE>' }),
    };
    slack.answers['users.info'] = ({ user }) => ({
      ok: true,
      user: { id: user, team_id: 'T0HOME', name: 'alice', profile: { display_name: 'Alice A.' } },
    });
    expect(await submit(form({ database: 'orders-prod' }))).toEqual({
      response_action: 'errors',
      errors: {
        database:
          'Rule “production” does not let you request a restore of orders-prod. It lets @Alice A. request. Ask one of them, or ask for the rule to be changed.',
      },
    });
  });

  test('a form without a database is not sent on', async () => {
    expect(await submit(form({}))).toEqual({ response_action: 'errors', errors: { database: 'Choose a database.' } });
    expect(bot.door.asked).toEqual([]);
  });

  test('sent twice it is one request, and nobody is frightened', async () => {
    const page = (await submit(form({ database: 'orders-staging' }))) as Shown;
    bot.door.refusal = { ok: false, problem: problem('already-requested', { run: 'r7k3q9xz' }) };
    expect(JSON.stringify(await sendPage(page))).toContain('on its way already');
  });

  test('the id of a snapshot that was too long for Slack is found again', async () => {
    const id = `${'long-'.repeat(20)}name`;
    bot.snapshots = [snapshot('other', 1), snapshot(id, 2)];
    await submit(form({ database: 'orders-staging', snapshot: snapshotValue(id) }));
    expect(bot.door.asked).toEqual([
      ['review', expect.objectContaining({ source: { kind: 'snapshot', snapshot: id } })],
    ]);
    bot.snapshots = [];
    expect(await submit(form({ database: 'orders-staging', snapshot: snapshotValue(id) }))).toMatchObject({
      errors: { 'snapshot-1234abcd': expect.stringContaining('gone') },
    });
  });
});

describe('the Home tab', () => {
  const open = (user: string, team = 'T0HOME') =>
    bot.event({ type: 'app_home_opened', user, tab: 'home', channel: 'D0' }, team);
  const shown = () => slack.of('views.publish').at(-1)?.view;

  test('shows an approver what waits for him, and everybody what is under way', async () => {
    bot.door.runs = [waitingForApproval(), holding({ id: 'r2222222' })];
    await open('U0BOB');
    expect(validateView(shown())).toEqual([]);
    expect(JSON.stringify(shown())).toMatch(
      /Restore a database ….+Waiting for your decision.+r7k3q9xz.+Approve.+Deny.+Yours.+Running now.+r2222222.+Recent.+Your rights.+staging/,
    );
    await open('U0ALICE');
    expect(JSON.stringify(shown())).toMatch(/Nothing waits for you.+Running now.+r7k3q9xz/);
  });

  test('a decision made here is counted, and the tab shows what is true now; a refusal is said in a dialog', async () => {
    const [run] = (bot.door.runs = [waitingForApproval()]);
    const press = (value: string) =>
      bot.send({
        type: 'block_actions',
        user: { id: 'U0BOB', team_id: 'T0HOME' },
        actions: [{ type: 'button', action_id: 'approve', block_id: 'b', value, action_ts: '1' }],
        view: { id: 'V0', type: 'home', hash: 'h' },
        container: { type: 'view', view_id: 'V0' },
      });
    await press(`${run?.id}:${run?.planHash}`);
    expect(bot.door.asked.at(-1)).toMatchObject(['decide', { by: 'U0BOB', decision: 'approve' }]);
    expect([slack.of('views.publish').length, slack.of('views.open').length]).toEqual([1, 0]);
    bot.door.refusal = { ok: false, problem: problem('already-decided', { run: 'r7k3q9xz' }) };
    await press(`${run?.id}:${run?.planHash}`);
    expect(JSON.stringify(slack.of('views.open')[0]?.view)).toContain('You already decided on run r7k3q9xz');
    expect(slack.of('views.publish')).toHaveLength(2);
  });

  test('stays within Slack’s limits, and says who may not use it', async () => {
    bot.door.runs = Array.from({ length: 200 }, (_, index) => waitingForApproval({ id: `r${index}` }));
    await open('U0BOB');
    expect(validateView(shown())).toEqual([]);
    slack.answers['users.info'] = { ok: true, user: { id: 'U0X', team_id: 'T0HOME', is_restricted: true } };
    await open('U0X');
    expect(JSON.stringify(shown())).toContain('Guests');
  });
});

describe('shortcuts', () => {
  const opened = () => slack.of('views.open').at(-1)?.view as { private_metadata: string };

  test('from anywhere: the form asks for a channel, and checks it', async () => {
    await bot.send({ type: 'shortcut', callback_id: 'restore-database', action_ts: '1' });
    expect(validateView(opened())).toEqual([]);
    expect(JSON.stringify(opened())).toContain('"conversations_select"');
    expect(opened().private_metadata).toBe('{}');
    const filled = form({ database: 'orders-staging', reason: 'why' });
    const values = (channel: string | null) => ({
      ...filled.state.values,
      channel: { channel: { type: 'conversations_select', selected_conversation: channel } },
    });
    const send = (channel: string | null) =>
      submit({ ...filled, private_metadata: '{}', state: { values: values(channel) } });
    expect(await send(null)).toMatchObject({ errors: { channel: 'Choose a channel.' } });
    slack.answers['conversations.info'] = { ok: true, channel: { is_member: false } };
    expect(await send('C0ELSE')).toMatchObject({ errors: { channel: expect.stringContaining('Invite me') } });
    slack.answers['conversations.info'] = { ok: true, channel: { is_member: true } };
    expect(await send('C0OPS')).toMatchObject({ response_action: 'push' });
    expect(bot.door.asked.at(-1)).toMatchObject(['review', { channel: 'C0OPS' }]);
  });

  test('from a message: its link is the reason, and its channel the place', async () => {
    await bot.send({
      type: 'message_action',
      callback_id: 'restore-from-message',
      action_ts: '1',
      message_ts: '1790000000.000100',
      channel: { id: 'C0OPS', name: 'ops' },
      message: { type: 'message', ts: '1790000000.000100', text: 'orders is broken' },
      response_url: `${slack.url}/response`,
    });
    expect(validateView(opened())).toEqual([]);
    expect(JSON.stringify(opened())).toContain('See https://home.slack.com/archives/C0OPS/p1790000000000100');
    expect(opened().private_metadata).toBe('{"channel":"C0OPS"}');
  });

  test('a guest is told so, and gets no form', async () => {
    slack.answers['users.info'] = { ok: true, user: { id: 'U0REQ', team_id: 'T0HOME', is_restricted: true } };
    await bot.send({ type: 'shortcut', callback_id: 'restore-database', action_ts: '1' });
    expect(JSON.stringify(opened())).toContain('Guests');
    expect(JSON.stringify(opened())).not.toContain('conversations_select');
  });
});

describe('who may', () => {
  const refused: [string, Record<string, unknown>, string][] = [
    ['a guest', { is_restricted: true }, 'Guests'],
    ['a single-channel guest', { is_ultra_restricted: true }, 'Guests'],
    ['a bot', { is_bot: true }, 'Bots'],
    ['somebody who left', { deleted: true }, 'deactivated'],
    ['a stranger', { is_stranger: true }, 'from another organisation'],
    ['a member of another workspace', { team_id: 'T0ELSE' }, 'Only members'],
    ['somebody without a workspace', { team_id: undefined }, 'Only members'],
  ];
  test.each(refused)('%s is told so, whatever he does', async (_, user, says) => {
    slack.answers['users.info'] = ({ user: id }) => ({ ok: true, user: { id, team_id: 'T0HOME', ...user } });
    expect((await bot.type('restore')).text).toContain(says);
    expect((await bot.press('approve', 'r7k3q9xz:h')).told).toContain(says);
    expect(JSON.stringify(await submit(form({ database: 'orders-staging' })))).toContain(says);
    expect(await options('database', '', form({}))).toEqual({ options: [] });
    expect(bot.door.asked).toEqual([]);
    expect(slack.of('views.open')).toEqual([]);
  });

  test('in a channel that another organisation reads along, nothing is done, whoever asks', async () => {
    slack.answers['conversations.info'] = ({ channel }) => ({
      ok: true,
      channel: { id: channel, is_member: true, is_ext_shared: channel === 'C0SHARED' },
    });
    for (const line of ['restore orders-staging', 'status', 'whatever'])
      expect((await bot.type(line, { channel_id: 'C0SHARED' })).text).toContain('shared with another organisation');
    const elsewhere = { channel: { id: 'C0SHARED', name: 'shared' } };
    expect((await bot.press('approve', 'r7k3q9xz:h', elsewhere)).told).toContain('shared with another organisation');
    expect(bot.door.asked).toEqual([]);
    expect((await bot.type('help')).text).toContain('Trapheus restores');
  });

  test('whom Slack does not know just now is refused, and asked for again the next time', async () => {
    slack.answers['users.info'] = 500;
    expect((await bot.type('help')).text).toContain('Try again in a moment');
    delete slack.answers['users.info'];
    expect((await bot.type('help')).text).toContain('Trapheus restores');
  });

  test('another workspace is refused, and nothing is said to it but that', async () => {
    expect(await bot.event({ type: 'app_home_opened', user: 'U0X', tab: 'home', channel: 'D0' }, 'T0ELSE')).toBe(200);
    expect((await bot.type('help', { team_id: 'T0ELSE' })).text).toContain('does not work for this workspace');
    expect((await bot.press('approve', 'x', { team: { id: 'T0ELSE', domain: 'e' } })).told).toContain(
      'does not work for this workspace',
    );
    // The first time, who calls is asked beside whose workspace it is; from then on nothing is. Nothing is opened,
    // posted or published there.
    expect(slack.calls.map(({ method }) => method).sort()).toEqual(['auth.test', 'response', 'users.info']);
    expect(bot.door.asked).toEqual([]);
  });

  test('a member is asked about once in five minutes', async () => {
    await bot.type('help');
    await bot.type('help');
    expect(slack.of('users.info')).toHaveLength(1);
    bot.now += 5 * 60_000;
    await bot.type('help');
    expect(slack.of('users.info')).toHaveLength(2);
  });

  test('a failure to start is not remembered', async () => {
    slack.answers['auth.test'] = 500;
    expect((await bot.type('help')).text).toContain('could not reach Slack');
    delete slack.answers['auth.test'];
    expect((await bot.type('help')).text).toContain('Trapheus restores');
  });
});

test('nothing of a secret is ever logged', async () => {
  slack.answers['users.info'] = 500;
  await bot.type('restore');
  await bot.press('nothing', 'x');
  expect(JSON.stringify(bot.logged)).not.toMatch(/xoxb|a-signing-secret/);
});
