import type { Fault } from '../../infra/local/faults';
import { stateMachine } from '../../infra/state-machine';
import { createParts } from '../../orchestrator/aws/parts';
import { Door } from '../../orchestrator/door/door';
import { pipeline } from '../../orchestrator/pipeline';
import type { Run } from '../../orchestrator/run';
import type { Stage } from '../../orchestrator/step';
import type { Drive, DriveOptions } from '../stories/drive';
import { settingsOf } from './account';
import { brief, withShortLimits } from './brief';
import type { End } from './checker';
import type { Journal, Subject } from './journal';
import { overWith } from './play';
import { agreed, judged, opened } from './scene';
import { asked, during, pressed, storyNamed } from './stories';

/** What single calls that fail do not bring about; every run is ended by the checker of the fault tests. */
jest.setTimeout(120_000);

const always = 1_000_000;
const { subject: orders } = storyNamed('restore');
const { subject: clone } = storyNamed('clone');
const { subject: tickets } = storyNamed('cluster');
const { subject: cloneOfCluster } = storyNamed('cluster-clone');
const { subject: keepsWrites } = storyNamed('keep-writes');

let drive: Drive;
let journal: Journal;
afterEach(() => drive.close());

async function start(subject: Subject, options: DriveOptions = {}): Promise<void> {
  ({ drive, journal } = await opened(subject, options));
}

/** Lets the run end, and says how; every rule has to hold. */
async function ends(run: string): Promise<End | undefined> {
  const { end, broken } = await judged({ drive, journal }, run);
  expect(broken).toEqual([]);
  expect(drive.sandbox.queue.deadLetters).toEqual([]);
  return end;
}

