import { stateMachineText } from '../infra/state-machine';
import { refusalOf } from '../orchestrator/aws/refusal';
import { namesFor } from '../orchestrator/names';
import { pipeline } from '../orchestrator/pipeline';
import { brief } from './faults/brief';
import { type Journal, keepJournal } from './faults/journal';
import { judge, play } from './faults/play';
import { Drive, type DriveOptions } from './stories/drive';

/**
 * The defects of intuit/Trapheus as it was in March 2024 that concern DB instances, by the numbers under which they are
 * known here; each test shows that the defect cannot happen. What concerns clusters and other accounts stands with them.
 */
const name = 'orders-staging';
let drive: Drive | undefined;
afterEach(async () => {
  await drive?.close();
  drive = undefined;
});

async function started(options: DriveOptions = {}): Promise<{ drive: Drive; journal: Journal }> {
  drive = await Drive.start({ ...brief(), ...options });
  return { drive, journal: keepJournal(drive, name) };
}

const machine = JSON.parse(stateMachineText(pipeline)) as { States: Record<string, { Type: string }> };
const kindsOf = () => new Set(Object.values(machine.States).map((state) => state.Type));

describe('what is asked for', () => {
  test.each(['snapshot_only', 'create_snapshot-only', 'db_restore', 'restroe'])(
    'B1: the unknown word “%s” is refused and touches nothing',
    async (word) => {
      const { drive, journal } = await started();

      const answer = await drive.as('ana').command(`${word} ${name}`);

      expect(JSON.stringify(answer)).not.toContain('view_id');
      expect(drive.sandbox.runs.size).toBe(0);
      expect(journal.effects).toEqual([]);
    },
  );

  test('B2, B15: the machine chooses nowhere, so no field that is missing can send it astray', () => {
    expect([...kindsOf()].sort()).toEqual(['Fail', 'Succeed', 'Task']);
  });

  test('B9: nothing is exported on the way, whatever the engine', () => {
    expect(Object.keys(machine.States).filter((state) => /export/i.test(state))).toEqual([]);
  });

  test('B19: a second request for the same database is refused and names the first', async () => {
    const { drive } = await started();
    const run = await drive.requested(name);

    const second = drive.as('ben');
    const answer = await second.command(`restore ${name}`);

    expect(JSON.stringify(answer)).toContain(run);
    expect(drive.sandbox.runs.size).toBe(1);
  });

  test('B20: what cannot work is refused before anything is renamed', async () => {
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
});

describe('when something fails', () => {
  const restore = 'RestoreDBInstanceFromDBSnapshot';

  test('B4: Slack may fail all the time while a failed restore is taken back', async () => {
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
    'B5: a restore that ends as %s later on leaves the original answering',
    async (status) => {
      const { end, broken } = await play('restore', [{ service: 'rds', operation: restore, kind: 'ends-in', status }]);

      expect({ end, broken }).toEqual({ end: 'Failed', broken: [] });
    },
  );

  test('B5b: a rename that takes ten minutes, and a restore of two hours, are waited for', async () => {
    const slow = {
      renameOldGoneSeconds: 300,
      renameNewVisibleSeconds: 300,
      renameOldFreeSeconds: 300,
      renameRebootSeconds: 300,
    };
    const knobs = { ...brief().knobs, ...slow, restoreSeconds: 7200 };

    const { end, broken } = await play('restore', [], { options: { knobs } });

    expect({ end, broken }).toEqual({ end: 'Restored', broken: [] });
  });

  test('B10: a call that is throttled or loses its answer is never done twice', async () => {
    const faults = ['throttle', 'lost-answer'] as const;

    for (const kind of faults)
      expect(
        await judge({
          story: 'restore',
          faults: [{ service: 'rds', operation: 'ModifyDBInstance', match: '-old-', kind }],
        }),
      ).toEqual([]);
  });

  test('B16: a run that failed is an execution that failed, so that alarms ring', async () => {
    const { drive } = await started();
    const run = await drive.requested(name);
    drive.arm({ service: 'rds', operation: restore, kind: 'quota' });
    await drive.click('ben', run, 'approve');
    await drive.ended(run);
    await drive.settle();

    expect(drive.executions(run).at(-1)?.status).toBe('FAILED');
  });

  test('B17, B18: errors are told apart by their names, never by their text', () => {
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
  test('B7: every snapshot has a name of its own, and none that was there is touched', async () => {
    const { drive, journal } = await started();
    const run = await drive.approved(name);
    await drive.until(run, 'succeeded');

    const deleted = journal.effects.filter(({ operation }) => operation.startsWith('DeleteDBSnapshot'));
    expect(deleted).toEqual([]);
    for (const old of journal.before.snapshots) expect(drive.snapshots().map((one) => one.arn)).toContain(old.arn);
    expect(namesFor(name, 'r2222222').safetySnapshot).not.toBe(namesFor(name, 'r3333333').safetySnapshot);
  });

  test('B6: the step ends when the snapshot is there, not when the database is available', async () => {
    const { drive } = await started({ knobs: { ...brief().knobs, snapshotSeconds: 900 } });
    const run = await drive.approved(name);
    const after = await drive.until(run, (one) => one.steps.snapshot?.doneAt !== undefined);

    expect(drive.snapshots().find((one) => one.id === after.facts.safetySnapshot)?.status).toBe('available');
  });

  test('B8: the original is held, and then removed with a final snapshot and its backups kept', async () => {
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

  test('B14: a name is never cut out of another name', () => {
    expect(namesFor('acme-template-db', 'r2222222')).toMatchObject({
      copy: 'acme-template-db-trapheus-r2222222',
      aside: 'acme-template-db-old-r2222222',
    });
  });

  test('B21: the outage is two renames, however long the restore takes', async () => {
    const { drive } = await started({ knobs: { ...brief().knobs, restoreSeconds: 7200 } });
    const run = await drive.approved(name);

    const { facts } = await drive.until(run, 'succeeded');

    expect(facts.outageSeconds).toBeLessThan(90);
  });

  test('B22: the plan names the read replicas and proxies, which follow a database and not its name', async () => {
    const { drive } = await started({ policyFile: `${__dirname}/stories/policy.yml` });
    const run = await drive.requested('catalog-prod');

    expect(await drive.card(run)).toContain('catalog-prod-replica');
  });
});

describe('what people are told', () => {
  test('B23, B24: the message names database, snapshot and run, and shows what people wrote as they wrote it', async () => {
    const { drive } = await started();
    const run = await drive.requested(name, { reason: '<!channel> & <b>now</b>' });

    const card = await drive.card(run);

    expect(card).toContain(name);
    expect(card).toContain(`${name}-snapshot`);
    expect(card).not.toContain('<!channel>');
    expect(card).toContain('&lt;b&gt;now&lt;/b&gt;');
  });

  test('B25: what is tested is the deployed machine: every stage is one of its states', () => {
    for (const { id } of pipeline) expect(Object.keys(machine.States).some((state) => state.includes(id))).toBe(true);
  });
});
