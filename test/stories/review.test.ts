import { RdsDatabases } from '../../orchestrator/aws/databases';
import type { Run } from '../../orchestrator/run';
import { Drive } from './drive';
import { quick } from './quick';

let drive: Drive;
afterEach(() => drive.close());
const always = 1_000_000;
const isHolding = (run: Run) => run.at?.step === 'hold';
const secondRename = (run: string) => `-trapheus-${run}&ApplyImmediately=true&NewDBInstanceIdentifier=`;

test('R1 undo accepted while remove looks: the original is not deleted', async () => {
  drive = await Drive.start(quick);
  const original = drive.database('orders-staging')?.resourceId;
  const run = await drive.approved('orders-staging');
  await drive.until(run, isHolding);
  await drive.settle();
  const real = RdsDatabases.prototype.byResourceId;
  let answer: unknown;
  RdsDatabases.prototype.byResourceId = async function (this: RdsDatabases, id: string) {
    const found = await real.call(this, id);
    if (drive.run(run).at?.step === 'remove' && answer === undefined && id === original) {
      answer = 'pressed';
      answer = await drive.as('ana').press(drive.root(run), 'undo');
    }
    return found;
  };
  try {
    await drive.ended(run, 60);
  } finally {
    RdsDatabases.prototype.byResourceId = real;
  }
  console.log(
    JSON.stringify(answer).slice(0, 300),
    drive.run(run).status,
    drive.run(run).stop,
    drive.run(run).help,
    drive.run(run).facts.removal,
  );
  expect(drive.run(run).stop?.kind).toBe('undone');
  expect(drive.databases().some((one) => one.resourceId === original)).toBe(true);
});

test('R2 a copy that answered is deleted only with a final snapshot, although the rename was never recorded', async () => {
  drive = await Drive.start(quick);
  const run = await drive.approved('orders-staging');
  drive.arm({
    service: 'rds',
    operation: 'ModifyDBInstance',
    match: secondRename(run),
    kind: 'lost-answer',
    times: always,
  });
  await drive.until(run, (one) => one.facts.swap?.nameFreeAt !== undefined);
  // every later tick is lost, so that nobody looks until the copy answers
  drive.arm({ service: 'sqs', operation: 'deliver', kind: 'drop', times: always });
  let answered = false;
  const copy = drive.run(run).facts.copy?.resourceId;
  await drive.sandbox.clock.runUntil(
    () =>
      drive.database('orders-staging')?.resourceId === copy && drive.database('orders-staging')?.status === 'available',
    600_000,
  );
  answered = drive.database('orders-staging')?.resourceId === copy;
  console.log('copy answers under the name:', answered, 'takenAt', drive.run(run).facts.swap?.takenAt);
  await drive.click('ana', run, 'cancel');
  drive.sandbox.faults.reset();
  const record = await drive.ended(run);
  console.log(record.status, record.facts.swap, record.facts.copySnapshot);
  expect(answered).toBe(true);
  expect(drive.snapshots().some((one) => one.id === `orders-staging-copy-trapheus-${run}`)).toBe(true);
});

test('R3 the copy fails after it took the name: the original comes back soon', async () => {
  drive = await Drive.start(quick);
  const original = drive.database('orders-staging')?.resourceId;
  const run = await drive.approved('orders-staging');
  await drive.until(run, (one) => one.facts.swap?.takenAt !== undefined);
  const copy = drive.run(run).facts.copy?.resourceId;
  await drive.sandbox.clock.runUntil(
    () =>
      drive
        .databases()
        .some((one) => one.resourceId === copy && one.name === 'orders-staging' && one.status === 'rebooting'),
    600_000,
  );
  drive.sandbox.rds.setStatus('orders-staging', 'incompatible-parameters');
  await drive.settle(3 * 3600);
  console.log(drive.run(run).status, drive.run(run).at, drive.run(run).steps.swap);
  expect(drive.run(run).stop).toBeDefined();
  expect(original).toBeDefined();
});

