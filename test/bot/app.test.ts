import { planValue } from '../../bot/buttons';
import { Bot, FakeSlack } from './fakes';
import { waitingForApproval } from './runs';

let slack: FakeSlack;
let bot: Bot;

beforeEach(async () => {
  slack = await FakeSlack.start();
  bot = new Bot(slack);
});
afterEach(() => slack.stop());

test('asks for a restore, approves it, and looks at it', async () => {
  expect(await bot.type('restore orders-staging --reason “bad migration”')).toEqual({
    status: 200,
    text: '',
    body: '',
  });
  const [opened] = slack.of('views.open');
  const view = opened?.view as { blocks: { block_id?: string }[]; private_metadata: string; callback_id: string };
  expect(opened?.trigger_id).toBe('trigger-1');
  const snapshotBlock = view.blocks[1]?.block_id ?? '';

  const sent = await bot.send({
    type: 'view_submission',
    view: {
      id: 'V1',
      type: 'modal',
      callback_id: view.callback_id,
      private_metadata: view.private_metadata,
      state: {
        values: {
          database: {
            database: {
              type: 'external_select',
              selected_option: { text: { type: 'plain_text', text: 'x' }, value: 'orders-staging' },
            },
          },
          [snapshotBlock]: {
            snapshot: {
              type: 'external_select',
              selected_option: { text: { type: 'plain_text', text: 'x' }, value: 'newest' },
            },
          },
          reason: { reason: { type: 'plain_text_input', value: 'bad migration' } },
        },
      },
    },
  });
  const page = sent.body as { view: Record<string, unknown> };
  const last = { ...page.view, id: 'V2', root_view_id: 'V1', hash: 'h2', state: { values: {} } };
  const done = await bot.send({ type: 'view_submission', view: last });
  expect(JSON.stringify(done.body)).toContain('Request `r7k3q9xz` is on its way, in <#C0OPS>.');
  expect(bot.door.asked.at(-1)).toEqual([
    'request',
    {
      database: 'orders-staging',
      source: { kind: 'newest' },
      target: { kind: 'replace' },
      reason: 'bad migration',
      requester: { id: 'U0REQ', team: 'T0HOME' },
      channel: 'C0OPS',
      key: 'T0HOME:V1',
    },
  ]);

  const run = waitingForApproval();
  bot.door.runs = [run];
  const pressed = await bot.press('approve', planValue(run), {
    user: { id: 'U0BOB', username: 'b', team_id: 'T0HOME' },
  });
  expect(pressed).toEqual({ status: 200, told: undefined });
  expect(bot.door.asked.at(-1)).toEqual([
    'decide',
    {
      run: run.id,
      by: 'U0BOB',
      from: 'C0OPS',
      groups: { of: [], unknown: [] },
      decision: 'approve',
      planHash: run.planHash,
    },
  ]);

  expect((await bot.type('status')).text).toContain(
    '*Waiting for approval* (1 of 2): `orders-staging`, run `r7k3q9xz`',
  );
  expect((await bot.type(`status ${run.id}`)).text).toBe(
    'The restore of orders-staging (run r7k3q9xz) is waiting for approval: 1 of 2 given.',
  );
});
