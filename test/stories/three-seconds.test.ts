import { resolve } from 'node:path';
import { interactions } from '../../bot/app';
import { commands } from '../../bot/command-line';
import type { Run } from '../../orchestrator/run';
import { type Actor, type Drive, sunday, type Wanted } from './drive';
import { slowDrive, type Waited } from './slow-wires';

/** Slack: Handling user interaction, “within 3 seconds”; a trigger of Slack's lives as long. */
const slackWaitsMs = 3000;

type Element = { action_id: string; value?: string };
type Block = { block_id: string; elements?: Element[]; element?: Element };
const blocksOf = (view: Record<string, unknown> | undefined): Block[] => (view?.blocks ?? []) as Block[];
const typed = (value: string) => ({ type: 'plain_text_input', value });
const glass = (name: string) => ({ reason: { reason: typed('an emergency') }, name: { name: typed(name) } });
const runIn = (answer: unknown): string => /\br[2-9a-hjkmnp-tv-z]{7}\b/.exec(JSON.stringify(answer))?.[0] ?? '';

const walked: Waited[] = [];
let drive: Drive;
const start = async (policy = 'policy.yml'): Promise<Drive> =>
  slowDrive((one) => walked.push(one), { policyFile: resolve(__dirname, policy) });
afterEach(() => drive.close());

/** A snapshot that is there already. */
const snapshotOf = (database: string): string =>
  drive.snapshots().find((one) => one.databaseName === database && one.status === 'available')?.id ?? '';

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

/** What every line is answered with, whether or not the watcher has read the databases' names yet. */
async function eachLine(run: string): Promise<void> {
  const said: [string, RegExp][] = [
    ['status', /Under way: \d/],
    [`status ${run}`, new RegExp(run)],
    ['status orders-staging', /The last runs of orders-staging/],
    ['status orders-stagin', /Did you mean `orders-staging`/],
    ['list --all', /Runs: \d/],
    ['list --mine', /Runs under way that you asked for: \d/],
    ['list orders-stagin', /Did you mean `orders-staging`/],
    ['history', /run/],
    [`history ${run}`, new RegExp(run)],
    ['history orders-stagin', /Did you mean `orders-staging`/],
    ['snapshots orders-staging', /Snapshots of `orders-staging`: \d/],
    ['snapshots analytics-staging', /Point in time|point in time/],
    ['snapshots orders-stagin', /Did you mean `orders-staging`/],
    ['policy', /Rules|Rule|staging/],
    ['policy orders-staging', /Rule “staging”/],
    ['policy orders-stagin', /I know no database|No rule/],
    ['whoami', /U0ANA00001|ana/],
    ['help', /Trapheus/],
    ['help restore', /restore/],
    ['nonsense', /help/],
    ['restore orders-stagin', /Did you mean .?orders-staging/],
    ['clone orders-stagin a-new-one', /Did you mean .?orders-staging|rule/],
    ['snapshot orders-stagin', /Did you mean .?orders-staging/],
    ['approve', /Name the run|none just now/],
    ['approve orders-stagin', /orders-staging/],
    ['deny nothing --reason x', /nothing/],
    ['cancel nothing', /nothing/],
    ['undo orders-stagin', /orders-staging/],
    ['freeze because', /administrator/],
    ['unfreeze', /administrator/],
  ];
  const ana = drive.as('ana');
  for (const [line, expected] of said) {
    const { error, ephemeral } = await ana.command(line);
    expect([line, error, JSON.stringify(ephemeral)]).toEqual([line, undefined, expect.stringMatching(expected)]);
  }
  const opened: [string, RegExp][] = [
    ['restore', /restore-form/],
    ['restore inventory-dev', /inventory-dev/],
    ['restore warehouse-staging --at 10 min ago', /warehouse-staging.+From 1\d Nov 2026/],
    ['snapshot', /restore-form/],
    ['snapshot warehouse-staging', /warehouse-staging/],
    ['clone', /restore-form/],
    ['clone analytics-staging a-new-one', /analytics-staging.+a-new-one/],
  ];
  for (const [line, expected] of opened) {
    const { ephemeral, view } = await ana.command(line);
    expect([line, ephemeral, JSON.stringify(view)]).toEqual([line, [], expect.stringMatching(expected)]);
    await ana.act({ view_id: String(view?.view_id), close: true });
  }
}

