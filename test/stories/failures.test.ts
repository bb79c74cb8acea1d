import type { Fault } from '../../infra/local/faults';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

let drive: Drive;
afterEach(() => drive.close());

/** The copy's rename to the name, and nothing else that is asked of the copy. */
const secondRename = (run: string) => ({ match: `-trapheus-${run}`, alsoMatch: 'NewDBInstanceIdentifier' });
const always = 1_000_000;

/** A story whose fault was never met proves nothing. */
function armed(run: string, faults: Fault[]): () => void {
  const own = faults.map((fault) => (fault.match === 'the second rename' ? { ...fault, ...secondRename(run) } : fault));
  drive.arm(...own);
  return () => {
    const left = drive.sandbox.faults.list();
    for (const fault of own) {
      const same = left.find(
        (one) => one.kind === fault.kind && one.operation === fault.operation && one.match === fault.match,
      );
      expect({ met: (same?.times ?? 0) < (fault.times ?? 1), fault }).toMatchObject({ met: true });
    }
  };
}

describe('a failure before the swap leaves the original as it was', () => {
  const stories: [string, Fault[], RegExp][] = [
    [
      'the restore ends as incompatible-restore',
      [
        {
          service: 'rds',
          operation: 'RestoreDBInstanceFromDBSnapshot',
          kind: 'ends-in',
          status: 'incompatible-restore',
        },
      ],
      /incompatible-restore/,
    ],
    [
      'RDS refuses the restore for lack of quota',
      [{ service: 'rds', operation: 'RestoreDBInstanceFromDBSnapshot', kind: 'quota' }],
      /limit/i,
    ],
    [
      'the role may not restore',
      [{ service: 'rds', operation: 'RestoreDBInstanceFromDBSnapshot', kind: 'access-denied' }],
      /not allowed/,
    ],
    [
      'the safety snapshot fails',
      [{ service: 'rds', operation: 'CreateDBSnapshot', kind: 'ends-in', status: 'failed' }],
      /ended as failed/,
    ],
    [
      'a setting is refused',
      [{ service: 'rds', operation: 'ModifyDBInstance', kind: 'access-denied', times: 1 }],
      /not allowed/,
    ],
    [
      'the first rename is not allowed',
      [{ service: 'rds', operation: 'ModifyDBInstance', match: '-old-', kind: 'access-denied', times: always }],
      /not allowed/,
    ],
  ];

  test.each(stories)('%s', async (_, faults, says) => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.requested('orders-staging');
    const met = armed(run, faults);
    await drive.click('ben', run, 'approve');
    const record = await drive.ended(run);

    met();
    expect(record.status).toBe('failed');
    expect(await drive.card(run)).toMatch(says);
    expect(drive.database('orders-staging')?.resourceId).toBe(
      world.databases.find((one) => one.name === 'orders-staging')?.resourceId,
    );
    expect(drive.databases().some((one) => one.name.includes('-trapheus-'))).toBe(false);
    await holds(drive, run, world);
  });
});

describe('trouble that passes is waited out', () => {
  const stories: [string, Fault[]][] = [
    ['RDS throttles thirty calls', [{ service: 'rds', kind: 'throttle', times: 30 }]],
    ['RDS fails thirty calls', [{ service: 'rds', kind: '5xx', times: 30, skip: 6 }]],
    [
      'the copy is busy when a setting is due',
      [{ service: 'rds', operation: 'ModifyDBInstance', kind: 'wrong-state', times: 4 }],
    ],
    [
      'the first rename is refused for a while',
      [{ service: 'rds', operation: 'ModifyDBInstance', match: '-old-', kind: 'wrong-state', times: 5 }],
    ],
    [
      'the second rename is refused for a while',
      [
        {
          service: 'rds',
          operation: 'ModifyDBInstance',
          match: 'the second rename',
          kind: 'wrong-state',
          times: 30,
        },
      ],
    ],
    [
      'every answer of ten writes is lost',
      [{ service: 'rds', operation: 'ModifyDBInstance', kind: 'lost-answer', times: 10 }],
    ],
    [
      'the restore’s answer is lost',
      [{ service: 'rds', operation: 'RestoreDBInstanceFromDBSnapshot', kind: 'lost-answer' }],
    ],
    ['the table throttles', [{ service: 'dynamodb', kind: 'throttle', times: 12, skip: 40 }]],
    ['the queue refuses ticks', [{ service: 'sqs', operation: 'SendMessageBatch', kind: '5xx', times: 20, skip: 2 }]],
    [
      'the answer to a token is lost',
      [{ service: 'states', operation: 'SendTaskSuccess', kind: 'lost-answer', times: 9 }],
    ],
  ];

  test.each(stories)('%s', async (_, faults) => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.requested('orders-staging');
    const met = armed(run, faults);
    await drive.click('ben', run, 'approve');

    await drive.until(run, 'succeeded', 12);

    met();

    await holds(drive, run, world);
  });
});

