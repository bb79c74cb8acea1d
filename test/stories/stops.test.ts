import { pipeline } from '../../orchestrator/pipeline';
import type { Run } from '../../orchestrator/run';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

let drive: Drive;

const isAt = (step: string) => (run: Run) =>
  run.at?.step === step && run.at.phase === 'do' && run.steps[step]?.doneAt === undefined;
const working = pipeline.map((stage) => stage.id);
/** Short steps are over in one look: there is no moment in which somebody could come between. */
const beforeFinish = ['snapshot', 'restore-copy', 'match-settings', 'verify', 'swap', 'finish'];

test('every stage that waits is stopped somewhere below', () => {
  const once = ['plan', 'capture'];
  // Of other wishes: a clone's is stopped below, deleting old snapshots has nothing to take back, and what is set aside
  // first is told in keep-writes.test.ts, a copied snapshot in
  // shared-snapshots.test.ts. The second look is a gate of its own.
  const others = ['give-name', 'prune-snapshots', 'set-aside', 'go-ahead', 'copy-snapshot', 'start-time'];

  const inPlace = working.filter((id) => !once.includes(id) && !others.includes(id));
  expect(inPlace).toEqual(['approval', ...beforeFinish, 'hold', 'remove']);
});

describe('a person cancels', () => {
  afterEach(() => drive.close());

  test('while the request waits for approval: nothing was touched', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.requested('orders-staging');

    await drive.click('ana', run, 'cancel');
    const record = await drive.ended(run);

    expect(record.status).toBe('cancelled');
    expect(drive.databases()).toEqual(world.databases);
    await holds(drive, run, world);
  });

  test.each(beforeFinish)('at %s: everything is taken back', async (step) => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.approved('orders-staging');
    await drive.until(run, isAt(step));
    await drive.settle(step === 'finish' ? 2 : 9);

    const { error } = await drive.click('ana', run, 'cancel');
    const record = await drive.ended(run);

    expect(error).toBeUndefined();
    expect(record.status).toBe('cancelled');
    await holds(drive, run, world);
  });
});

describe('somebody stops the execution in the console', () => {
  afterEach(() => drive.close());

  test.each(['approval', ...beforeFinish])('at %s: a recovery takes everything back', async (step) => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.requested('orders-staging');
    if (step !== 'approval') {
      await drive.click('ben', run, 'approve');
      await drive.until(run, isAt(step));
      await drive.settle(step === 'finish' ? 2 : 9);
    }

    await drive.stopExecution(run);
    const record = await drive.ended(run);

    expect(record).toMatchObject({ status: 'failed', stop: { problem: { code: 'ended-outside' } } });
    expect(drive.executions(run).map((one) => one.name)).toEqual([run, `${run}-r1`]);
    expect(await drive.card(run)).toContain('ended from outside');
    await holds(drive, run, world);
  });

  test('as a clone gets its name: a recovery removes it, and nobody else is touched', async () => {
    drive = await Drive.start(quick);
    const world = drive.databases();
    const run = await drive.approved('orders-staging', { target: 'new', name: 'orders-try' });
    await drive.until(run, isAt('give-name'));
    await drive.until(run, (one) => one.facts.named !== undefined);

    await drive.stopExecution(run);
    const record = await drive.ended(run);

    expect(record).toMatchObject({ status: 'failed', stop: { problem: { code: 'ended-outside' } } });
    expect(drive.executions(run).map((one) => one.name)).toEqual([run, `${run}-r1`]);
    expect(drive.databases()).toEqual(world);
  });

  test('at hold: the success stays, the original is kept and named, and Retry removes it', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.approved('orders-staging');
    await drive.until(run, isAt('hold'));

    await drive.stopExecution(run);
    const stopped = await drive.ended(run);

    expect(stopped).toMatchObject({ status: 'succeeded', leftovers: [{ name: `orders-staging-old-${run}` }] });
    expect(await drive.card(run)).toContain(`orders-staging-old-${run}`);
    await holds(drive, run, world, { wasStopped: true });

    await drive.click('ben', run, 'retry-removal');
    await drive.until(run, (one) => one.closedAt !== undefined && one.recoveries === 1);
    expect(drive.databases().some((one) => one.name.includes('-old-'))).toBe(false);
    await holds(drive, run, world);
  });

  test('at hold: Undo is still possible', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.approved('orders-staging');
    await drive.until(run, isAt('hold'));
    await drive.stopExecution(run);
    await drive.ended(run);

    const { error } = await drive.click('ana', run, 'undo');
    const record = await drive.until(run, (one) => one.closedAt !== undefined && one.recoveries === 1);

    expect(error).toBeUndefined();
    expect(record.status).toBe('undone');
    await holds(drive, run, world);
  });

  test('at remove, when its event is lost as well: the watcher finds out', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.approved('orders-staging');
    await drive.until(run, isAt('remove'), 8);
    drive.arm({ service: 'lambda', operation: 'trapheus-ended', kind: 'crash-before', times: 9 });

    await drive.stopExecution(run);
    const record = await drive.ended(run);

    expect(record.status).toBe('succeeded');
    await holds(drive, run, world, { wasStopped: true });
  });

  test('again and again: each recovery goes on where the last one was', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.approved('orders-staging');
    await drive.until(run, isAt('swap'));
    await drive.until(run, (one) => one.facts.swap?.startedAt !== undefined);

    for (const name of [run, `${run}-r1`, `${run}-r2`]) {
      await drive.stopExecution(name);
      await drive.settle(25);
    }
    const record = await drive.ended(run);

    expect(record.status).toBe('failed');
    expect(drive.executions(run)).toHaveLength(4);
    await holds(drive, run, world);
  });
});
