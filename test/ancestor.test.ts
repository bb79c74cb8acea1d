import { stateMachineText } from '../infra/state-machine';
import { readAncestorInput } from '../orchestrator/aws/ancestor-input';
import { refusalOf } from '../orchestrator/aws/refusal';
import { namesFor } from '../orchestrator/names';
import { pipeline } from '../orchestrator/pipeline';
import { brief } from './faults/brief';
import { type Journal, keepJournal, type Subject } from './faults/journal';
import { judge, play } from './faults/play';
import { Drive, type DriveOptions } from './stories/drive';

/**
 * The defects of intuit/Trapheus as it was in March 2024, by the numbers under which they are known here. Each test says
 * what that one did, and shows that it cannot happen.
 */
const name = 'orders-staging';
let drive: Drive | undefined;
afterEach(async () => {
  await drive?.close();
  drive = undefined;
});

const orders: Subject = { kind: 'instance', database: name, name };

async function started(options: DriveOptions = {}, subject = orders): Promise<{ drive: Drive; journal: Journal }> {
  drive = await Drive.start({ ...brief(), ...options });
  return { drive, journal: keepJournal(drive, subject) };
}

const machine = JSON.parse(stateMachineText(pipeline)) as { States: Record<string, { Type: string }> };
const kindsOf = () => new Set(Object.values(machine.States).map((state) => state.Type));

describe('what is asked for', () => {
  test.each(['snapshot_only', 'create_snapshot-only', 'db_restore', 'restroe'])(
    'B1: an unknown task ran the destructive pipeline; “%s” is refused and touches nothing',
    async (word) => {
      const { drive, journal } = await started();

      const answer = await drive.as('ana').command(`${word} ${name}`);

      expect(JSON.stringify(answer)).not.toContain('view_id');
      expect(drive.sandbox.runs.size).toBe(0);
      expect(journal.effects).toEqual([]);
    },
  );

  test.each(['snapshot_only', 'create_snapshot-only', '', 'DB_RESTORE'])(
    'B1: nor is “%s” taken for another task in the input of an execution',
    (task) => {
      expect(readAncestorInput({ identifier: name, task, isCluster: false })).toMatchObject({
        code: expect.any(String),
      });
    },
  );

  test('B2, B15: a Choice read a field that an earlier state had dropped, or went astray by default; the machine chooses nowhere', () => {
    expect([...kindsOf()].sort()).toEqual(['Fail', 'Succeed', 'Task']);
  });

  test('B3: the task for other accounts restored whatever snapshot came first; it is refused, and a restore takes the very snapshot of its plan', async () => {
    const asked = { identifier: name, task: 'restore_rds_in_target_accounts', isCluster: false, targetAccountIds: '1' };
    expect(readAncestorInput(asked)).toMatchObject({ code: expect.any(String) });

    const { drive, journal } = await started();
    const run = await drive.approved(name);
    const { plan } = await drive.until(run, (one) => one.steps['restore-copy']?.doneAt !== undefined);

    const [restore] = journal.effects.filter(({ operation }) => operation.startsWith('RestoreDB'));
    const source = plan?.source.kind === 'snapshot' ? plan.source : undefined;
    expect(source?.arn).toBe(journal.before.snapshots.find(({ id }) => id === source?.snapshot)?.arn);
    expect(restore?.fields.get('DBSnapshotIdentifier')).toBe(source?.snapshot);
  });

  test('B9: every snapshot began an export that many engines do not know, and nobody waited for it; nothing is exported on the way', () => {
    expect(Object.keys(machine.States).filter((state) => /export/i.test(state))).toEqual([]);
  });

  test('B19: two executions on one database interleaved; a second request is refused and names the first', async () => {
    const { drive } = await started();
    const run = await drive.requested(name);

    const second = drive.as('ben');
    const answer = await second.command(`restore ${name}`);

    expect(JSON.stringify(answer)).toContain(run);
    expect(drive.sandbox.runs.size).toBe(1);
  });

  test('B20: the database was renamed before anything was checked; what cannot work is refused before', async () => {
    const { drive, journal } = await started({ knobs: { ...brief().knobs, quotaInstances: 1 } });
    const ana = drive.as('ana');
    await ana.command(`restore ${name}`);
    const run = await ana.fillRestore({ reason: 'there is no room for a copy' });

    const record = await drive.ended(run);

    expect(record).toMatchObject({
      status: 'failed',
      stop: { problem: { code: expect.stringMatching(/quota|room/) } },
    });
    expect(journal.effects).toEqual([]);
  });

  test('B20: a snapshot that was gone cost a rename; without it nothing is touched', async () => {
    const { drive, journal } = await started();
    const run = await drive.requested(name);
    drive.sandbox.rds.world.snapshots.delete(`${name}-snapshot`);
    await drive.settle(400);
    if (drive.run(run).status === 'waiting') await drive.click('ben', run, 'approve');

    expect((await drive.ended(run)).status).toBe('failed');
    expect(journal.effects).toEqual([]);
  });
});

