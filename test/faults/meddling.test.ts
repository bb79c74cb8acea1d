import type { Cluster } from '../../infra/local/rds/cluster';
import type { Instance } from '../../infra/local/rds/instance';
import { seedInstance } from '../../infra/local/rds/seed';
import { RdsDatabases } from '../../orchestrator/aws/databases';
import { pipeline } from '../../orchestrator/pipeline';
import type { Run } from '../../orchestrator/run';
import { done, fact } from '../../orchestrator/step';
import type { Verdict } from './checker';
import type { Subject } from './journal';
import { agreed, judged, opened, type Scene } from './scene';
import { during, storyNamed } from './stories';

/**
 * Somebody changes in the RDS console what a run has made or set aside. What is not what the run has written down, under
 * its own name and with its own tag, is nobody's to delete or to rename; the card says so, and names it.
 */
const { subject: orders } = storyNamed('restore');
const { subject: tickets } = storyNamed('cluster');
const both = [orders, tickets].map((subject) => ({ subject, kind: subject.kind }));

let scene: Scene;
afterEach(async () => {
  jest.restoreAllMocks();
  await scene.drive.close();
});

const world = () => scene.drive.sandbox.rds.world;

/** What has a name just now. */
function found({ kind }: Pick<Subject, 'kind'>, name: string): Instance | Cluster {
  const one = kind === 'cluster' ? world().clustersByName.get(name) : world().byName.get(name);
  if (one === undefined) throw new Error(`nobody is called ${name}`);
  return one;
}

function instance(name: string): Instance {
  const one = found({ kind: 'instance' }, name);
  if (one.kind !== 'instance') throw new Error(`${name} is no instance`);
  return one;
}

function untag(one: Instance | Cluster): void {
  one.view.TagList = one.view.TagList.filter(({ Key }) => Key !== 'trapheus:run');
  world().touch(one);
}

/** A database of somebody else's, under a name that the run thinks is its own. */
function somebodyElses(name: string, tags: Instance['view']['TagList'] = []): void {
  const size = { class: 'db.t4g.micro', sizeGiB: 20, ageDays: 0 };
  const other = seedInstance(world(), { name, engine: 'postgres', version: '16.6', ...size });
  other.view.TagList = tags;
  scene.journal.others.add(other.view.DbiResourceId);
}

/** A read replica that somebody has made of it. */
function replicate(one: Instance): void {
  const name = `${one.view.DBInstanceIdentifier}-reader`;
  somebodyElses(name);
  one.view.ReadReplicaDBInstanceIdentifiers = [name];
  world().touch(one);
}

/** Until the run is where `isThere` says. */
async function reached(subject: Subject, isThere: (run: Run) => boolean): Promise<string> {
  scene = await opened(subject);
  const run = await agreed(scene);
  await during(scene.drive, run, isThere);
  return run;
}

const isVerifying = (run: Run): boolean => run.at?.step === 'verify';
const isHolding = (run: Run): boolean => run.hold !== undefined && run.at?.step === 'hold';

async function cancelled(run: string): Promise<Verdict> {
  await scene.drive.click('ana', run, 'cancel');
  return judged(scene, run);
}

const deletions = () => scene.journal.effects.filter(({ operation }) => operation.startsWith('Delete'));
const renames = () => scene.journal.effects.filter(({ to }) => to !== undefined);

describe('the copy, before the run is cancelled,', () => {
  test.each(both)('has lost its tag ($kind): it stays, and a person is called', async ({ subject }) => {
    const run = await reached(subject, isVerifying);
    untag(found(subject, `${subject.name}-trapheus-${run}`));

    expect(await cancelled(run)).toMatchObject({ end: 'Needs help', broken: [] });
    expect(deletions()).toEqual([]);
    expect(await scene.drive.card(run)).toMatch(/does not carry this run’s tag and name any more/);
  });

  test('has a read replica: it stays', async () => {
    const run = await reached(orders, isVerifying);
    replicate(instance(`orders-staging-trapheus-${run}`));

    expect(await cancelled(run)).toMatchObject({ end: 'Needs help', broken: [] });
    expect(deletions()).toEqual([]);
  });

  test('is gone, and another one has its name and its tag: that is not the run’s', async () => {
    const run = await reached(orders, isVerifying);
    const copy = instance(`orders-staging-trapheus-${run}`);
    world().remove(copy);
    somebodyElses(copy.view.DBInstanceIdentifier, copy.view.TagList);

    expect(await cancelled(run)).toMatchObject({ end: 'Cancelled', broken: [] });
    expect(deletions()).toEqual([]);
  });
});

