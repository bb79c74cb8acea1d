import { commands } from '../../../bot/command-line';
import { validateMessage, validateView } from '../../../infra/local/slack/validate';
import { problem, refused } from '../../../orchestrator/errors';
import { Bot, FakeSlack, snapshot } from '../fakes';
import { closed, holding, house, noon, requested, running, waitingForApproval } from '../runs';

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
        { element: { initial_option: { value: 'now' } } },
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

  test('when Slack wants to be left alone, people are told for how long', async () => {
    slack.answers['views.open'] = 429;
    const { status, text } = await bot.type('restore');
    expect({ status, text }).toEqual({
      status: 200,
      text: expect.stringContaining('Slack takes no more from me for 30 s'),
    });
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
    await bot.type('clone orders-staging Orders-Try --for 2d --at 2026-09-30 09:30 --start tonight');
    const view = opened()[0]?.view;
    expect(validateView(view)).toEqual([]);
    const shown = JSON.stringify(view);
    for (const value of ['@time', '"tonight"', '"orders-try"', '"48"', String(Date.UTC(2026, 8, 30, 9, 30) / 1000)])
      expect(shown).toContain(value);
    expect(bot.door.asked).toMatchObject([['mayRequest', { target: { kind: 'new', name: 'orders-try' } }]]);
  });

  test.each([
    ['clone orders-staging try --for ever', 'no time to live'],
    ['clone orders-staging try --for 90 min', 'Write whole hours or days'],
    ['clone orders-staging try --at yesterday', 'not a point in time'],
    ['clone a b c', 'cannot place'],
    ['clone orders-staging try --at in 2 hours', 'still to come'],
    ['restore orders-staging --at "2026-09-30 09:30" --snapshot x', 'one of --snapshot, --at and --latest'],
  ])('“%s”: %s', async (typed, says) => {
    expect((await bot.type(typed)).text).toContain(says);
    expect(opened()).toEqual([]);
  });
});

describe('the grammar', () => {
  const filledIn = () => JSON.stringify(opened().at(-1)?.view);

  test.each([
    ['restore orders-staging --latest', ['"newest"', '"replace"']],
    ['restore --reason "x y" orders-staging --at 10 min ago', ['"@time"', String((noon - 600_000) / 1000), 'x y']],
    ['restore orders-staging --at "yesterday 18:00"', [String(Date.UTC(2026, 8, 30, 16) / 1000)]],
    ['restore orders-staging —to Orders-Check', ['"new"', '"orders-check"']],
    ['restore orders-staging --to orders-staging', ['"replace"']],
    [
      'restore orders-prod --onto orders-staging --start tomorrow 02:00',
      ['"onto"', '"time"', String(Date.UTC(2026, 9, 2) / 1000)],
    ],
    ['--latest', ['"newest"']],
    ['clone orders-staging --snap clone', ['"@clone"']],
    ['clone orders-staging --for 3 days try', ['"72"', '"try"']],
    ['restore orders-staging --snapshot latest', ['"newest"']],
  ])('“%s”', async (typed, parts) => {
    slack.answers['users.info'] = ({ user: id }) => ({
      ok: true,
      user: { id, team_id: 'T0HOME', tz: 'Europe/Berlin' },
    });
    expect((await bot.type(typed)).text).toBe('');
    expect(validateView(opened().at(-1)?.view)).toEqual([]);
    for (const part of parts) expect(filledIn()).toContain(part);
  });

  test.each([
    ['restore orders-staging --to billing-staging', '--onto billing-staging puts'],
    ['restore orders-staging --to a --onto b', 'either --to (a new name) or --onto'],
    ['restore orders-staging --latest --at 10 min ago', 'one of --snapshot, --at and --latest'],
    ['restore orders-staging --start someday', '“someday” is not a time to start at'],
    ['restore orders-staging --lastest', 'Did you mean --latest?'],
    ['restore orders-staging --at 99999999999 days ago', 'cannot place'],
  ])('“%s”: %s', async (typed, says) => {
    expect((await bot.type(typed)).text).toContain(says);
    expect(opened()).toEqual([]);
  });
});

