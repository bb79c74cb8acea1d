import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

let drive: Drive;
afterEach(() => drive.close());

test('RDS says available for 20 s after a change: nobody is told that it is done while it still works on the last one', async () => {
  drive = await Drive.start({ ...quick, knobs: { ...quick.knobs, staleSeconds: 20 } });
  const world = before(drive);
  const run = await drive.approved('orders-prod');
  await drive.click('chloe', run, 'approve');

  await drive.until(run, 'succeeded', 2);

  // What it says at this very moment may still be what was true before.
  await drive.settle(14);
  expect(drive.database('orders-prod')).toMatchObject({ status: 'available', deletionProtection: true });
  await holds(drive, run, world, { name: 'orders-prod' });
});
