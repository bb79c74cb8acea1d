import type { Fault } from '../faults';

/** Something that goes wrong, ready to be armed, and what Trapheus makes of it. */
export interface Scenario {
  id: string;
  title: string;
  /** What people will see. */
  expect: string;
  faults: Fault[];
}

const always = 100_000;

/** For restores of `database`; those that name a call of RDS do nothing to other databases. */
export function scenarios(database = 'orders-staging'): Scenario[] {
  return [
    {
      id: 'rds-throttled',
      title: 'RDS is throttled',
      expect: 'Calls are refused with “Rate exceeded” and made again. The restore takes a little longer and succeeds.',
      faults: [{ service: 'rds', kind: 'throttle', times: 40 }],
    },
    {
      id: 'restore-fails',
      title: 'The copy cannot be restored',
      expect: 'The copy ends as incompatible-restore and is removed. The original is untouched; the run has failed.',
      faults: [
        {
          service: 'rds',
          operation: 'RestoreDBInstanceFromDBSnapshot',
          kind: 'ends-in',
          status: 'incompatible-restore',
        },
      ],
    },
    {
      id: 'settings-refused',
      title: 'The copy’s settings are refused',
      expect:
        'AWS denies the change of the copy. It is removed again and the original is untouched; the run has failed.',
      faults: [
        {
          service: 'rds',
          operation: 'ModifyDBInstance',
          kind: 'access-denied',
          match: `&DBInstanceIdentifier=${database}-trapheus-`,
        },
      ],
    },
    {
      id: 'first-rename-refused',
      title: 'The first rename is refused',
      expect: 'AWS denies moving the original aside. Nobody was without a database; the copy is removed.',
      faults: [
        {
          service: 'rds',
          operation: 'ModifyDBInstance',
          kind: 'access-denied',
          match: `&NewDBInstanceIdentifier=${database}-old-`,
        },
      ],
    },
    {
      id: 'second-rename-refused',
      title: 'The second rename is refused',
      expect:
        'The copy does not get the name within five minutes, so the original takes it back. Reset the faults before the next restore.',
      faults: [
        {
          service: 'rds',
          operation: 'ModifyDBInstance',
          kind: 'wrong-state',
          // The original's way back to its name is another call.
          match: `&DBInstanceIdentifier=${database}-trapheus-`,
          alsoMatch: `&NewDBInstanceIdentifier=${database}`,
          times: 400,
        },
      ],
    },
    {
      id: 'slack-down',
      title: 'Slack is down',
      expect:
        'No message changes and clicks may be lost, but a restore under way goes on. Once the faults are reset the card catches up.',
      faults: [{ service: 'slack', kind: '5xx', times: always }],
    },
    {
      id: 'worker-crash',
      title: 'The worker dies after its call',
      expect: 'RDS has begun to restore, and nobody learnt of it. The next look finds the copy and goes on: one copy.',
      faults: [{ service: 'rds', operation: 'RestoreDBInstanceFromDBSnapshot', kind: 'crash-after' }],
    },
    {
      id: 'ticks-lost',
      title: 'Ticks are lost for ten minutes',
      expect: 'Nobody looks meanwhile. The first tick that arrives finds everything as it is and goes on.',
      faults: [{ service: 'sqs', operation: 'deliver', kind: 'drop', times: 15 }],
    },
    {
      id: 'watcher-dead',
      title: 'The watcher is dead',
      expect: 'Heartbeats run out after five minutes, and Step Functions calls the worker again: slow, and it goes on.',
      faults: [{ service: 'lambda', operation: 'trapheus-watcher', kind: '5xx', times: always }],
    },
  ];
}

export function scenarioNamed(id: string, database?: string): Scenario | undefined {
  return scenarios(database).find((scenario) => scenario.id === id);
}
