import { resolve } from 'node:path';
import { interactions } from '../../bot/app';
import { commands } from '../../bot/command-line';
import type { Run } from '../../orchestrator/run';
import type { Actor, Drive } from './drive';
import { slowDrive, type Waited } from './slow-wires';

/** Slack: Handling user interaction, “within 3 seconds”. */
const slackWaitsMs = 3000;

type Element = { action_id: string; value?: string };
type Block = { block_id: string; elements?: Element[]; element?: Element };
const blocksOf = (view: Record<string, unknown> | undefined): Block[] => (view?.blocks ?? []) as Block[];
const typed = (value: string) => ({ type: 'plain_text_input', value });
const glass = (name: string) => ({ reason: { reason: typed('an emergency') }, name: { name: typed(name) } });
const runIn = (answer: unknown): string => /\br[2-9a-hjkmnp-tv-z]{7}\b/.exec(JSON.stringify(answer))?.[0] ?? '';

const walked: Waited[] = [];
let drive: Drive;
const start = async (policy = 'policy.yml'): Promise<Drive> => {
  const slow = await slowDrive({ policyFile: resolve(__dirname, policy) });
  slow.onWaited((one) => walked.push(one));
  return slow.drive;
};
afterEach(() => drive.close());

/** Presses what the person's Home tab shows. */
async function pressOnHome(who: Actor, action: string) {
  const { view } = await who.home();
  const found = blocksOf(view)
    .flatMap(({ block_id, elements = [] }) => elements.map((element) => ({ block_id, ...element })))
    .find(({ action_id }) => action_id === action);
  const { block_id, value } = found ?? {};
  return who.act({
    view_id: String(view?.view_id),
    block_id,
    action_id: action,
    ...(value !== undefined && { value }),
  });
}

const isHolding = (run: Run): boolean => run.status === 'succeeded' && run.at?.step === 'hold';