/** Whether whoever asks for a history, which needs the names of the databases at most, asks RDS for them. */
async function askRds(work: () => Promise<void>): Promise<boolean> {
  const since = walked.length;
  await work();
  const histories = walked.slice(since).filter(({ what }) => what === 'command history');
  return histories.some(({ calls }) => calls.flat().some((call) => call.startsWith('rds ')));
}

const said = () =>
  drive
    .messages()
    .map(({ text }) => text)
    .join();
const isHolding = (run: Run): boolean => run.status === 'succeeded' && run.at?.step === 'hold';
/** What was left to the watcher has been done by then. */
const healed = 5 * 60;

describe('each function has just started, and each call takes 300 ms', () => {
  test('asked for, approved, kept for longer, undone, asked for again; and every line, before and after', async () => {
    drive = await start();
    const ana = drive.as('ana');
    await ana.home();
    await ana.command('restore');
    const first: Wanted = { database: 'analytics-staging', snapshot: '@now', target: 'replace', reason: 'x' };
    const second = await ana.fillRestore(first);
    const cluster = await drive.requested('tickets-staging');
    const run = await drive.requested('orders-staging', { snapshot: 'newest' });
    // The names of the databases are read from RDS until the watcher has written them down.
    expect(await askRds(() => eachLine(run))).toBe(true);
    await drive.settle(4 * 60);
    expect(await askRds(() => eachLine(run))).toBe(false);
    expect((await ana.home()).view?.type).toBe('home');
    expect((await drive.click('ben', run, 'approve')).error).toBeUndefined();
    await drive.until(run, isHolding);
    await drive.settle();
    const until = drive.run(run).hold?.until ?? 0;
    await drive.click('ana', run, 'keep-longer');
    await drive.settle();
    expect(drive.run(run).hold?.until).toBeGreaterThan(until);
    await drive.click('ana', run, 'undo');
    expect((await drive.ended(run)).stop?.kind).toBe('undone');
    await drive.settle();
    expect((await drive.click('ana', run, 'request-again')).view?.type).toBe('modal');
    for (const waiting of [second, cluster]) expect(drive.run(waiting).status).toBe('waiting');
  });

  test('the shapes of the form, a fresh snapshot, a clone, and a wait for the time', async () => {
    drive = await start();
    const ana = drive.as('ana');
    await ana.command('snapshot orders-staging');
    const snapshot = runIn((await ana.submit({ reason: { reason: typed('before the change') } })).view);
    expect((await drive.ended(snapshot)).status).toBe('succeeded');
    await ana.command('clone analytics-staging');
    const clone = await ana.fillRestore({ name: 'users-new', hours: 8, reason: 'x' });
    await ana.command('restore inventory-dev');
    const wrong = await ana.tryRestore({ snapshot: '@time', at: 0, target: 'new', name: 'users-new', reason: 'x' });
    expect(wrong.errors).toBeDefined();
    const { view } = await ana.command('restore analytics-staging');
    await ana.act({ view_id: String(view?.view_id), block_id: 'start', action_id: 'start', value: 'time' });
    await ana.act({ view_id: String(view?.view_id), close: true });
    await drive.until(clone, 'waiting', 1);
  });

  test('from a point in time, from a snapshot that was chosen, as a clone, and a word that no snapshot has', async () => {
    drive = await start();
    const ana = drive.as('ana');
    const at = sunday - 30 * 60_000;
    const asked: Wanted[] = [
      { database: 'analytics-staging', snapshot: '@time', at, target: 'new', name: 'analytics-then' },
      { database: 'warehouse-staging', snapshot: '@time', at },
      { database: 'orders-staging', snapshot: snapshotOf('orders-staging'), target: 'new', name: 'orders-then' },
      { database: 'tickets-staging', snapshot: '@clone', target: 'new', name: 'tickets-then' },
    ];
    for (const wanted of asked) {
      await ana.command('restore');
      const run = await ana.fillRestore({ ...wanted, reason: 'x' });
      await drive.until(run, 'waiting', 1);
      await ana.command(`cancel ${run}`);
      await ana.submit({});
      await drive.ended(run);
    }
    const { view } = await ana.command('restore orders-staging');
    const block_id = blocksOf(view).find((block) => block.block_id.startsWith('snapshot'))?.block_id;
    const found = await ana.act({
      options: { view_id: String(view?.view_id), block_id: String(block_id), action_id: 'snapshot', value: 'zzz' },
    });
    expect(found.body).toEqual({ options: [] });
  });

  test('a message and the menu, and the Home tab', async () => {
    drive = await start();
    const run = await drive.requested('orders-staging');
    await drive.settle();
    const ana = drive.as('ana');
    expect((await ana.act({ shortcut: 'restore-database' })).view?.type).toBe('modal');
    const { ts: message_ts } = drive.root(run);
    const asked = await ana.act({ shortcut: 'restore-from-message', message_ts, channel: 'db-ops' });
    expect(asked.view?.type).toBe('modal');
    expect((await pressOnHome(ana, 'start-restore')).view?.type).toBe('modal');
    const omar = drive.as('omar');
    for (let press = 0; press < 3; press += 1)
      expect(JSON.stringify((await omar.press(drive.root(run), 'approve')).ephemeral)).toContain('approve');
    await drive.settle();
    const ben = drive.as('ben');
    expect(JSON.stringify((await ben.home()).view)).toContain('"action_id":"approve"');
    await pressOnHome(ben, 'approve');
    await drive.settle();
    expect(drive.run(run).decisions).toHaveLength(1);
    const tab = () => drive.sandbox.slack.state().homes.find(({ user }) => user === 'U0BEN00001')?.view;
    // The press did not wait for it: whoever shows the run has shown it there.
    await drive.settle(healed);
    expect(JSON.stringify(tab())).not.toContain('"action_id":"approve"');
    expect(JSON.stringify(tab())).toContain('Your rights');
  });

  test('by commands, with a run or a database: yes, no, stop, back again', async () => {
    drive = await start();
    const ben = drive.as('ben');
    const ana = drive.as('ana');
    const denied = await drive.requested('orders-staging');
    await drive.settle();
    const { view } = await drive.click('ben', denied, 'deny');
    const input = blocksOf(view).find(({ element }) => element !== undefined);
    await ben.command('deny orders-staging');
    await ben.submit({ [input?.block_id ?? '']: { [input?.element?.action_id ?? '']: typed('not today') } });
    expect((await drive.ended(denied)).status).toBe('denied');
    const stopped = await drive.requested('analytics-staging');
    await drive.settle();
    await ana.command('cancel analytics-staging');
    await ana.submit({});
    expect((await drive.ended(stopped)).status).toBe('cancelled');
    const pressed = await drive.requested('analytics-staging', { reason: 'again' });
    await drive.click('ana', pressed, 'cancel');
    await drive.ended(pressed);
    const run = await drive.requested('orders-staging', { reason: 'again' });
    await ben.command('approve orders-staging');
    await ben.submit({});
    await drive.until(run, isHolding);
    await ana.command(`undo orders-staging`);
    await ana.submit({});
    expect((await drive.ended(run)).stop?.kind).toBe('undone');
  });

  test('undone, while another request for the same database waits: that one gives way', async () => {
    drive = await start();
    const run = await drive.approved('orders-staging');
    await drive.until(run, isHolding);
    await drive.settle();
    const waiting = await drive.requested('orders-staging', { reason: 'once more' });
    await drive.click('ana', run, 'undo');
    await drive.settle();
    expect(drive.run(run).stop?.kind).toBe('undone');
    expect(drive.run(waiting)).toMatchObject({ stop: { problem: { code: 'voided' } } });
    await drive.ended(run);
    expect((await drive.ended(waiting)).status).toBe('cancelled');
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

  test('a second look, a freeze and an emergency', async () => {
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
    await chloe.press(drive.root(waiting), 'break-glass');
    await chloe.submit(glass('orders-staging'));
    await drive.settle();
    expect(drive.run(waiting).glass).toHaveLength(1);
    await chloe.command('restore billing-prod');
    await chloe.tryRestore({ reason: 'the data is broken' });
    const urgent = runIn((await chloe.submit(glass('billing-prod'))).view);
    await drive.until(urgent, 'running');
    await chloe.command('freeze because');
    await chloe.submit({});
    expect(said()).toContain('*Frozen.*');
    await chloe.command('unfreeze');
    await chloe.submit({});
    expect(said()).toContain('*Unfrozen*');
  });

  test('an emergency, while another request for the same database waits: that one gives way', async () => {
    drive = await start('policy-approvals.yml');
    const chloe = drive.as('chloe');
    const waiting = await drive.requested('orders-staging');
    await chloe.command('restore orders-staging');
    await chloe.tryRestore({ reason: 'customers cannot order' });
    const run = runIn((await chloe.submit(glass('orders-staging'))).view);
    await drive.settle();
    expect(drive.run(waiting)).toMatchObject({ stop: { problem: { code: 'voided-by-glass' } } });
    // Nobody could wait for its execution any more: the watcher starts it.
    await drive.until(run, 'running', 0.1);
    expect((await drive.ended(waiting)).status).toBe('cancelled');
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
    await drive.until(run, 'running', 0.1);
  });

  test('who may not use it is told so, and nothing is opened or changed', async () => {
    drive = await start();
    const run = await drive.requested('orders-staging');
    await drive.settle();
    const since = walked.length;
    const before = JSON.stringify(drive.run(run));
    for (const person of ['gina', 'sam']) {
      const who = drive.as(person);
      for (const line of ['restore orders-staging', `approve ${run}`, 'status'])
        expect((await who.command(line)).view).toBeUndefined();
      await who.press(drive.root(run), 'approve');
      await who.press(drive.root(run), 'cancel');
      await who.act({ shortcut: 'restore-database' });
      await who.home();
    }
    const done = walked.slice(since).flatMap(({ calls }) => calls.flat());
    const isHarmless = /^\S+ (Get|BatchGet|Describe|Query|auth\.test|users\.info|conversations\.info|usergroups\.)/;
    // That the request was heard; that he has no tab to keep up to date; and the words that say no.
    const told = ['dynamodb PutItem', 'dynamodb DeleteItem', 'slack views.publish', 'slack views.open'];
    expect(done.filter((call) => !isHarmless.test(call) && !told.includes(call) && !/response/.test(call))).toEqual([]);
    expect(JSON.stringify(drive.run(run))).toBe(before);
  });
});

test('everything that is registered was walked, answered Slack in time, and left nothing half done', () => {
  const registered = [
    ...commands.map(({ verb }) => `command ${verb}`),
    ...interactions.map(({ kind, id }) => `${kind} ${id}`),
  ];
  const done = new Set(walked.map(({ what }) => what));
  expect(registered.filter((one) => !done.has(one))).toEqual([]);
  expect(walked.filter(({ ms }) => ms >= slackWaitsMs)).toEqual([]);
  expect(walked.filter(({ left, status }) => left.length > 0 || status !== 200)).toEqual([]);
});