describe('a function dies', () => {
  const calls: [string, Fault][] = [
    ['the snapshot', { service: 'rds', operation: 'CreateDBSnapshot', kind: 'crash-after' }],
    ['the restore', { service: 'rds', operation: 'RestoreDBInstanceFromDBSnapshot', kind: 'crash-after' }],
    ['a setting', { service: 'rds', operation: 'ModifyDBInstance', kind: 'crash-after' }],
    ['the first rename', { service: 'rds', operation: 'ModifyDBInstance', match: '-old-', kind: 'crash-after' }],
    [
      'the second rename',
      { service: 'rds', operation: 'ModifyDBInstance', match: 'the second rename', kind: 'crash-after' },
    ],
    ['the token’s answer', { service: 'states', operation: 'SendTaskSuccess', kind: 'crash-after', skip: 4 }],
    [
      'storing a token',
      { service: 'dynamodb', operation: 'UpdateItem', match: 'beatenAt = :now', kind: 'crash-after', skip: 3 },
    ],
  ];

  test.each(calls)('between %s and its record', async (_, fault) => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.requested('orders-staging');
    const met = armed(run, [fault]);
    await drive.click('ben', run, 'approve');

    await drive.until(run, 'succeeded', 12);

    met();

    await holds(drive, run, world);
  });

  test.each(calls)('just before %s', async (_, fault) => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.requested('orders-staging');
    const met = armed(run, [{ ...fault, kind: 'crash-before' }]);
    await drive.click('ben', run, 'approve');

    await drive.until(run, 'succeeded', 12);

    met();

    await holds(drive, run, world);
  });

  test('the watcher for good: heartbeats run out, and the state machine itself calls the worker', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.requested('orders-staging');
    drive.arm({ service: 'lambda', operation: 'trapheus-watcher', kind: 'crash-before', times: always });
    await drive.click('ben', run, 'approve');

    const record = await drive.until(run, 'succeeded', 12);

    expect(record.facts.outageSeconds).toBeLessThan(15 * 60);
    drive.sandbox.faults.reset();
    await holds(drive, run, world);
  });

  test('every tick is lost for ten minutes', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.requested('orders-staging');
    drive.arm({ service: 'sqs', operation: 'deliver', kind: 'drop', times: always });
    await drive.click('ben', run, 'approve');
    await drive.settle(600);
    drive.sandbox.faults.reset();

    await drive.until(run, 'succeeded', 12);

    await holds(drive, run, world);
  });
});

describe('the second rename is refused for good', () => {
  test('after five minutes the original takes its name back, and the card says so', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.requested('orders-staging');
    const met = armed(run, [
      { service: 'rds', operation: 'ModifyDBInstance', match: 'the second rename', kind: 'wrong-state', times: always },
    ]);
    await drive.click('ben', run, 'approve');

    const record = await drive.ended(run);

    met();
    expect(record).toMatchObject({ status: 'failed', stop: { problem: { code: 'swap-refused' } } });
    expect(await drive.card(run)).toContain('the original took it back');
    await holds(drive, run, world);
  });

  test('a copy that is busy when its rename is due is tried until it is not', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.approved('orders-staging');
    await drive.until(run, (one) => one.facts.swap?.startedAt !== undefined);
    drive.sandbox.rds.setStatus(`orders-staging-trapheus-${run}`, 'backing-up');
    await drive.settle(150);
    drive.sandbox.rds.setStatus(`orders-staging-trapheus-${run}`, 'available');

    await drive.until(run, 'succeeded', 12);

    await holds(drive, run, world);
  });
});
