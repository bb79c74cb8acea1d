import { brief } from '../faults/brief';
import { Drive } from '../stories/drive';

/** A whole run with everything that is recorded and asked for on its way. */
async function played(isFast: boolean) {
  const { front, tableEngine, ...slow } = brief();
  const drive = await Drive.start({ ...slow, ...(isFast && front && tableEngine && { front, tableEngine }) });
  const calls: string[] = [];
  drive.sandbox.onCall(({ service, operation, at, status }) => calls.push(`${at} ${service}.${operation} ${status}`));
  const run = await drive.approved('orders-staging');
  await drive.ended(run);
  await drive.settle();
  const card = await drive.card(run);
  await drive.close();
  return { card, calls, history: drive.history, databases: drive.databases() };
}

test('a run without sockets is the run with them: the same records, calls, card and databases', async () => {
  const over = await played(false);
  const without = await played(true);

  expect(without.history).toEqual(over.history);
  expect(without.card).toBe(over.card);
  expect(without.databases).toEqual(over.databases);
  // Calls side by side may pass each other on sockets.
  expect([...without.calls].sort()).toEqual([...over.calls].sort());
}, 120_000);
