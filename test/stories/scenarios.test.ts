import { scenarios } from '../../infra/local/api/scenarios';
import type { Run } from '../../orchestrator/run';
import { Drive } from './drive';
import { quick } from './quick';

let drive: Drive;
beforeEach(async () => {
  drive = await Drive.start(quick);
});
afterEach(() => drive.close());

/** How the run ends, what its card says, and whether the database is the one that it was. */
const outcomes: Record<string, { status: string; says: string; isOriginal: boolean }> = {
  'rds-throttled': { status: 'succeeded', says: 'Restored', isOriginal: false },
  'restore-fails': { status: 'failed', says: 'ended as incompatible-restore', isOriginal: true },
  'settings-refused': { status: 'failed', says: 'Trapheus is not allowed to do this', isOriginal: true },
  'first-rename-refused': { status: 'failed', says: 'Trapheus is not allowed to do this', isOriginal: true },
  'second-rename-refused': { status: 'failed', says: 'the original took it back', isOriginal: true },
  'slack-down': { status: 'succeeded', says: 'Restored', isOriginal: false },
  'worker-crash': { status: 'succeeded', says: 'Restored', isOriginal: false },
  'ticks-lost': { status: 'succeeded', says: 'Restored', isOriginal: false },
  'watcher-dead': { status: 'succeeded', says: 'Restored', isOriginal: false },
};

test.each(scenarios().map((scenario) => [scenario.title, scenario] as const))('%s', async (_, { id, faults }) => {
  const before = drive.database('orders-staging')?.resourceId;
  const run = await drive.approved('orders-staging');
  await drive.until(run, 'running', 1);

  drive.arm(...faults);
  const hasEnded = ({ closedAt, finishedAt, status }: Run) =>
    closedAt !== undefined || finishedAt !== undefined || status === 'needs-help';
  const { status } = await drive.until(run, hasEnded, 10);
  drive.sandbox.faults.reset();
  await drive.settle(120);

  const now = drive.database('orders-staging')?.resourceId;
  const card = await drive.card(run);
  const expected = outcomes[id];
  if (expected === undefined) throw new Error(`no outcome is written down for scenario ${id}`);
  const { says, ...outcome } = expected;
  expect({ status, isOriginal: now === before }).toEqual(outcome);
  expect(card).toContain(says);
  const copies = drive.databases().filter(({ restoredFrom }) => restoredFrom?.includes('orders-staging'));
  expect(copies).toHaveLength(outcome.status === 'succeeded' ? 1 : 0);
});
