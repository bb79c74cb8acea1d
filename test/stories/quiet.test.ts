import { Drive } from './drive';
import { quick } from './quick';

/** A look that can find nothing new takes no lease and writes nothing; whoever has news for it is still heard at once. */
let drive: Drive;
afterEach(() => drive.close());

async function restoring(): Promise<string> {
  drive = await Drive.start({ ...quick, knobs: { ...quick.knobs, restoreSeconds: 600 }, rdsEvents: false });
  const run = await drive.approved('orders-staging');
  await drive.until(run, ({ at, facts }) => at?.step === 'restore-copy' && facts.copy !== undefined);
  await drive.sandbox.clock.advance(20_000);
  return run;
}

/** What was written to the run and its wait, from now on. */
function writesTo(run: string): string[] {
  const writes: string[] = [];
  drive.sandbox.onCall(({ service, operation, body }) => {
    const isWrite = service === 'dynamodb' && /^(Put|Update|Delete)/.test(operation);
    if (isWrite && /"(run|wait)#/.test(body) && body.includes(run)) writes.push(body);
  });
  return writes;
}

function describes(): { count: number } {
  const seen = { count: 0 };
  drive.sandbox.onCall(({ service, operation }) => {
    if (service === 'rds' && operation === 'DescribeDBInstances') seen.count += 1;
  });
  return seen;
}

test('a restore that goes on is looked at every eight seconds, and written about once a minute', async () => {
  const run = await restoring();
  const writes = writesTo(run);
  const looked = describes();

  await drive.sandbox.clock.advance(120_000);

  expect(looked.count).toBeGreaterThanOrEqual(12);
  // Two looks in earnest, each a lease and its end, and a heartbeat or two.
  expect(writes.length).toBeLessThanOrEqual(8);
});

test('a restore that is done is noticed within a few seconds, though nobody was told', async () => {
  const run = await restoring();
  const copy = () => drive.databases().find(({ name }) => name.includes(`-trapheus-${run}`));
  await drive.sandbox.clock.runUntil(() => copy()?.status !== 'creating', 700_000);
  const since = drive.sandbox.clock.now();

  const record = await drive.until(run, ({ steps }) => steps['restore-copy']?.doneAt !== undefined);

  expect((record.steps['restore-copy']?.doneAt ?? 0) - since).toBeLessThanOrEqual(9_000);
});

test('a person who cancels does not wait for the rest to end', async () => {
  const run = await restoring();
  const since = drive.sandbox.clock.now();

  await drive.click('ana', run, 'cancel');
  await drive.until(run, ({ steps }) => steps['restore-copy']?.undoStartedAt !== undefined);

  expect(drive.sandbox.clock.now() - since).toBeLessThanOrEqual(10_000);
});

describe('while the original is removed, for which nobody waits,', () => {
  async function removing(rdsEvents: boolean): Promise<string> {
    drive = await Drive.start({ ...quick, knobs: { ...quick.knobs, deleteSeconds: 280 }, rdsEvents });
    const run = await drive.approved('orders-staging');
    await drive.until(run, ({ at }) => at?.step === 'hold');
    await drive.click('ana', run, 'remove-now');
    await drive.until(run, ({ facts }) => facts.removal !== undefined);
    // What was sent before, for the rest of its minute, is used up.
    await drive.sandbox.clock.advance(60_000);
    return run;
  }

  test('no messages are sent, and the schedule finds out', async () => {
    const run = await removing(false);
    let sent = 0;
    drive.sandbox.onCall(({ service }) => {
      if (service === 'sqs') sent += 1;
    });
    const looked = describes();

    await drive.sandbox.clock.advance(120_000);
    expect({ sent, looked: looked.count }).toEqual({ sent: 0, looked: 2 });

    await drive.sandbox.clock.runUntil(() => !drive.databases().some(({ name }) => name.includes('-old-')), 300_000);
    const since = drive.sandbox.clock.now();
    await drive.ended(run);
    expect(drive.sandbox.clock.now() - since).toBeLessThanOrEqual(61_000);
  });

  test('what RDS says by itself is heard at once', async () => {
    const run = await removing(true);
    await drive.sandbox.clock.runUntil(() => !drive.databases().some(({ name }) => name.includes('-old-')), 300_000);
    const since = drive.sandbox.clock.now();

    await drive.ended(run);

    expect(drive.sandbox.clock.now() - since).toBeLessThanOrEqual(30_000);
  });
});