describe('the copy, before it is proven,', () => {
  test.each(both)('differs in a setting again ($kind): nothing is renamed', async ({ subject }) => {
    const run = await reached(subject, isVerifying);
    const copy = found(subject, `${subject.name}-trapheus-${run}`);
    copy.view.PreferredBackupWindow = '11:11-11:41';
    world().touch(copy);

    expect(await judged(scene, run)).toMatchObject({ end: 'Failed', broken: [] });
    expect(scene.drive.run(run).stop?.problem.code).toBe('settings-differ');
    expect(renames()).toEqual([]);
  });

  test('is gone: the original was never touched', async () => {
    const run = await reached(orders, isVerifying);
    world().remove(instance(`orders-staging-trapheus-${run}`));

    expect(await judged(scene, run)).toMatchObject({ end: 'Failed', broken: [] });
    expect(scene.drive.run(run).stop?.problem.code).toBe('copy-gone');
    expect(renames()).toEqual([]);
  });

  test('cannot be made, since somebody else’s database has its name: that one stays', async () => {
    const run = await reached(orders, (one) => one.at?.step === 'snapshot');
    somebodyElses(`orders-staging-trapheus-${run}`);

    expect(await judged(scene, run)).toMatchObject({ end: 'Failed', broken: [] });
    expect(scene.drive.run(run).stop?.problem.code).toBe('name-taken');
    expect(deletions()).toEqual([]);
  });
});

describe('between the two renames', () => {
  test('somebody else’s database takes the name: neither is deleted, and a person is called', async () => {
    const run = await reached(orders, (one) => one.facts.swap?.startedAt !== undefined);
    await scene.drive.sandbox.clock.runUntil(() => !world().taken.has('orders-staging'), 3_600_000);
    somebodyElses('orders-staging');

    expect(await judged(scene, run)).toMatchObject({ end: 'Needs help', broken: [] });
    expect(scene.drive.run(run).help?.problem.message).toMatch(/orders-staging/);
    expect(deletions()).toEqual([]);
  });
});

describe('the set-aside original, when its hold ends,', () => {
  const meddlings: [string, (aside: Instance, run: string) => void][] = [
    ['has lost its tag', (aside) => untag(aside)],
    ['has a read replica', (aside) => replicate(aside)],
    ['has been stopped', (aside) => world().setStatus(aside, 'stopped')],
    [
      'has another name',
      (aside) => {
        world().byName.delete(aside.view.DBInstanceIdentifier);
        world().taken.delete(aside.view.DBInstanceIdentifier);
        aside.view.DBInstanceIdentifier = 'orders-of-last-week';
        aside.view.DBInstanceArn = world().instanceArn('orders-of-last-week');
        world().add(aside);
        world().touch(aside);
      },
    ],
  ];

  test.each(meddlings)('%s: it stays, and the card names it', async (_, meddle) => {
    const run = await reached(orders, isHolding);
    meddle(instance(`orders-staging-old-${run}`), run);

    expect(await judged(scene, run)).toMatchObject({ end: 'Restored, with leftovers', broken: [] });
    expect(deletions()).toEqual([]);
  });
});

describe('the checker says so when the run', () => {
  test('deletes a copy that has lost its tag', async () => {
    const run = await reached(orders, isVerifying);
    untag(instance(`orders-staging-trapheus-${run}`));
    const { byResourceId } = RdsDatabases.prototype;
    jest.spyOn(RdsDatabases.prototype, 'byResourceId').mockImplementation(async function (this: RdsDatabases, id) {
      const one = await byResourceId.call(this, id);
      return one?.name.includes('-trapheus-') ? { ...one, tags: { ...one.tags, 'trapheus:run': run } } : one;
    });

    const { broken } = await cancelled(run);

    expect(broken).toContainEqual(expect.stringMatching(/^I1: .* was deleted without this run's tag/));
  });

  test('goes by the name, and deletes somebody else’s database', async () => {
    const run = await reached(orders, isVerifying);
    const copy = instance(`orders-staging-trapheus-${run}`);
    world().remove(copy);
    somebodyElses(copy.view.DBInstanceIdentifier, copy.view.TagList);
    const { byResourceId, find } = RdsDatabases.prototype;
    jest.spyOn(RdsDatabases.prototype, 'byResourceId').mockImplementation(async function (this: RdsDatabases, id) {
      if (id !== copy.view.DbiResourceId) return byResourceId.call(this, id);
      const one = await find.call(this, copy.view.DBInstanceIdentifier);
      return one && { ...one, resourceId: id };
    });

    const { broken } = await cancelled(run);

    expect(broken).toContainEqual(
      expect.stringMatching(/^I1: .* was deleted, which this run has neither made nor set aside/),
    );
    expect(broken).toContain('I1: a database that somebody else has made meanwhile is gone');
  });

  test('renames before the copy is proven', async () => {
    const verify = pipeline.find(({ id }) => id === 'verify');
    if (verify === undefined) throw new Error('there is no step verify');
    jest.spyOn(verify, 'look').mockImplementation(async ({ now }) => done('', fact({ verifiedAt: now() })));
    const run = await reached(orders, (one) => one.at?.step === 'go-ahead' || one.at?.step === 'swap');
    const copy = instance(`orders-staging-trapheus-${run}`);
    copy.view.PreferredBackupWindow = '11:11-11:41';
    world().touch(copy);

    const { broken } = await judged(scene, run);

    expect(broken).toContainEqual(expect.stringMatching(/^I8: .* while the copy differed in PreferredBackupWindow/));
  });
});
