import { commands } from '../../../bot/command-line';
import { validateMessage, validateView } from '../../../infra/local/slack/validate';
import { problem } from '../../../orchestrator/errors';
import { Bot, FakeSlack } from '../fakes';
import { closed, running, waitingForApproval } from '../runs';

let slack: FakeSlack;
let bot: Bot;
beforeEach(async () => {
  slack = await FakeSlack.start();
  bot = new Bot(slack);
});
afterEach(() => slack.stop());

const opened = () => slack.of('views.open');

describe('restore', () => {
  test.each(['', 'restore', 'res', 'RESTORE'])('“%s” opens an empty form', async (text) => {
    expect(await bot.type(text)).toEqual({ status: 200, text: '', body: '' });
    expect(opened()).toHaveLength(1);
    expect(validateView(opened()[0]?.view)).toEqual([]);
    expect(bot.door.asked).toEqual([]);
  });

  test('fills the form in with what was typed', async () => {
    await bot.type('restore Orders-Staging —snapshot before-migration --reason “it’s &lt;broken&gt;”');
    const view = opened()[0]?.view;
    expect(validateView(view)).toEqual([]);
    expect(view).toMatchObject({
      private_metadata: '{"channel":"C0OPS"}',
      blocks: [
        { element: { initial_option: { value: 'orders-staging' } } },
        { element: { initial_option: { value: 'before-migration' } } },
        { element: { initial_option: { value: 'replace' } } },
        { element: { initial_value: "it's <broken>" } },
        {},
      ],
    });
  });

  test('says at once what would be refused at the end', async () => {
    bot.door.refusal = {
      ok: false,
      problem: problem('reserved', { database: 'orders-staging', run: 'r2222222', requester: '<@U0ALICE>' }),
    };
    const { text } = await bot.type('restore orders-staging');
    expect(text).toContain('reserved by run r2222222, which <@U0ALICE> requested');
    expect(opened()).toEqual([]);
  });

  test('asks for quotes around a reason of several words', async () => {
    expect((await bot.type('restore orders-staging --reason bad migration')).text).toContain('in quotes');
    expect((await bot.type('restore "orders')).text).toContain('not closed');
    expect(opened()).toEqual([]);
  });

  test.each([
    ['a direct message', 'D0DM', undefined, 'in a channel'],
    ['a group conversation', 'G0GROUP', { ok: true, channel: { is_mpim: true } }, 'in a channel'],
    ['a channel that the bot is not in', 'C0ELSE', { ok: true, channel: { is_member: false } }, 'Invite me'],
    ['a private channel that the bot is not in', 'C0SECRET', { ok: false, error: 'channel_not_found' }, 'Invite me'],
    [
      'a channel shared with others',
      'C0SHARED',
      { ok: true, channel: { is_member: true, is_ext_shared: true } },
      'shared with another organisation',
    ],
    ['an archived channel', 'C0OLD', { ok: true, channel: { is_archived: true } }, 'archived'],
  ])('is not opened in %s', async (_, channel, info, says) => {
    if (info) slack.answers['conversations.info'] = info;
    expect((await bot.type('restore', { channel_id: channel })).text).toContain(says);
    expect(opened()).toEqual([]);
  });

  test('a workspace that does not let us look at channels can still ask', async () => {
    slack.answers['conversations.info'] = { ok: false, error: 'missing_scope' };
    await bot.type('restore');
    expect(opened()).toHaveLength(1);
  });

  test('a trigger that is too old is answered in words, and recorded', async () => {
    slack.answers['views.open'] = { ok: false, error: 'expired_trigger_id' };
    const { status, text } = await bot.type('restore');
    expect({ status, text }).toEqual({ status: 200, text: expect.stringContaining('Something went wrong on my side') });
    expect(bot.logged.map(([, event]) => event)).toContain('listener-failed');
  });
});