const approved = (): Promise<string> => agreed({ drive, journal });
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
  await drive.stopExecution(newest?.name ?? run);
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
    const run = isEarly ? await asked(drive, orders) : await approved();
    expect(await entered(run, state)).toBe(true);

    await stopExecution(run);

    expect(await ends(run)).toBe('Failed');
  });

  test.each(after)('%s: the success stays', async (state) => {
    await start(orders);
    const run = await approved();
    expect(await entered(run, state)).toBe(true);

    await stopExecution(run);

    expect(await ends(run)).toMatch(/^Restored/);
  });

  test.each([...lane, 'close'])('%s of an Undo: a recovery goes on with it', async (state) => {
    await start(orders);
    const run = await approved();
    await holds(run);
    await drive.click('ana', run, 'undo');
    expect(await entered(run, state)).toBe(true);

    await stopExecution(run);

    expect(await ends(run)).toBe('Undone');
  });

  test('and every recovery too: at last a person is called, and told of the copy that is still there', async () => {
    await start(orders);
    const run = await approved();
    expect(await entered(run, 'match-settings')).toBe(true);

    const isOver = () => drive.run(run).status === 'needs-help';
    const isRunning = () => drive.sandbox.machine.executions().some(({ status }) => status === 'RUNNING');
    while (!isOver()) {
      await stopExecution(run);
      expect(await drive.sandbox.clock.runUntil(() => isOver() || isRunning(), 600_000)).toBe(true);
    }

    expect(await ends(run)).toBe('Needs help');
  });

  /** Stopped some seconds after the state was entered; runs enter the lane by an Undo, and clones by a cancel. */
  const stoppedAt = async (subject: Subject, state: string, seconds: number) => {
    await start(subject);
    const isEarly = state === 'plan' || state === 'approval';
    const run = isEarly ? await asked(drive, subject) : await approved();
    if (lane.includes(state) && subject.name === subject.database) {
      await holds(run);
      await drive.click('ana', run, 'undo');
    } else if (lane.includes(state)) {
      await entered(run, 'finish');
      expect((await door().cancel({ run, by: 'U0ANA00001' })).ok).toBe(true);
    }
    expect(await entered(run, state)).toBe(true);
    await drive.settle(seconds);

    await stopExecution(run);

    return ends(run);
  };

  /** The states that do something for such a run, and how far into them it is stopped, in seconds. */
  const ofClone = [
    ['plan', 0],
    ['approval', 0],
    ['capture', 0],
    ['restore-copy', 4],
    ['match-settings', 4],
    ['verify', 4],
    ['give-name', 4],
    ['finish', 0],
    ['undo-give-name', 0],
    ['undo-restore-copy', 2],
    ['hold', 0],
    ['remove', 4],
    ['close', 0],
  ] as const;
  const clones = [clone, cloneOfCluster].flatMap((subject) =>
    ofClone.map(([state, seconds]) => ({ state, seconds, subject, kind: subject.kind })),
  );

  test.each(clones)('$state of a clone, $kind', async ({ state, seconds, subject }) => {
    const wanted = lane.includes(state) ? /^Cancelled$/ : before.includes(state) ? /^Failed$/ : /^Cloned/;

    expect(await stoppedAt(subject, state, seconds)).toMatch(wanted);
  });

  test.each([
    ['plan', 0],
    ['approval', 0],
    ['capture', 0],
    ['snapshot', 4],
    ['restore-copy', 4],
    ['match-settings', 10],
    ['verify', 4],
    ['swap', 60],
    ['finish', 4],
    ['hold', 0],
    ['remove', 10],
    ['close', 0],
    ['undo-swap', 10],
    ['undo-restore-copy', 10],
    ['undo-snapshot', 0],
  ])('%s of a cluster', async (state, seconds) => {
    const wanted = lane.includes(state) ? /^Undone$/ : before.includes(state) ? /^Failed$/ : /^Restored/;

    expect(await stoppedAt(tickets, state, seconds)).toMatch(wanted);
  });

  test.each(['set-aside', 'snapshot', 'restore-copy', 'swap'])(
    '%s of a run that has set its original aside first',
    async (state) => {
      expect(await stoppedAt(keepsWrites, state, 4)).toBe('Failed');
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
    const run = isEarly ? await asked(drive, subject) : await approved();
    // A step that does not apply here is over before anybody sees it: the next one is as good.
    await during(drive, run, (one) => isAtOrBeyond(one, step));
    expect((await door().cancel({ run, by: 'U0ANA00001' })).ok).toBe(true);
    return ends(run);
  };

  test.each(before)('%s', async (step) => {
    expect(await cancelled(orders, step)).toBe('Cancelled');
  });

  test('restore-copy, before the copy is written down, and RDS refuses to delete it: the card names it', async () => {
    await start(orders);
    drive.arm({ service: 'rds', operation: 'DeleteDBInstance', kind: 'access-denied', times: always });
    const run = await approved();
    await during(drive, run, (one) => one.steps['restore-copy']?.actedAt !== undefined);
    expect(drive.run(run).facts.copy).toBeUndefined();
    expect((await door().cancel({ run, by: 'U0ANA00001' })).ok).toBe(true);

    expect(await ends(run)).toBe('Needs help');
  });

  test.each(['capture', 'restore-copy', 'match-settings', 'verify', 'give-name'])('%s of a clone', async (step) => {
    expect(await cancelled(clone, step)).toBe('Cancelled');
    await drive.close();
    expect(await cancelled(cloneOfCluster, step)).toBe('Cancelled');
  });

  test.each(['capture', 'snapshot', 'restore-copy', 'match-settings', 'verify', 'swap', 'finish'])(
    '%s of a cluster',
    async (step) => {
      expect(await cancelled(tickets, step)).toBe('Cancelled');
    },
  );

  test.each(['set-aside', 'snapshot', 'restore-copy', 'swap'])(
    '%s of a run that has set its original aside first',
    async (step) => {
      expect(await cancelled(keepsWrites, step)).toBe('Cancelled');
    },
  );
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
    const run = await approved();
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
    const run = await approved();
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
  function moved({ kind, name }: Subject): void {
    const { world } = drive.sandbox.rds;
    const original = kind === 'cluster' ? world.clustersByName.get(name) : world.byName.get(name);
    if (original === undefined) throw new Error('it is not there');
    original.view.BackupRetentionPeriod = 11;
    world.touch(original);
    const { view } = original;
    journal.wanted = settingsOf(drive, 'DbiResourceId' in view ? view.DbiResourceId : view.DbClusterResourceId);
  }

  const databases = [orders, tickets].map((subject) => ({ subject, kind: subject.kind }));

  test.each(databases)(
    'before the approval of one of a $kind: it is void, and asked for again',
    async ({ subject }) => {
      await start(subject);
      const run = await asked(drive, subject);
      await waits(run);
      await drive.settle();
      moved(subject);

      await clicked('ben', run, 'approve');
      await during(drive, run, (one) => one.planMoved !== undefined);
      // Longer than until the facts are read again: nobody goes on by a yes to the plan as it was.
      await drive.settle(400);
      expect(drive.run(run).status).toBe('waiting');
      expect(await drive.card(run)).toMatch(/The plan changed[^]*the settings/);
      expect(journal.effects).toEqual([]);
      await clicked('ben', run, 'approve');

      expect(await ends(run)).toBe('Restored');
    },
  );

  test.each(databases)(
    'just after the approval, of a $kind: the run ends, and nothing was touched',
    async ({ subject }) => {
      await start(subject);
      const run = await asked(drive, subject);
      await waits(run);
      await drive.settle();
      await clicked('ben', run, 'approve');
      expect(await entered(run, 'capture')).toBe(true);
      moved(subject);

      expect(await ends(run)).toBe('Failed');
      expect(journal.effects).toEqual([]);
    },
  );
});

