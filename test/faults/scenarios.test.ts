import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Fault } from '../../infra/local/faults';
import { accessKeyId, region, secretAccessKey } from '../../infra/local/sandbox';
import { stateMachine } from '../../infra/state-machine';
import { createParts } from '../../orchestrator/aws/parts';
import { pipeline } from '../../orchestrator/pipeline';
import { Door } from '../../orchestrator/request';
import type { Run } from '../../orchestrator/run';
import type { Stage } from '../../orchestrator/step';
import { Drive, type DriveOptions } from '../stories/drive';
import { settingsOf } from './account';
import { brief, withShortLimits } from './brief';
import type { End } from './checker';
import { type Journal, keepJournal, type Subject } from './journal';
import { overWith, verdict } from './play';
import { asked, during, pressed, storyNamed } from './stories';

/** What single calls that fail do not bring about; every run is ended by the checker of the fault tests. */
jest.setTimeout(120_000);

const always = 1_000_000;
const { subject: orders } = storyNamed('restore');
const { subject: clone } = storyNamed('clone');
const { subject: tickets } = storyNamed('cluster');

let drive: Drive;
let journal: Journal;
afterEach(() => drive.close());

async function start(subject: Subject, options: DriveOptions = {}): Promise<void> {
  drive = await Drive.start({ ...brief(), ...options });
  journal = keepJournal(drive, subject);
}

/** Lets the run end, and says how; every rule has to hold. */
async function ends(run: string): Promise<End | undefined> {
  await withShortLimits(() => overWith(drive, run));
  const { end, broken } = await verdict(drive, run, journal);
  expect(broken).toEqual([]);
  expect(drive.sandbox.queue.deadLetters).toEqual([]);
  return end;
}

/** Asked for and approved; nothing has happened since. */
async function approved(subject: Subject): Promise<string> {
  const run = await asked(drive, subject);
  await waits(run);
  await drive.click('ben', run, 'approve');
  return run;
}

const waits = (run: string) => during(drive, run, (one) => one.status === 'waiting');
const holds = (run: string) => during(drive, run, (one) => one.hold !== undefined && one.at?.step === 'hold');
const undo = (run: string) => pressed(drive, 'ana', run, 'undo', (one) => one.stop !== undefined);
const clicked = (person: string, run: string, action: string) => drive.as(person).press(drive.root(run), action);

/** The door as another Slack function would hold it. */
function door(): Door {
  const config = {
    tableName: drive.sandbox.tableName,
    stateMachineArn: drive.sandbox.stateMachineArn,
    tickQueueUrl: 'http://127.0.0.1:1/none',
    policyFile: brief().policyFile as string,
  };
  return new Door({ ...createParts(config, drive.sandbox.clock), ticks: { send: async () => undefined } });
}

/** Until the run's newest execution has just entered a state. */
async function entered(run: string, state: string): Promise<boolean> {
  const isThere = () =>
    drive.sandbox.machine
      .executions()
      .some(
        ({ name, status, states }) => name.startsWith(run) && status === 'RUNNING' && states.at(-1)?.name === state,
      );
  return drive.sandbox.clock.runUntil(isThere, 3_600_000);
}

async function stopExecution(run: string): Promise<void> {
  const [newest] = drive.sandbox.machine.executions().filter(({ name }) => name.startsWith(run));
  const credentials = { accessKeyId, secretAccessKey };
  const client = new SFNClient({ region, endpoint: drive.sandbox.endpoints.states, credentials });
  await client.send(new StopExecutionCommand({ executionArn: newest?.arn }));
  client.destroy();
}

const states = Object.entries((stateMachine(pipeline) as { States: Record<string, { Type: string }> }).States)
  .filter(([, { Type }]) => Type === 'Task')
  .map(([name]) => name);
const lane = states.filter((name) => name.startsWith('undo-'));
const before = pipeline.slice(0, pipeline.findIndex(({ id }) => id === 'finish') + 1).map(({ id }) => id);
const after = states.filter((name) => !lane.includes(name) && !before.includes(name));