describe('when something fails', () => {
  const restore = 'RestoreDBInstanceFromDBSnapshot';

  test('B4: an alert that failed cut the rollback short; Slack may fail all the time while a failed restore is taken back', async () => {
    const { drive } = await started();
    const run = await drive.requested(name);
    await drive.click('ben', run, 'approve');
    drive.arm(
      { service: 'rds', operation: restore, kind: 'ends-in', status: 'incompatible-restore' },
      { service: 'slack', operation: 'chat.update', kind: '5xx', times: 1_000_000 },
      { service: 'slack', operation: 'chat.postMessage', kind: '5xx', times: 1_000_000 },
    );

    const record = await drive.ended(run);

    expect(record.status).toBe('failed');
    expect(drive.databases().some((one) => one.name.includes(run))).toBe(false);
  });

  test.each(['failed', 'incompatible-restore', 'incompatible-parameters'])(
    'B5: only a refused call was rolled back; a restore that ends as %s later on leaves the original answering',
    async (status) => {
      const { end, broken } = await play('restore', [{ service: 'rds', operation: restore, kind: 'ends-in', status }]);

      expect({ end, broken }).toEqual({ end: 'Failed', broken: [] });
    },
  );

  test('B5b: a rename of more than 155 seconds, or a restore of more than 85 minutes, left nobody under the name; both are waited for', async () => {
    const slow = {
      renameOldGoneSeconds: 300,
      renameNewVisibleSeconds: 300,
      renameOldFreeSeconds: 300,
      renameRebootSeconds: 300,
    };
    const knobs = { ...brief().knobs, ...slow, restoreSeconds: 7200 };

    const { end, broken } = await play('restore', [], { options: { knobs }, isPatient: true });

    expect({ end, broken }).toEqual({ end: 'Restored', broken: [] });
  });

  test('B10: a throttled call was done again on what had its new name already; none is ever done twice', async () => {
    const faults = ['throttle', 'lost-answer'] as const;

    for (const kind of faults)
      expect(
        await judge({
          story: 'restore',
          faults: [{ service: 'rds', operation: 'ModifyDBInstance', match: '-old-', kind }],
        }),
      ).toEqual([]);
  });

  test('B16: a failure ended as SUCCEEDED; a run that failed is an execution that failed, so that alarms ring', async () => {
    const { drive } = await started();
    const run = await drive.requested(name);
    drive.arm({ service: 'rds', operation: restore, kind: 'quota' });
    await drive.click('ben', run, 'approve');
    await drive.ended(run);
    await drive.settle();

    expect(drive.executions(run).at(-1)?.status).toBe('FAILED');
  });

  test('B17, B18: errors were told apart by words in their text, and wrapped ones could not be printed; their names count', () => {
    const misleading = Object.assign(new Error('Rate exceeded: DBSnapshot not found'), {
      name: 'InvalidParameterValue',
      $metadata: { httpStatusCode: 400 },
    });

    const refusal = refusalOf(misleading);

    expect(refusal.reason).toBe('invalid');
    expect(String(refusal)).toContain('Rate exceeded');
  });
});

describe('what is kept', () => {
  test('B7: the only baseline was deleted before the new one was taken; every snapshot has a name of its own, and none is touched', async () => {
    const { drive, journal } = await started();
    const run = await drive.approved(name);
    await drive.until(run, 'succeeded');

    const deleted = journal.effects.filter(({ operation }) => operation.startsWith('DeleteDBSnapshot'));
    expect(deleted).toEqual([]);
    for (const old of journal.before.snapshots) expect(drive.snapshots().map((one) => one.arn)).toContain(old.arn);
    expect(namesFor(name, 'r2222222').safetySnapshot).not.toBe(namesFor(name, 'r3333333').safetySnapshot);
  });

  test('B6: a snapshot was waited for by the status of the database; the step ends when the snapshot is there', async () => {
    const { drive } = await started({ knobs: { ...brief().knobs, snapshotSeconds: 900 } });
    const run = await drive.approved(name);
    const after = await drive.until(run, (one) => one.steps.snapshot?.doneAt !== undefined);

    expect(drive.snapshots().find((one) => one.id === after.facts.safetySnapshot)?.status).toBe('available');
  });

  test('B8: the original went at once, without final snapshot and with all its backups; it is held, and then removed with both kept', async () => {
    const { drive, journal } = await started();
    const run = await drive.approved(name);
    const held = await drive.until(run, (one) => one.hold !== undefined);
    const before = drive.databases().some((one) => one.name === `${name}-old-${run}`);
    await drive.ended(run);

    const [removal] = journal.effects.filter(({ operation }) => operation === 'DeleteDBInstance');
    expect(before).toBe(true);
    expect(held.hold?.until).toBeGreaterThan(held.finishedAt ?? 0);
    expect(removal?.fields.get('FinalDBSnapshotIdentifier')).toBe(`${name}-final-trapheus-${run}`);
    expect(removal?.fields.get('DeleteAutomatedBackups')).toBe('false');
  });

  test('B14: “-temp” was cut out of the middle of names; a name is never cut out of another', () => {
    expect(namesFor('acme-template-db', 'r2222222')).toMatchObject({
      copy: 'acme-template-db-trapheus-r2222222',
      aside: 'acme-template-db-old-r2222222',
    });
  });

  test('B21: the name was gone for the whole restore; the outage is two renames, however long that takes', async () => {
    const { drive } = await started({ knobs: { ...brief().knobs, restoreSeconds: 7200 } });
    const run = await drive.approved(name);

    const { facts } = await drive.until(run, 'succeeded');

    expect(facts.outageSeconds).toBeLessThan(90);
  });

  test('B22: read replicas and proxies were forgotten; the plan names them', async () => {
    const { drive } = await started({ policyFile: `${__dirname}/stories/policy.yml` });
    const run = await drive.requested('catalog-prod');

    expect(await drive.card(run)).toContain('catalog-prod-replica');
  });
});

