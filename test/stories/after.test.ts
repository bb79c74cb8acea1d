import type { Run } from '../../orchestrator/run';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

let drive: Drive;
afterEach(() => drive.close());

const always = 1_000_000;
const idOf = (name: string) => drive.database(name)?.resourceId;
const isHolding = (run: Run) => run.at?.step === 'hold';

describe('Undo while the original is held', () => {
  test('brings the same database back, and keeps what was written since in a snapshot', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const original = idOf('orders-staging');
    const run = await drive.approved('orders-staging');
    await drive.until(run, isHolding);
    expect(idOf('orders-staging')).not.toBe(original);

    await drive.click('ana', run, 'undo');
    const record = await drive.ended(run);

    expect(record.status).toBe('undone');
    expect(idOf('orders-staging')).toBe(original);
    expect(drive.snapshots().find((one) => one.id === `orders-staging-copy-trapheus-${run}`)?.status).toBe('available');
    expect(await drive.card(run)).toContain(`orders-staging-copy-trapheus-${run}`);
    await holds(drive, run, world);
  });

  test('of a protected production database with every setting takes two approvals and comes back whole', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const original = idOf('orders-prod');
    const run = await drive.requested('orders-prod');
    await drive.click('ben', run, 'approve');
    await drive.click('chloe', run, 'approve');
    const done = await drive.until(run, isHolding);
    expect(done.facts.report?.filter((row) => row.verdict === 'different')).toEqual([]);
    expect(drive.database('orders-prod')?.deletionProtection).toBe(true);

    await drive.click('ben', run, 'undo');
    const record = await drive.ended(run);

    expect(record.status).toBe('undone');
    expect(idOf('orders-prod')).toBe(original);
    await holds(drive, run, world, { name: 'orders-prod' });
  });

  test('is refused when the name belongs to a later run, and when the original is gone', async () => {
    drive = await Drive.start(quick);
    const first = await drive.approved('orders-staging');
    await drive.until(first, isHolding);
    const second = await drive.approved('orders-staging');
    await drive.until(second, isHolding);

    const answer = await drive.click('ana', first, 'undo');
    await drive.ended(second, 12);
    const late = await drive.as('ana').command(`status ${second}`);

    expect(JSON.stringify(answer.ephemeral)).toContain('another database by now');
    expect(drive.run(first).stop).toBeUndefined();
    expect(JSON.stringify(late.ephemeral)).not.toContain('"action_id":"undo"');
  });

  test('voids a request that waits for approval of the same database', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const first = await drive.approved('orders-staging');
    await drive.until(first, isHolding);
    const second = await drive.requested('orders-staging');

    await drive.click('ben', first, 'undo');
    const [undone, voided] = [await drive.ended(first), await drive.ended(second)];

    expect(undone.status).toBe('undone');
    expect(voided).toMatchObject({ status: 'cancelled', stop: { problem: { code: 'voided' } } });
    await holds(drive, first, world);
  });

  test('that fails stops where it is, names everything, and keeps the lock until Release', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.approved('orders-staging');
    await drive.until(run, isHolding);
    drive.sandbox.rds.setStatus(`orders-staging-old-${run}`, 'stopped');

    await drive.click('ana', run, 'undo');
    const record = await drive.ended(run);

    expect(record.status).toBe('needs-help');
    expect(await drive.card(run)).toMatch(/stopped/);
    expect(drive.executions(run).at(-1)?.status).toBe('FAILED');
    await holds(drive, run, world);
    const refused = await drive.as('ana').command('restore orders-staging');
    expect(JSON.stringify(refused.ephemeral)).toContain(run);

    await drive.click('ben', run, 'release');
    await drive.settle();
    expect(drive.run(run)).toMatchObject({ status: 'failed', help: { released: { by: 'U0BEN00001' } } });
    expect((await drive.as('ana').command('restore orders-staging')).view).toBeDefined();
  });
});