describe('somebody stops the execution from outside, just as it has come to', () => {
  test.each(before)('%s: a recovery takes everything back', async (state) => {
    await start(orders);
    const isEarly = state === 'plan' || state === 'approval';
    const run = isEarly ? await asked(drive, orders) : await approved(orders);
    expect(await entered(run, state)).toBe(true);

    await stopExecution(run);

    expect(await ends(run)).toBe('Failed');
  });

  test.each(after)('%s: the success stays', async (state) => {
    await start(orders);
    const run = await approved(orders);
    expect(await entered(run, state)).toBe(true);

    await stopExecution(run);

    expect(await ends(run)).toMatch(/^Restored/);
  });

  test.each([...lane, 'close'])('%s of an Undo: a recovery goes on with it', async (state) => {
    await start(orders);
    const run = await approved(orders);
    await holds(run);
    await drive.click('ana', run, 'undo');
    expect(await entered(run, state)).toBe(true);

    await stopExecution(run);

    expect(await ends(run)).toBe('Undone');
  });

  test.each(['give-name', 'hold', 'remove', 'close'])('%s of a clone', async (state) => {
    await start(clone);
    const run = await approved(clone);
    await entered(run, state);
    // A while later, in the middle of it.
    await drive.settle(state === 'give-name' || state === 'remove' ? 4 : 0);

    await stopExecution(run);

    expect(await ends(run)).toMatch(state === 'give-name' ? /^Failed$/ : /^Cloned/);
  });

  test.each(['match-settings', 'swap', 'undo-swap', 'undo-restore-copy', 'remove'])(
    '%s of a cluster',
    async (state) => {
      await start(tickets);
      const run = await approved(tickets);
      if (lane.includes(state)) {
        await holds(run);
        await drive.click('ana', run, 'undo');
      }
      expect(await entered(run, state)).toBe(true);
      await drive.settle(state === 'swap' ? 60 : 10);

      await stopExecution(run);

      expect(await ends(run)).toMatch(
        lane.includes(state) ? /^Undone$/ : state === 'remove' ? /^Restored/ : /^Failed$/,
      );
    },
  );
});

function isAtOrBeyond(run: Run, step: string): boolean {
  const ids = pipeline.map(({ id }) => id);
  return ids.indexOf(run.at?.step ?? '') >= ids.indexOf(step);
}

describe('a person cancels as soon as anybody can see that the run is at', () => {
  const cancelled = async (subject: Subject, step: string) => {
    await start(subject);
    const isEarly = step === 'plan' || step === 'approval';
    const run = isEarly ? await asked(drive, subject) : await approved(subject);
    // A step that does not apply here is over before anybody sees it: the next one is as good.
    await during(drive, run, (one) => isAtOrBeyond(one, step));
    expect((await door().cancel({ run, by: 'U0ANA00001' })).ok).toBe(true);
    return ends(run);
  };

  test.each(before)('%s', async (step) => {
    expect(await cancelled(orders, step)).toBe('Cancelled');
  });

  test.each(['restore-copy', 'match-settings', 'give-name'])('%s of a clone', async (step) => {
    expect(await cancelled(clone, step)).toBe('Cancelled');
  });

  test.each(['restore-copy', 'match-settings', 'swap', 'finish'])('%s of a cluster', async (step) => {
    expect(await cancelled(tickets, step)).toBe('Cancelled');
  });
});

describe('the same thing twice', () => {
  test('records of the stream that come twice, and late behind newer ones, show nothing old and nothing twice', async () => {
    await start(orders);
    const run = await asked(drive, orders);
    drive.sandbox.cards.duplicate(always);
    for (const step of ['approval', 'snapshot', 'match-settings', 'swap', 'hold']) {
      await during(drive, run, (one) => one.at?.step === step);
      drive.sandbox.cards.reorder(2);
      if (step === 'approval') await pressed(drive, 'ben', run, 'approve', (one) => one.decisions.length > 0);
    }

    expect(await ends(run)).toBe('Restored');
  });

  test('Approve, pressed three times at once by two people', async () => {
    await start(orders);
    const run = await asked(drive, orders);
    await waits(run);
    await drive.settle();

    await Promise.all(['ben', 'ben', 'chloe'].map((person) => clicked(person, run, 'approve')));
    await drive.settle();
    await clicked('ben', run, 'approve').catch(() => undefined);

    expect(await ends(run)).toBe('Restored');
  });

  test('Undo and Remove now, pressed at once: one of them is done', async () => {
    await start(orders);
    const run = await approved(orders);
    await holds(run);
    await drive.settle();

    const at = drive.root(run);
    const actions = ['undo', 'remove-now', 'undo', 'remove-now'];
    await Promise.all(actions.map((action) => drive.as('ben').press(at, action)));

    expect(['Undone', 'Restored']).toContain(await ends(run));
  });

  test('Cancel and Approve, pressed at once', async () => {
    await start(orders);
    const run = await asked(drive, orders);
    await waits(run);
    await drive.settle();

    await Promise.all([clicked('ben', run, 'approve'), clicked('ana', run, 'cancel'), clicked('ana', run, 'cancel')]);

    expect(await ends(run)).toBe('Cancelled');
  });

  test('the form, sent twice, and another person’s for the same database at the same time: one run', async () => {
    await start(orders);
    const [ana, ben] = [drive.as('ana'), drive.as('ben')];
    await Promise.all([ana.command(`restore ${orders.database}`), ben.command(`restore ${orders.database}`)]);
    const reason = 'fresh data for the load test';
    await Promise.all(
      [ana.tryRestore({ reason }), ana.tryRestore({ reason }), ben.tryRestore({ reason })].map(quietly),
    );
    await drive.settle(90);

    const open = [...drive.sandbox.runs.values()].filter(({ closedAt }) => closedAt === undefined);
    expect(open).toHaveLength(1);
    const run = open[0]?.id ?? '';
    await waits(run);
    // Whoever asked may not approve: the other one, or Chloé.
    await pressed(drive, 'chloe', run, 'approve', (one) => one.decisions.length > 0);

    const { requester } = drive.run(run).request;
    if (requester.id === 'U0ANA00001') expect(await ends(run)).toBe('Restored');
    else expect((await drive.ended(run)).status).toBe('succeeded');
  });

  test('a second run that waits when the first is undone gives way', async () => {
    await start(orders);
    const run = await approved(orders);
    await holds(run);
    const second = await asked(drive, orders);
    expect(second).not.toBe(run);
    await during(drive, second, (one) => one.status === 'waiting');

    await undo(run);
    await withShortLimits(() => overWith(drive, run));
    await withShortLimits(() => overWith(drive, second));

    expect(drive.run(second).stop).toBeDefined();
    expect(await ends(run)).toBe('Undone');
  });
});