describe('clusters', () => {
  test.each(['failed', 'incompatible-network'])(
    'B5c: a cluster whose member failed could not be rolled back, and half of it stayed; one that ends as %s is taken away whole',
    async (status) => {
      const { end, broken, changed } = await play('cluster', [
        { service: 'rds', operation: 'CreateDBInstance', skip: 1, kind: 'ends-in', status },
      ]);

      expect({ end, broken }).toEqual({ end: 'Failed', broken: [] });
      expect(changed).toEqual(['+tickets-staging-safety-trapheus-<run> available']);
    },
  );

  test.each(['throttle', 'lost-answer'] as const)(
    'B10: throttled at its second member, the retry renamed the first one again; after a %s each member has its own name',
    async (kind) => {
      const fault = {
        service: 'rds',
        operation: 'ModifyDBInstance',
        match: 'NewDBInstanceIdentifier',
        skip: 1,
        kind,
      } as const;

      expect(await judge({ story: 'cluster', faults: [fault] })).toEqual([]);
    },
  );

  test('B11: a cluster without an initial database ended in a KeyError after its rename; it is restored', async () => {
    const { drive } = await started();
    const cluster = [...drive.sandbox.rds.world.clusters.values()].find(
      ({ view }) => view.DBClusterIdentifier === 'ledger-temp-staging',
    );
    expect(cluster?.view.DatabaseName).toBeUndefined();

    expect(await judge({ story: 'single', faults: [] })).toEqual([]);
  });

  test('B12: members were made before their cluster was there; none is made before it is available', async () => {
    const { drive, journal } = await started(
      {},
      { kind: 'cluster', database: 'tickets-staging', name: 'tickets-staging' },
    );
    const run = await drive.approved('tickets-staging');
    await drive.until(run, (one) => one.steps['match-settings']?.doneAt !== undefined);

    const made = journal.effects.filter(({ operation }) => operation === 'CreateDBInstance');
    expect(made).toHaveLength(2);
    for (const { fields, things } of made) {
      const name = fields.get('DBClusterIdentifier');
      expect(things.find((one) => one.kind === 'cluster' && one.name === name)?.status).toBe('available');
    }
  });

  test.each([
    ['payments-prod', ['ServerlessV2ScalingConfiguration', 'StorageType']],
    ['warehouse-staging', ['DBClusterInstanceClass', 'StorageType', 'Iops', 'AllocatedStorage']],
  ])(
    'B13: capacity, class and I/O of a cluster came back as defaults; those of %s come back',
    async (database, fields) => {
      const { drive } = await started({ policyFile: `${__dirname}/stories/policy.yml` });
      const pick = () => {
        const found = drive.sandbox.rds.world.clustersByName.get(database)?.view;
        return Object.fromEntries(fields.map((field) => [field, found?.[field as keyof typeof found]]));
      };
      const before = pick();
      const run = await drive.requested(database);
      await drive.click('ben', run, 'approve');
      await drive.settle();
      if (drive.run(run).status === 'waiting') await drive.click('chloe', run, 'approve');

      const { facts } = await drive.until(run, 'succeeded', 8);

      expect(pick()).toEqual(before);
      expect(Object.values(before)).not.toContain(undefined);
      expect(drive.sandbox.rds.world.clustersByName.get(database)?.view.DbClusterResourceId).toBe(
        facts.copy?.resourceId,
      );
    },
  );
});

describe('what people are told', () => {
  test('B23, B24: alerts were raw text without the name of the database; messages name database, snapshot and run, and escape what people wrote', async () => {
    const { drive } = await started();
    const run = await drive.requested(name, { reason: '<!channel> & <b>now</b>' });

    const card = await drive.card(run);

    expect(card).toContain(name);
    expect(card).toContain(`${name}-snapshot`);
    expect(card).not.toContain('<!channel>');
    expect(card).toContain('&lt;b&gt;now&lt;/b&gt;');
  });

  test('B25: tests patched out what was broken and never met the state machine; every stage is a state of the deployed one', () => {
    for (const { id } of pipeline) expect(Object.keys(machine.States).some((state) => state.includes(id))).toBe(true);
  });
});