describe('each function has just started, and each call takes 300 ms', () => {
  test('asked for, approved, kept for longer, undone, asked for again', async () => {
    drive = await start();
    const ana = drive.as('ana');
    await ana.command('restore');
    expect(
      await ana.fillRestore({ database: 'analytics-staging', snapshot: '@now', target: 'replace', reason: 'x' }),
    ).toMatch(/^r/);
    const run = await drive.requested('orders-staging', { snapshot: 'newest' });
    expect((await drive.click('ben', run, 'approve')).error).toBeUndefined();
    await drive.until(run, isHolding);
    await drive.settle();
    const lines = ['status', `status ${run}`, 'status orders-staging', 'status nothing', 'list --all', 'list nothing'];
    const more = ['history', `history ${run}`, 'history orders-staging', 'history nothing', 'snapshots orders-staging'];
    const rest = [
      'whoami',
      'policy',
      'policy orders-staging',
      'help',
      'snapshot orders-dev',
      'clone orders-dev new-one',
    ];
    for (const line of [...lines, ...more, ...rest, 'approve', 'undo nothing', 'restore nothing', 'nonsense'])
      expect([line, (await drive.as('ana').command(line)).error]).toEqual([line, undefined]);
    await drive.click('ana', run, 'keep-longer');
    await drive.click('ana', run, 'undo');
    await drive.ended(run);
    await drive.settle();
    expect((await drive.click('ana', run, 'request-again')).view).toBeDefined();
  });

  test('the shapes of the form, a fresh snapshot, a clone, and a wait for the time', async () => {
    drive = await start();
    const ana = drive.as('ana');
    await ana.command('snapshot orders-staging');
    expect(runIn((await ana.submit({ reason: { reason: typed('before the change') } })).view)).toMatch(/^r/);
    await ana.command('clone analytics-staging');
    await ana.fillRestore({ name: 'users-new', hours: 8, reason: 'x' });
    const { view } = await ana.command('restore analytics-staging');
    await ana.act({ view_id: String(view?.view_id), block_id: 'start', action_id: 'start', value: 'time' });
  });

  test('a message and the menu, and the Home tab', async () => {
    drive = await start();
    const run = await drive.requested('orders-staging');
    await drive.settle();
    const ana = drive.as('ana');
    expect((await ana.act({ shortcut: 'restore-database' })).view).toBeDefined();
    const { ts: message_ts } = drive.root(run);
    expect((await ana.act({ shortcut: 'restore-from-message', message_ts, channel: 'db-ops' })).view).toBeDefined();
    expect((await pressOnHome(ana, 'start-restore')).view).toBeDefined();
    await pressOnHome(drive.as('ben'), 'approve');
    await drive.settle();
    expect(drive.run(run).decisions).toHaveLength(1);
  });

  test('by commands: yes, no, stop, back again', async () => {
    drive = await start();
    const ben = drive.as('ben');
    const ana = drive.as('ana');
    const denied = await drive.requested('orders-staging');
    await drive.settle();
    const { view } = await drive.click('ben', denied, 'deny');
    const input = blocksOf(view).find(({ element }) => element !== undefined);
    await ben.command(`deny ${denied}`);
    await ben.submit({ [input?.block_id ?? '']: { [input?.element?.action_id ?? '']: typed('not today') } });
    expect((await drive.ended(denied)).status).toBe('denied');
    const stopped = await drive.requested('analytics-staging');
    await drive.settle();
    await ana.command(`cancel ${stopped}`);
    await ana.submit({});
    expect((await drive.ended(stopped)).status).toBe('cancelled');
    const pressed = await drive.requested('analytics-staging', { reason: 'again' });
    await drive.click('ana', pressed, 'cancel');
    await drive.ended(pressed);
    const run = await drive.requested('orders-staging', { reason: 'again' });
    await ben.command(`approve ${run}`);
    await ben.submit({});
    await drive.until(run, isHolding);
    await ana.command(`undo ${run}`);
    await ana.submit({});
    expect((await drive.ended(run)).stop?.kind).toBe('undone');
  });

  test('what is left behind: removed, tried again, released', async () => {
    drive = await start();
    const run = await drive.approved('orders-staging');
    await drive.until(run, isHolding);
    drive.arm({ service: 'rds', operation: 'DeleteDBInstance', kind: 'access-denied', times: 1000 });
    await drive.click('ana', run, 'remove-now');
    await drive.ended(run);
    drive.sandbox.faults.reset();
    await drive.click('ana', run, 'retry-removal');
    await drive.until(run, (one) => one.facts.removal?.doneAt !== undefined);
    const other = await drive.approved('analytics-staging');
    await drive.until(other, isHolding);
    drive.sandbox.rds.setStatus(`analytics-staging-old-${other}`, 'stopped');
    await drive.click('ana', other, 'undo');
    await drive.ended(other);
    await drive.click('ben', other, 'release');
    await drive.settle();
    expect(drive.run(other).help?.released).toBeDefined();
  });

  test('a time, a second look, a freeze and an emergency', async () => {
    drive = await start('policy-approvals.yml');
    const chloe = drive.as('chloe');
    const run = await drive.requested('analytics-staging');
    await drive.click('ben', run, 'approve');
    await drive.until(run, (one) => one.at?.step === 'go-ahead' && one.status === 'waiting');
    await drive.settle();
    await chloe.command(`approve ${run}`);
    await chloe.submit({});
    await drive.click('ben', run, 'swap-now');
    const waiting = await drive.requested('orders-staging');
    await drive.settle();
    await drive.click('chloe', waiting, 'break-glass');
    await chloe.press(drive.root(waiting), 'break-glass');
    await chloe.submit(glass('orders-staging'));
    await chloe.command('restore billing-prod');
    await chloe.tryRestore({ reason: 'the data is broken' });
    expect(runIn((await chloe.submit(glass('billing-prod'))).view)).toMatch(/^r/);
    await chloe.command('freeze because');
    await chloe.submit({});
    await chloe.command('unfreeze');
    await chloe.submit({});
  });

  test('a start that was planned', async () => {
    drive = await start();
    const ana = drive.as('ana');
    await ana.command('restore orders-staging --start tonight');
    const run = await ana.fillRestore({ reason: 'tonight' });
    await drive.until(run, 'waiting', 1);
    await drive.click('ben', run, 'approve');
    await drive.until(run, (one) => one.at?.step === 'start-time' && one.status === 'waiting');
    await drive.settle();
    await drive.click('ben', run, 'start-now');
  });
});

test('everything that is registered was walked, and answered Slack in time', () => {
  const registered = [
    ...commands.map(({ verb }) => `command ${verb}`),
    ...interactions.map(({ kind, id }) => `${kind} ${id}`),
  ];
  const done = new Set(walked.map(({ what }) => what));
  expect(registered.filter((one) => !done.has(one))).toEqual([]);
  expect(walked.filter(({ ms }) => ms >= slackWaitsMs)).toEqual([]);
});