const quietly = <T>(act: Promise<T>): Promise<T | undefined> => act.catch(() => undefined);

describe('the database changes while people think', () => {
  /** Somebody changes it in the console; from now on this is what has to come back. */
  function moved(): void {
    const { world } = drive.sandbox.rds;
    const original = world.byName.get(orders.name);
    if (original === undefined) throw new Error('it is not there');
    original.view.BackupRetentionPeriod = 11;
    world.touch(original);
    journal.wanted = settingsOf(drive, original.view.DbiResourceId);
  }

  test('before the approval: that one is void, the card says what moved and asks again', async () => {
    await start(orders);
    const run = await asked(drive, orders);
    await waits(run);
    await drive.settle();
    moved();

    await clicked('ben', run, 'approve');
    await during(drive, run, (one) => one.planMoved !== undefined);
    await drive.settle();
    expect(await drive.card(run)).toMatch(/The plan changed[^]*the settings/);
    expect(journal.effects).toEqual([]);
    await clicked('ben', run, 'approve');

    expect(await ends(run)).toBe('Restored');
  });

  test('just after the approval: the run ends, and nothing was touched', async () => {
    await start(orders);
    const run = await asked(drive, orders);
    await waits(run);
    await drive.settle();
    await clicked('ben', run, 'approve');
    expect(await entered(run, 'capture')).toBe(true);
    moved();

    expect(await ends(run)).toBe('Failed');
    expect(journal.effects).toEqual([]);
  });
});

describe('the queue', () => {
  /** No message is stopped as a loop (`ends`), however long a run waits. */
  test('a run that waits for hours has no message with more than 16 hops behind it', async () => {
    await start(orders, { knobs: { ...brief().knobs, restoreSeconds: 5400 } });
    const run = await approved(orders);
    await drive.ended(run);

    expect(await ends(run)).toBe('Restored');
  });

  test.each<[string, Omit<Fault, 'service' | 'operation' | 'kind'>]>([
    ['loses every message but the schedule’s', { match: 'look' }],
    ['loses everything: Step Functions is the last resort', {}],
  ])('%s', async (_, which) => {
    await start(orders);
    drive.arm({ service: 'sqs', operation: 'deliver', kind: 'drop', times: always, ...which });
    const run = await approved(orders);

    expect(await ends(run)).toBe('Restored');
  });

  test('every event of RDS is lost', async () => {
    await start(tickets, { rdsEvents: false });

    expect(await ends(await approved(tickets))).toBe('Restored');
  });
});

describe('an execution that outlives a deployment', () => {
  const list = pipeline as unknown as Stage[];
  const whole = [...list];
  const without = (id: string) => list.splice(0, list.length, ...whole.filter((stage) => stage.id !== id));
  const restored = () => list.splice(0, list.length, ...whole);
  afterEach(restored);

  test.each(['match-settings', 'verify', 'swap', 'finish'])(
    'comes to %s, which the new code no longer has: everything is taken back',
    async (id) => {
      await start(orders);
      const run = await approved(orders);
      await during(drive, run, (one) => one.at?.step === 'restore-copy');
      without(id);

      const end = await ends(run);

      expect(end).toBe('Failed');
      expect(drive.run(run).stop?.problem.code).toBe('unknown-step');
    },
  );

  test.each(['hold', 'remove'])('comes to %s, which is gone, after its end: the success stays', async (id) => {
    await start(orders);
    const run = await approved(orders);
    await during(drive, run, (one) => one.finishedAt !== undefined);
    without(id);

    expect(await ends(run)).toMatch(/^Restored/);
  });

  test('meets a plan with a step that its machine has not: nobody goes on as if it had been done', async () => {
    without('verify');
    await start(orders);
    restored();
    const run = await approved(orders);

    expect(await ends(run)).toBe('Failed');
    expect(drive.run(run).stop?.problem.code).toBe('unknown-step');
  });

  test('has a plan of before a step was added: it goes on without it', async () => {
    without('prune-snapshots');
    await start(orders);
    const run = await approved(orders);
    await during(drive, run, (one) => one.at?.step === 'restore-copy');
    restored();

    expect(await ends(run)).toBe('Restored');
  });
});