describe('clone', () => {
  test('fills in the new name and how long it lives', async () => {
    await bot.type('clone orders-staging Orders-Try --for 2d --at "2026-09-30 09:30"');
    const view = opened()[0]?.view;
    expect(validateView(view)).toEqual([]);
    const shown = JSON.stringify(view);
    for (const value of ['@time', '"orders-try"', '"48"', String(Date.UTC(2026, 8, 30, 9, 30) / 1000)])
      expect(shown).toContain(value);
    expect(bot.door.asked).toMatchObject([['mayRequest', { target: { kind: 'new', name: 'orders-try' } }]]);
  });

  test.each([
    ['clone orders-staging try --for ever', 'no time to live'],
    ['clone orders-staging try --at yesterday', 'not a point in time'],
    ['clone a b c', 'cannot place'],
    ['restore orders-staging --at "2026-09-30 09:30" --snapshot x', 'either --snapshot or --at'],
  ])('“%s”: %s', async (typed, says) => {
    expect((await bot.type(typed)).text).toContain(says);
    expect(opened()).toEqual([]);
  });
});

test('snapshot opens a form without source and target', async () => {
  await bot.type('snapshot orders-staging --reason "before the migration"');
  const view = opened()[0]?.view;
  expect(validateView(view)).toEqual([]);
  expect(view).toMatchObject({ title: { text: 'Take a snapshot' }, blocks: [{}, {}, {}] });
  expect(bot.door.asked).toMatchObject([['mayRequest', { target: { kind: 'none' } }]]);
});

describe('status', () => {
  test('lists what is under way', async () => {
    bot.door.runs = [waitingForApproval(), running({ id: 'r2222222' }), closed({ id: 'r3333333' })];
    const { text, body } = await bot.type('status');
    expect(text).toContain('Under way: 2.');
    expect(text).toContain('run `r2222222`');
    expect(text).not.toContain('r3333333');
    expect(validateMessage(JSON.parse(body))).toEqual([]);
  });

  test('shows one run as its card does', async () => {
    bot.door.runs = [waitingForApproval()];
    const { body } = await bot.type('st R7K3Q9XZ');
    expect(JSON.parse(body)).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringContaining('is waiting for approval'),
    });
    expect(validateMessage(JSON.parse(body))).toEqual([]);
    expect(body).toContain('Its card is in <#C0OPS>.');
  });

  test('shows the last runs of a database', async () => {
    bot.door.runs = [closed()];
    expect((await bot.type('status orders-staging')).text).toContain('The last runs of orders-staging');
  });

  test.each([
    ['status', 'Nothing is under way'],
    ['status r2222222', 'I know no run'],
    ['status ordres-staging', 'Did you mean `orders-staging`?'],
    ['status billing-staging', 'has not been restored'],
    ['status a b', 'not several'],
  ])('“%s” without any runs: %s', async (typed, says) => {
    expect((await bot.type(typed)).text).toContain(says);
  });
});

describe('cancel', () => {
  test('asks once more before it does anything', async () => {
    bot.door.runs = [running()];
    const { body } = await bot.type('cancel r7k3q9xz');
    expect(validateMessage(JSON.parse(body))).toEqual([]);
    expect(body).toContain('"action_id":"cancel"');
    expect(bot.door.asked).toEqual([]);
  });

  test.each([
    ['cancel', 'Name the run'],
    ['cancel r2222222', 'There is no run r2222222.'],
    ['cancel r7k3q9xz', 'is not waiting for that any more: it is succeeded'],
  ])('“%s”: %s', async (typed, says) => {
    bot.door.runs = [closed()];
    expect((await bot.type(typed)).text).toContain(says);
  });
});

test('help names every verb, once', async () => {
  const { text, body } = await bot.type('help');
  for (const { verb, summary } of commands)
    expect(text.split(`/trapheus ${verb}`).length === 2 && text.includes(summary)).toBe(true);
  expect(new Set(commands.map(({ verb }) => verb)).size).toBe(commands.length);
  expect(validateMessage(JSON.parse(body))).toEqual([]);
});

test('what it does not know it says, with a guess', async () => {
  expect((await bot.type('stauts')).text).toBe(
    'I do not know `stauts`. Did you mean `/trapheus status`? `/trapheus help` lists what I do.',
  );
  expect((await bot.type('<!channel>')).text).toContain('`&lt;!channel&gt;`');
});
