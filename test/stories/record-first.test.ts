import { pipeline } from '../../orchestrator/pipeline';
import { itemOf, recordOf } from '../faults/items';
import { Drive, type Wanted } from './drive';
import { quick } from './quick';

/**
 * What may have to be taken back is on the record before RDS is asked for it: a function that dies right after the act
 * leaves a run that knows what it began.
 */
let drive: Drive;
afterEach(() => drive.close());

type Steps = Record<string, { undoStartedAt?: number } | undefined>;

/** For every step that acted and can be taken back: whether the record said at each of its acts that it had begun. */
async function actsOf(database: string, wanted: Wanted = {}): Promise<Record<string, boolean>> {
  drive = await Drive.start(quick);
  const told: Record<string, boolean> = {};
  let run = '';
  drive.sandbox.onCall(({ service, operation }) => {
    if (service !== 'rds' || operation.startsWith('Describe')) return;
    const { step, phase } = itemOf(drive, `wait#${run}`);
    const stage = pipeline.find(({ id }) => id === step);
    if (stage?.kind !== 'step' || stage.undo === undefined) return;
    const { [stage.id]: begun } = (recordOf(drive, run).steps ?? {}) as Steps;
    const isTold = phase === 'undo' ? begun?.undoStartedAt !== undefined : begun !== undefined;
    const act = `${String(phase)} ${stage.id}`;
    told[act] = isTold && told[act] !== false;
  });
  run = await drive.requested(database, wanted);
  await drive.click('ben', run, 'approve');
  await drive.until(run, ({ at }) => at?.step === 'hold');
  if (wanted.target === undefined) {
    await drive.click('ana', run, 'undo');
    await drive.ended(run);
  }
  return told;
}

test.each([
  ['an instance', 'orders-staging'],
  ['a cluster', 'tickets-staging'],
])('of %s', async (_, database) => {
  expect(await actsOf(database)).toEqual({
    'do snapshot': true,
    'do restore-copy': true,
    'do swap': true,
    'undo swap': true,
    'undo restore-copy': true,
  });
});

test('of a clone', async () => {
  expect(await actsOf('orders-staging', { target: 'new', name: 'orders-try' })).toEqual({
    'do restore-copy': true,
    'do give-name': true,
  });
});
