import { resolve } from 'node:path';
import { validateBlocks, validateMessage } from '../../infra/local/slack/validate';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

let drive: Drive;
beforeEach(async () => {
  drive = await Drive.start(quick);
});
afterEach(() => drive.close());

const hour = 3_600_000;
type Block = { type: string; block_id: string; elements?: { action_id: string; value: string }[] };
const blocksOf = (view: Record<string, unknown> | undefined) => (view?.blocks ?? []) as Block[];
const texts = (value: unknown): string => JSON.stringify(value);

test('a database that is being restored can be cloned meanwhile, whether or not the clone has a name yet', async () => {
  const run = await drive.requested('orders-staging');
  const ben = drive.as('ben');
  expect(texts(await ben.command('restore orders-staging'))).toContain(run);
  for (const line of ['clone orders-staging', 'clone orders-staging orders-try'])
    expect(texts((await ben.command(line)).view)).toContain('Name of the clone');
});

describe('a run that waits for its time', () => {
  test('is approved, says when it starts, and touches nothing before', async () => {
    const world = before(drive);
    const ana = drive.as('ana');
    await ana.command('restore orders-staging --start in 2 hours');
    const page = await ana.review({ reason: 'after the batch' });
    expect(validateBlocks('modal', page.view?.blocks)).toEqual([]);
    expect(texts(page.view)).toContain('once it is approved');
    const sent = await ana.submit({});
    const run = /\br[2-9a-hjkmnp-tv-z]{7}\b/.exec(texts(sent.view))?.[0] ?? '';
    await drive.until(run, 'waiting', 1);
    await drive.click('ben', run, 'approve');
    const waiting = await drive.until(run, (one) => one.at?.step === 'start-time' && one.status === 'waiting');
    const startAt = waiting.request.startAt ?? 0;

    expect(await drive.card(run)).toMatch(/Scheduled: orders-staging[^]*Starts at/);
    expect(drive.buttons(run)).toEqual(expect.arrayContaining(['start-now', 'cancel']));
    await drive.until(run, 'succeeded', 4);
    expect(drive.run(run).steps.capture?.startedAt).toBeGreaterThanOrEqual(startAt);
    await holds(drive, run, world);
  });

  test('starts at once for an approver, and not for whoever asked', async () => {
    const ana = drive.as('ana');
    await ana.command('restore orders-staging --start tonight');
    const run = await ana.fillRestore({ reason: 'tonight' });
    await drive.until(run, 'waiting', 1);
    await drive.click('ben', run, 'approve');
    await drive.until(run, (one) => one.at?.step === 'start-time' && one.status === 'waiting');
    await drive.settle();
    expect(texts(await drive.click('ana', run, 'start-now'))).toContain('may start it earlier');
    const at = drive.sandbox.clock.now();

    await drive.click('ben', run, 'start-now');
    const record = await drive.until(run, 'succeeded', 2);

    expect((record.steps.capture?.startedAt ?? 0) - at).toBeLessThan(hour);
    expect(record.audit?.find(({ what }) => what === 'started-early')?.by).toBe('U0BEN00001');
  });

  test('a time that is over, or too far away, is said under its field', async () => {
    const ana = drive.as('ana');
    await ana.command('restore orders-staging --start "2026-12-24 18:00"');
    expect(texts((await ana.tryRestore({ reason: 'x' })).errors)).toMatch(/start-at.*7 days at most/);
    await ana.command('restore orders-staging --start "2026-11-01 18:00"');
    expect(texts((await ana.tryRestore({ reason: 'x' })).errors)).toMatch(/start-at.*is over/);
  });
});

test('the Home tab: ask, decide, and see what is true afterwards', async () => {
  const run = await drive.requested('orders-staging');
  const ben = drive.as('ben');
  const home = await ben.home();
  expect(validateBlocks('home', home.view?.blocks)).toEqual([]);
  const approve = blocksOf(home.view)
    .flatMap((block) => (block.elements ?? []).map((element) => ({ block_id: block.block_id, ...element })))
    .find(({ action_id }) => action_id === 'approve');
  const view_id = String(home.view?.view_id);
  const after = await ben.act({ view_id, block_id: approve?.block_id, action_id: 'approve', value: approve?.value });
  await drive.settle();
  expect(drive.run(run).decisions).toMatchObject([{ by: 'U0BEN00001', decision: 'approve' }]);
  expect(texts(after.view)).toContain('Nothing waits for you.');

  const ana = drive.as('ana');
  const mine = await ana.home();
  expect(texts(mine.view)).toMatch(/Yours.+orders-staging/);
  const start = blocksOf(mine.view).find((block) => block.elements?.[0]?.action_id === 'start-restore');
  const form = await ana.act({
    view_id: String(mine.view?.view_id),
    block_id: start?.block_id,
    action_id: 'start-restore',
  });
  expect(validateBlocks('modal', form.view?.blocks)).toEqual([]);
  expect(texts(form.view)).toContain('conversations_select');
});

test('shortcuts: a channel is chosen, and a message gives the reason', async () => {
  const ana = drive.as('ana');
  const { view } = await ana.act({ shortcut: 'restore-database' });
  expect(texts(view)).toContain('conversations_select');
  expect(texts((await ana.review({ database: 'orders-staging', reason: 'x' })).errors ?? {})).toContain('channel');
  const run = await drive.requested('orders-staging');
  await drive.settle();
  const card = drive.root(run);
  const from = await ana.act({ shortcut: 'restore-from-message', message_ts: card.ts, channel: 'db-ops' });
  expect(texts(from.view)).toMatch(/See https?:[^"]+archives\/C0DBOPS001\/p\d+/);
});

test('every answer that only reads is one that Slack takes, and reads in place', async () => {
  const run = await drive.approved('orders-staging');
  await drive.until(run, 'succeeded', 4);
  await drive.settle();
  const lines = [
    ...['help', 'help restore', 'status', `status ${run}`, 'list --all', 'list orders-staging', 'history'],
    ...[
      `history ${run}`,
      'history orders-staging',
      'snapshots orders-staging',
      'whoami',
      'policy',
      'policy orders-prod',
    ],
  ];
  for (const line of lines) {
    const { ephemeral, status, ms } = await drive.as('ana').command(line);
    expect([line, status, ephemeral.length]).toEqual([line, 200, 1]);
    expect(validateMessage({ text: ephemeral[0]?.text, blocks: ephemeral[0]?.blocks })).toEqual([]);
    expect(ms).toBeLessThan(30_000);
  }
});

test('a rule may ask for a ticket', async () => {
  await drive.close();
  drive = await Drive.start({ ...quick, policyFile: resolve(__dirname, 'policy-ticket.yml') });
  const ana = drive.as('ana');
  await ana.command('restore orders-staging');
  expect(texts((await ana.tryRestore({ reason: 'because' })).errors)).toMatch(/reason.*OPS-\[0-9\]\+/);
  expect(await ana.fillRestore({ reason: 'ops-12: because' })).toMatch(/^r/);
});