test('R4 the slack function dies between the Undo and its look', async () => {
  drive = await Drive.start({ ...quick, policyFile: undefined as never });
  const run = await drive.requested('orders-prod');
  await drive.click('ben', run, 'approve');
  await drive.click('chloe', run, 'approve').catch(() => undefined);
  await drive.until(run, isHolding, 30);
  await drive.settle(60);
  drive.arm({
    service: 'dynamodb',
    operation: 'UpdateItem',
    match: 'SET nextLookAt = :at, due = :open',
    kind: 'crash-before',
  });
  await drive.click('ben', run, 'undo').catch((error: unknown) => console.log(String(error)));
  await drive.settle(10 * 3600);
  console.log(drive.run(run).status, drive.run(run).stop, drive.run(run).at, drive.sandbox.faults.list());
  expect(drive.run(run).status).toBe('undone');
});

test('R5 the answer to the Undo’s write is lost', async () => {
  drive = await Drive.start(quick);
  const run = await drive.approved('orders-staging');
  await drive.until(run, isHolding);
  await drive.settle(60);
  drive.arm({ service: 'dynamodb', operation: 'UpdateItem', match: '"undone"', kind: 'lost-answer' });
  const answer = await drive.click('ana', run, 'undo');
  await drive.settle(20 * 60);
  console.log(
    JSON.stringify(answer.ephemeral).slice(0, 400),
    drive.run(run).status,
    drive.run(run).at,
    drive.sandbox.faults.list(),
  );
  expect(drive.run(run).status).toBe('undone');
});

test('R6 retry of a removal dies after its write: it goes on all the same', async () => {
  drive = await Drive.start(quick);
  const run = await drive.approved('orders-staging');
  await drive.until(run, isHolding);
  drive.arm({ service: 'rds', operation: 'DeleteDBInstance', kind: 'access-denied', times: always });
  await drive.click('ana', run, 'remove-now');
  await drive.ended(run);
  await drive.settle(200);
  drive.sandbox.faults.reset();
  drive.arm({
    service: 'dynamodb',
    operation: 'UpdateItem',
    match: 'SET nextLookAt = :at, due = :open',
    kind: 'crash-before',
  });
  await drive.click('ana', run, 'retry-removal').catch((error: unknown) => console.log(String(error)));
  await drive.settle(6 * 3600);
  console.log(
    drive.run(run).status,
    drive.run(run).closedAt,
    drive.executions(run),
    drive.buttons(run),
    drive.sandbox.faults.list(),
  );
  expect(drive.run(run).facts.removal?.doneAt).toBeDefined();
});

test.each(['crash-after', 'lost-answer'] as const)('R7 a request’s first write: %s', async (kind) => {
  drive = await Drive.start(quick);
  drive.arm({ service: 'dynamodb', operation: 'PutItem', match: '"draft"', kind });
  const ana = drive.as('ana');
  await ana.command('restore orders-staging');
  const answer = await ana.tryRestore({ reason: 'because' }).catch((error: unknown) => String(error));
  await drive.settle(3600);
  console.log(
    JSON.stringify(answer).slice(0, 500),
    [...drive.sandbox.runs.values()].map((one) => one.status),
    drive.messages().length,
    drive.sandbox.faults.list(),
  );
  const { ephemeral } = await ana.command('status');
  console.log(JSON.stringify(ephemeral).slice(0, 600));
  expect(drive.sandbox.machine.executions()).toHaveLength(1);
});

test('R8 the slack function dies after Undo took the lock', async () => {
  drive = await Drive.start(quick);
  const run = await drive.approved('orders-staging');
  await drive.until(run, isHolding);
  await drive.settle(60);
  drive.arm({ service: 'dynamodb', operation: 'PutItem', match: 'lock#orders-staging', kind: 'crash-after' });
  await drive.click('ana', run, 'undo').catch((error: unknown) => console.log(String(error)));
  await drive.settle(20 * 60);
  console.log(drive.run(run).status, drive.run(run).stop, drive.sandbox.faults.list());
  const ana = drive.as('ana');
  await ana.command('restore orders-staging');
  const answer = await ana.tryRestore({ reason: 'again' });
  console.log(JSON.stringify(answer.errors ?? answer.error ?? answer.notice));
  expect(answer.errors).toBeUndefined();
});