test.each([
  ['restore ordrs-staging --at donkeys --start someday --raeson x', ['“donkeys”', '“someday”', '--raeson', 'held']],
  ['clone orders-staging a b --for ever --start someday', ['cannot place “b”', 'no time to live', '“someday”', 'held']],
  ['snapshot orders-staging x --start someday', ['cannot place “x”', '“someday”', 'held']],
])('“%s”: everything that is wrong with it at once', async (typed, mistakes) => {
  bot.door.refusal = { ok: false, problem: problem('held', { database: 'held', run: 'r1', requester: '', at: '' }) };
  const { text } = await bot.type(typed);
  for (const mistake of mistakes) expect(text).toContain(mistake);
  expect(opened()).toEqual([]);
});

test('snapshot opens a form without source and target', async () => {
  await bot.type('snapshot orders-staging --reason "before the migration"');
  const view = opened()[0]?.view;
  expect(validateView(view)).toEqual([]);
  expect(view).toMatchObject({ title: { text: 'Take a snapshot' }, blocks: [{}, {}, {}, {}] });
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

describe('cancel and undo', () => {
  const submit = (view: Record<string, unknown>) =>
    bot.send({ type: 'view_submission', view: { ...view, id: 'V1', state: { values: {} } } });

  test.each([
    ['cancel', running(), 'cancel', 'Being cancelled'],
    ['undo', holding(), 'undo', 'Being undone'],
  ])('%s asks once more in a dialog, and then does it', async (verb, run, asked, title) => {
    bot.door.runs = [run];
    // Of its database's runs, the one for which it can be done.
    for (const word of ['r7k3q9xz', 'orders-staging']) {
      expect(await bot.type(`${verb} ${word}`)).toMatchObject({ status: 200, body: '' });
      expect(validateView(opened().at(-1)?.view)).toEqual([]);
    }
    expect(bot.door.asked).toMatchObject([
      ['mayStop', {}],
      ['mayStop', {}],
    ]);
    bot.door.asked.length = 0;
    const view = opened().at(-1)?.view as Record<string, unknown>;
    const { body } = await submit(view);
    expect(bot.door.asked).toMatchObject([[asked, { run: 'r7k3q9xz', by: 'U0REQ' }]]);
    expect(body).toMatchObject({ response_action: 'update', view: { title: { text: title } } });
    bot.door.refusal = refused('not-a-canceller', { run: 'r7k3q9xz', allowed: '<@U0ALICE>' });
    expect(JSON.stringify((await submit(view)).body)).toContain('Only <@U0ALICE> may act on run r7k3q9xz.');
  });

  test.each([
    ['cancel', running()],
    ['undo', holding()],
  ])('%s tells whom the rule does not name at once, and opens nothing', async (verb, run) => {
    bot.door.runs = [run];
    bot.door.refusal = refused('not-a-canceller', { run: 'r7k3q9xz', allowed: '<@U0ALICE>' });
    expect((await bot.type(`${verb} r7k3q9xz`)).text).toContain('Only <@U0ALICE> may act on run r7k3q9xz.');
    expect(opened()).toEqual([]);
  });

  test('without a run, the answer names those for which it could be done', async () => {
    bot.door.runs = [running(), closed({ id: 'r2222222' })];
    const { text } = await bot.type('cancel');
    expect(text).toContain('Name the run: `/trapheus cancel <run>`'.replace('<run>', '&lt;run&gt;'));
    expect(text).toContain('r7k3q9xz');
    expect(text).not.toContain('r2222222');
  });

  test.each([
    ['cancel', 'Name the run'],
    ['undo', 'There is none just now'],
    ['cancel r2222222', 'There is no run r2222222.'],
    ['cancel ordres-staging', 'Did you mean `orders-staging`?'],
    ['cancel r7k3q9x2', 'Did you mean `r7k3q9xz`?'],
    ['cancel r7k3q9xz', 'Run r7k3q9xz has succeeded, so there is nothing to cancel.'],
    ['undo orders-prod', 'orders-prod has no run to undo.'],
    ['approve orders-prod', 'orders-prod has no run to approve.'],
    ['cancel —now', 'There is no option --now: this verb takes none.'],
  ])('“%s”: %s', async (typed, says) => {
    bot.door.runs = [closed()];
    expect((await bot.type(typed)).text).toContain(says);
  });
});

test('help names every verb, once', async () => {
  const { text, body } = await bot.type('help');
  for (const { verb, summary } of commands)
    expect([verb, text.split(new RegExp(`/trapheus ${verb}[ \`]`)).length - 1, text.includes(summary)]).toEqual([
      verb,
      verb === 'help' || verb === 'restore' ? expect.any(Number) : 1,
      true,
    ]);
  expect(new Set(commands.map(({ verb }) => verb)).size).toBe(commands.length);
  expect(validateMessage(JSON.parse(body))).toEqual([]);
});

test('a verb tells about itself when it is asked with --help, as phones write it too', async () => {
  const { text } = await bot.type('help restore');
  for (const typed of ['restore --help', 'restore orders-staging —help', 'rest -h'])
    expect((await bot.type(typed)).text).toBe(text);
  expect((await bot.type('--help')).text).toBe((await bot.type('help')).text);
  expect(opened()).toEqual([]);
});

test('help says all about one verb', async () => {
  for (const { verb, who, answers, examples = [] } of commands) {
    const { text, body } = await bot.type(`help ${verb}`);
    for (const part of [who, answers, ...examples.map((one) => `/trapheus ${one}`)]) expect(text).toContain(part);
    expect(validateMessage(JSON.parse(body))).toEqual([]);
  }
  expect((await bot.type('help stauts')).text).toContain(
    'There is no verb `stauts`. Did you mean `/trapheus help status`?',
  );
});

test.each([
  ['s', 'Did you mean `/trapheus snapshot` or `/trapheus status` or `/trapheus snapshots`?'],
  ['orders-staging', 'Did you mean `/trapheus restore orders-staging`?'],
  ['ordres-staging', 'Did you mean `/trapheus restore orders-staging`?'],
  ['r7k3q9xz', 'Did you mean `/trapheus status r7k3q9xz`?'],
])('“%s” in the place of a verb: %s', async (typed, says) => {
  expect((await bot.type(typed)).text).toContain(says);
  expect(opened()).toEqual([]);
});

test('a deployment with a command of its own never names another', async () => {
  const other = new Bot(slack, { house: { ...house, command: '/trapheus-staging' } });
  other.door.runs = [waitingForApproval(), closed({ id: 'r2222222' })];
  other.door.past = [closed({ id: 'r2222222' })];
  const say = (text: string) => other.type(text, { command: '/trapheus-staging' });
  const lines = [
    'help',
    'status',
    'list',
    'history',
    'policy',
    'whoami',
    'cancel',
    'undo',
    'cancel r3333333',
    'nothing',
  ];
  const verbs = commands.map(({ verb }) => `help ${verb}`);
  for (const line of [
    ...lines,
    ...verbs,
    'status r7k3q9xz',
    'status nobody',
    'snapshots orders-staging',
    'snapshots',
  ]) {
    const { body } = await say(line);
    expect(body).not.toMatch(/\/trapheus(?!-staging)|\{command\}/);
  }
  other.door.refusal = refused('reserved', { database: 'orders-staging', run: 'r2222222', requester: '<@U0ALICE>' });
  expect((await say('restore orders-staging')).text).toContain('`/trapheus-staging status r2222222`');
});

describe('lists', () => {
  test('list: under way, with links to their threads; mine; all', async () => {
    bot.door.runs = [
      running(),
      waitingForApproval({
        id: 'r4444444',
        request: { ...requested().request, requester: { id: 'U0ALICE', team: 'T0HOME' } },
      }),
    ];
    bot.door.past = [closed({ id: 'r2222222' })];
    bot.shown = { r7k3q9xz: { channel: 'C0OPS', ts: '1790000000.000001' } };
    const { text, body } = await bot.type('list');
    expect(text).toContain('<https://home.slack.com/archives/C0OPS/p1790000000000001|card and thread>');
    expect([text.includes('r4444444'), text.includes('r2222222')]).toEqual([true, false]);
    expect(validateMessage(JSON.parse(body))).toEqual([]);
    const mine = (await bot.type('list orders-staging --all —mine')).text;
    expect([mine.includes('r4444444'), mine.includes('r2222222')]).toEqual([false, true]);
    expect((await bot.type('list billing-staging')).text).toContain('There are no runs under way of billing-staging.');
    expect((await bot.type('list biling-staging')).text).toContain('Did you mean `billing-staging`?');
  });

  test('history: what came of the runs, and every event of one', async () => {
    bot.door.runs = [closed()];
    bot.door.past = [closed()];
    for (const line of ['history', 'history orders-staging', 'history r7k3q9xz']) {
      const { text, body } = await bot.type(line);
      expect(text).toContain('<@U0REQ>');
      expect(text).toContain('A bad migration dropped &lt;orders&gt; &amp; “more”');
      expect(validateMessage(JSON.parse(body))).toEqual([]);
    }
    bot.door.past = [];
    bot.door.runs = [running()];
    expect((await bot.type('history')).text).toContain('No run has ended yet');
    // Its database answers; that the original is kept for days yet does not hide it.
    bot.door.runs = [running(), holding({ id: 'r5555555' })];
    const { text } = await bot.type('history');
    expect([text.includes('r5555555'), text.includes('r7k3q9xz')]).toEqual([true, false]);
  });

  test('snapshots: with age, size, engine and encryption', async () => {
    bot.snapshots = [snapshot('before-migration', 3), snapshot('plain', 50, { encrypted: false })];
    const { text, body } = await bot.type('snapshots Orders-Staging');
    expect(text).toContain('(3 h ago) · 100 GiB · postgres 15.4 · encrypted · manual');
    expect(text).toContain('(2 days ago) · 100 GiB · postgres 15.4 · not encrypted');
    expect(validateMessage(JSON.parse(body))).toEqual([]);
    bot.snapshots = [];
    expect((await bot.type('snapshots ordres-staging')).text).toContain('Did you mean `orders-staging`?');
  });
});

describe('rights', () => {
  test('whoami says what, and why', async () => {
    const { text, body } = await bot.type('whoami', { user_id: 'U0ALICE' });
    expect(text).toContain(
      '*production* (`*-prod`; 1 database now): you may *request*: the rule names you. You may *approve* (2 needed)',
    );
    expect(validateMessage(JSON.parse(body))).toEqual([]);
    expect((await bot.type('whoami')).text).not.toContain('*production*');
  });

  test('policy says which rule counts, in words', async () => {
    const { text, body } = await bot.type('policy orders-prod');
    expect(text).toContain(
      'Rule “production” applies to `orders-prod`: its pattern `*-prod` is the first that matches.',
    );
    expect(text).toContain('Approval: 2 people of <@U0ALICE>, <@U0BOB>.');
    expect(validateMessage(JSON.parse(body))).toEqual([]);
    expect((await bot.type('policy nobodys')).text).toContain('No rule in policy.yml covers');
    expect((await bot.type('policy orders-prd')).text).toContain('Did you mean `orders-prod`?');
    const all = await bot.type('policy');
    expect(all.text).toContain('*staging*: `*-staging`');
    expect(validateMessage(JSON.parse(all.body))).toEqual([]);
  });
});

test('what it does not know it says, with a guess', async () => {
  expect((await bot.type('stauts')).text).toBe(
    'I do not know `stauts`. Did you mean `/trapheus status`? `/trapheus help` lists what I do.',
  );
  expect((await bot.type('<!channel>')).text).toContain('`&lt;!channel&gt;`');
});
