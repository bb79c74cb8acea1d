import { DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { settingsOf } from './described';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

/** Where restored data goes: a clone for a while, another database's name. In place is told in restore.test.ts. */
let drive: Drive;
beforeEach(async () => {
  drive = await Drive.start(quick);
});
afterEach(() => drive.close());

const described = async (name: string) => {
  const { DBInstances } = await drive.rds().send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
  if (!DBInstances?.[0]) throw new Error(`${name} is not there`);
  return DBInstances[0];
};
const cloned = (more = {}) => drive.approved('orders-staging', { target: 'new', name: 'orders-try', ...more });
const names = () => drive.databases().map(({ name }) => name);
const others = () => drive.databases().filter(({ name }) => !name.startsWith('orders-try'));

describe('a clone', () => {
  test('has the data and every setting of its source, which nobody touches', async () => {
    const world = others();
    const run = await cloned();
    expect(await drive.card(run)).toContain('Nobody has an outage');
    const record = await drive.until(run, 'succeeded');

    const clone = await described('orders-try');
    expect(clone.DbiResourceId).toBe(record.facts.copy?.resourceId);
    expect(settingsOf(clone)).toEqual(settingsOf(await described('orders-staging')));
    expect(drive.database('orders-try')?.restoredFrom).toContain(':snapshot:orders-staging-snapshot');
    expect(drive.database('orders-try')?.tags).toMatchObject({ 'trapheus:run': run });
    expect(others()).toEqual(world);
    expect(record.facts.outageSeconds).toBeUndefined();

    const card = await drive.card(run);
    expect(card).toContain('Cloned: orders-staging → orders-try');
    expect(card).toContain('The clone `orders-try` lives until');
    expect(drive.buttons(run)).toEqual(['keep-longer', 'remove-now']);
    expect((await drive.thread(run)).at(-1)).toMatch(/`orders-try` answers, a clone of `orders-staging`/);
    // Its own name finds it, and so does its source's.
    for (const name of ['orders-try', 'orders-staging']) {
      const { ephemeral } = await drive.as('ana').command(`status ${name}`);
      expect(JSON.stringify(ephemeral)).toContain(run);
    }
  });

  test('is warned of, and goes when its time is over, under a name of the run’s own', async () => {
    const world = others();
    const run = await cloned({ hours: 2 });
    const { finishedAt = 0 } = await drive.until(run, 'succeeded');
    await drive.until(run, (one) => one.hold?.warned !== undefined);
    expect(drive.sandbox.clock.now() - finishedAt).toBeLessThan(2 * 3_600_000);
    expect((await drive.thread(run)).at(-1)).toMatch(/the clone `orders-try` is removed .*Keep longer/);

    const record = await drive.ended(run, 4);

    expect(record.status).toBe('succeeded');
    expect(names().filter((name) => name.startsWith('orders-try'))).toEqual([]);
    expect(others()).toEqual(world);
    const final = drive.snapshots().find(({ id }) => id === `orders-try-final-trapheus-${run}`);
    expect(final).toMatchObject({ status: 'available', resourceId: record.facts.copy?.resourceId });
    expect(await drive.card(run)).toContain('The clone was removed');
    expect(record.leftovers.filter(({ what }) => what === 'database')).toEqual([]);
    expect(record.leftovers.map(({ why }) => why)).toEqual(['the last state of the clone, with every write to it']);
    expect(drive.executions(run)).toEqual([{ name: run, status: 'SUCCEEDED' }]);
  });

  test('is kept longer, up to the maximum, or removed at once, by those who may', async () => {
    const run = await cloned({ hours: 2 });
    const { hold } = await drive.until(run, (one) => one.at?.step === 'hold' && one.finishedAt !== undefined);
    await drive.click('ana', run, 'keep-longer');
    await drive.settle();
    expect(drive.run(run).hold?.until).toBe((hold?.until ?? 0) + 2 * 3_600_000);

    await drive.click('ana', run, 'remove-now');
    const record = await drive.ended(run, 2);

    expect(record.status).toBe('succeeded');
    expect(drive.database('orders-try')).toBeUndefined();
  });

  test('that is cancelled on the way leaves nothing behind', async () => {
    const world = drive.databases();
    const run = await cloned();
    await drive.until(run, (one) => one.facts.named !== undefined);

    await drive.click('ana', run, 'cancel');
    const record = await drive.ended(run);

    expect(record.status).toBe('cancelled');
    expect(drive.databases()).toEqual(world);
  });

  test('that somebody else has made his own is not removed, and named', async () => {
    const run = await cloned({ hours: 1 });
    const { facts } = await drive.until(run, 'succeeded');
    const instance = drive.sandbox.rds.world.instance('orders-try');
    instance.view.TagList = [];
    drive.sandbox.rds.world.touch(instance);

    const record = await drive.ended(run, 3);

    expect(drive.database('orders-try')?.resourceId).toBe(facts.copy?.resourceId);
    expect(record).toMatchObject({ status: 'succeeded', leftovers: [{ name: 'orders-try' }] });
    expect(await drive.card(run)).toContain('Cloned, with leftovers');
  });

  test.each([
    ['a name that is taken', { name: 'billing-prod' }, /taken|rule/],
    ['a name that RDS does not take', { name: 'Orders_Try' }, /not a name/],
    ['a life longer than policy.yml allows', { name: 'orders-try', hours: 2000 }, /at most/],
  ])('%s is told in the form, and nothing is made', async (_, given, says) => {
    const world = drive.databases();
    const ana = drive.as('ana');
    await ana.command('restore orders-staging');

    const answer = await ana.tryRestore({ target: 'new', reason: 'x', ...given });

    expect(JSON.stringify(answer.errors)).toMatch(says);
    expect(drive.databases()).toEqual(world);
    expect(drive.sandbox.runs.size).toBe(0);
  });

  test('by its own verb, and never from the text alone', async () => {
    const ana = drive.as('ana');
    await ana.command('clone orders-staging orders-try --for 2h --reason "load test"');
    expect(drive.sandbox.runs.size).toBe(0);

    const run = await ana.fillRestore({ reason: 'load test' });
    const { request } = await drive.until(run, 'waiting');

    expect(request.target).toEqual({ kind: 'new', name: 'orders-try', keepMs: 2 * 3_600_000 });
  });
});

describe('onto another database’s name', () => {
  test('data of one, settings of the other, which comes back by Undo', async () => {
    const world = before(drive);
    const staging = await described('orders-staging');
    const prod = await described('orders-prod');
    const ana = drive.as('ana');
    await ana.command('restore orders-prod --onto orders-staging');
    const review = await ana.review({ reason: 'have a look' });
    // Staging is replaced, with the data of production.
    expect(JSON.stringify(review.view)).toContain('This replaces `orders-staging`');
    expect(JSON.stringify(review.view)).not.toContain('replaces production');
    await ana.command('restore orders-prod --onto orders-staging');
    const run = await ana.fillRestore({ reason: 'refresh' });
    const waiting = await drive.until(run, 'waiting', 1);
    expect(waiting.plan?.rule).toMatchObject({ name: 'production and staging', approvals: 2 });
    await drive.click('ben', run, 'approve');
    await drive.click('chloe', run, 'approve');
    const record = await drive.until(run, 'succeeded');

    const now = await described('orders-staging');
    expect(record.facts.report?.filter(({ verdict }) => verdict === 'different')).toEqual([]);
    expect(drive.database('orders-staging')?.restoredFrom).toContain('orders-prod');
    expect(now.DBInstanceClass).toBe(staging.DBInstanceClass);
    expect(now.DBParameterGroups?.[0]?.DBParameterGroupName).toBe(staging.DBParameterGroups?.[0]?.DBParameterGroupName);
    expect(now.TagList).toEqual(staging.TagList);
    expect((await described('orders-prod')).DbiResourceId).toBe(prod.DbiResourceId);
    expect(await drive.card(run)).toContain('orders-prod → orders-staging');

    await drive.click('ben', run, 'undo');
    const undone = await drive.ended(run);
    expect(undone.status).toBe('undone');
    expect((await described('orders-staging')).DbiResourceId).toBe(staging.DbiResourceId);
    await holds(drive, run, world);
  });

  test.each([
    ['another engine', 'analytics-staging', /snapshot|mariadb/i],
    ['itself', 'orders-prod', /both the source and the target/],
    ['nobody’s name', 'orders-stagin', /rule|no database/i],
  ])('%s is refused, and nothing is touched', async (_, onto, says) => {
    const world = drive.databases();
    const ana = drive.as('ana');
    await ana.command('restore orders-prod');

    const answer = await ana.tryRestore({ target: 'onto', name: onto, reason: 'x' });

    expect(JSON.stringify(answer.errors)).toMatch(says);
    expect(drive.databases()).toEqual(world);
  });
});