describe('the queue', () => {
  /** No message is stopped as a loop (`ends`), however long a run waits. */
  test('a run that waits for hours has no message with more than 16 hops behind it, and no state that lacks a heartbeat', async () => {
    await start(orders, { knobs: { ...brief().knobs, restoreSeconds: 5400 } });
    const run = await approved();
    await drive.ended(run);

    expect(await ends(run)).toBe('Restored');
    const execution = drive.sandbox.machine.executions().find(({ name }) => name === run);
    expect(execution?.states.filter(({ retries }) => retries > 0)).toEqual([]);
  });

  test.each<[string, Omit<Fault, 'service' | 'operation' | 'kind'>]>([
    ['loses every message but the schedule’s', { match: 'look' }],
    ['loses everything: Step Functions is the last resort', {}],
  ])('%s', async (_, which) => {
    await start(orders);
    drive.arm({ service: 'sqs', operation: 'deliver', kind: 'drop', times: always, ...which });
    const run = await approved();

    expect(await ends(run)).toBe('Restored');
  });

  test('every event of RDS is lost', async () => {
    await start(tickets, { rdsEvents: false });

    expect(await ends(await approved())).toBe('Restored');
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
      const run = await approved();
      await during(drive, run, (one) => one.at?.step === 'restore-copy');
      without(id);

      const end = await ends(run);

      expect(end).toBe('Failed');
      expect(drive.run(run).stop?.problem.code).toBe('unknown-step');
    },
  );

  test.each(['hold', 'remove'])('comes to %s, which is gone, after its end: the success stays', async (id) => {
    await start(orders);
    const run = await approved();
    await during(drive, run, (one) => one.finishedAt !== undefined);
    without(id);

    expect(await ends(run)).toMatch(/^Restored/);
  });

  test('meets a plan with a step that its machine has not: nobody goes on as if it had been done', async () => {
    without('verify');
    await start(orders);
    restored();
    const run = await approved();

    expect(await ends(run)).toBe('Failed');
    expect(drive.run(run).stop?.problem.code).toBe('unknown-step');
  });

  test('has a plan of before a step was added: it goes on without it', async () => {
    without('prune-snapshots');
    await start(orders);
    const run = await approved();
    await during(drive, run, (one) => one.at?.step === 'restore-copy');
    restored();

    expect(await ends(run)).toBe('Restored');
  });
});