describe('the hold', () => {
  test('ends by itself: the original is removed with a final snapshot, its automated backups kept', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.approved('orders-staging');
    await drive.until(run, 'succeeded');

    const record = await drive.ended(run, 4);

    expect(record.facts.removal?.doneAt).toBeDefined();
    expect(drive.snapshots().find((one) => one.id === `orders-staging-final-trapheus-${run}`)?.status).toBe(
      'available',
    );
    expect(drive.databases().some((one) => one.name.includes('-old-'))).toBe(false);
    await holds(drive, run, world);
  });

  test('can be kept longer up to its maximum, and ended at once', async () => {
    drive = await Drive.start(quick);
    const run = await drive.approved('orders-staging');
    const { hold } = await drive.until(run, isHolding);

    await drive.click('ana', run, 'keep-longer');
    await drive.settle();
    expect(drive.run(run).hold?.until).toBe((hold?.until ?? 0) + 3_600_000);
    const refused = await drive.click('ana', run, 'keep-longer');
    expect(JSON.stringify(refused.ephemeral)).toContain('as long as policy.yml allows');
    expect(JSON.stringify(refused.ephemeral)).toMatch(/until \d{4}-\d\d-\d\d \d\d:\d\d UTC/);

    await drive.click('ben', run, 'remove-now');
    const record = await drive.ended(run, 1);
    expect(record.hold?.released?.by).toBe('U0BEN00001');
  });

  test('of a day keeps history, records and memory flat', async () => {
    const { policyFile: _, ...shippedPolicy } = quick;
    drive = await Drive.start(shippedPolicy);
    const run = await drive.approved('orders-staging');
    await drive.until(run, isHolding);
    await drive.settle(3_600);
    const [versions, events] = [drive.run(run).version, drive.history.length];
    const early = drive.sandbox.machine.executions()[0]?.states.length;

    await drive.settle(20 * 3_600);

    expect(drive.run(run).version).toBe(versions);
    expect(drive.history.length).toBe(events);
    expect(drive.sandbox.machine.executions()[0]?.states.length).toBe(early);
    expect(drive.executions(run)).toEqual([{ name: run, status: 'RUNNING' }]);
  }, 240_000);
});

describe('a removal that fails never undoes a success', () => {
  test.each([
    ['is not allowed', { kind: 'access-denied', times: always }],
    ['meets a quota of snapshots', { kind: 'quota', times: always }],
  ] as const)('when it %s, the original is named and Retry removes it', async (_, fault) => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.approved('orders-staging');
    const copy = (await drive.until(run, isHolding)).facts.copy;
    drive.arm({ service: 'rds', operation: 'DeleteDBInstance', ...fault });

    await drive.click('ana', run, 'remove-now');
    const record = await drive.ended(run);

    expect(record).toMatchObject({ status: 'succeeded', leftovers: [{ name: `orders-staging-old-${run}` }] });
    expect(idOf('orders-staging')).toBe(copy?.resourceId);
    await holds(drive, run, world);

    drive.sandbox.faults.reset();
    await drive.click('ana', run, 'retry-removal');
    await drive.until(run, (one) => one.facts.removal?.doneAt !== undefined);
    await holds(drive, run, world);
  });

  test('when somebody took our tag off, it is not deleted', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.approved('orders-staging');
    await drive.until(run, isHolding);
    const aside = drive.databases().find((one) => one.name.includes('-old-'));
    const { RemoveTagsFromResourceCommand } = await import('@aws-sdk/client-rds');
    await drive.rds().send(new RemoveTagsFromResourceCommand({ ResourceName: aside?.arn, TagKeys: ['trapheus:run'] }));

    await drive.click('ana', run, 'remove-now');
    const record = await drive.ended(run);

    expect(record.leftovers[0]?.why).toContain('tag');
    expect(drive.databases().some((one) => one.resourceId === aside?.resourceId)).toBe(true);
    await holds(drive, run, world);
  });
});
