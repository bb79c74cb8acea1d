import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { Drive } from './drive';
import { quick } from './quick';

/** What people are told of the settings in the end. */
let drive: Drive;
beforeEach(async () => {
  drive = await Drive.start(quick);
});
afterEach(() => drive.close());

test('the thread counts what is identical, what changed on purpose and what cannot be restored, and says which and why', async () => {
  const name = 'orders-staging';
  // The snapshots hold the version before; and a stream belongs to one database.
  const upgrade = { DBInstanceIdentifier: name, EngineVersion: '16.8', ApplyImmediately: true };
  await drive.rds().send(new ModifyDBInstanceCommand(upgrade));
  await drive.settle(3600);
  const { world } = drive.sandbox.rds;
  Object.assign(world.instance(name).view, { ActivityStreamStatus: 'started', ActivityStreamMode: 'async' });
  world.touch(world.instance(name));
  const run = await drive.approved(name, { snapshot: 'orders-staging-known-good' });

  expect(drive.run(run).plan?.warnings).toContainEqual(
    expect.stringMatching(/^Database activity stream cannot be restored: a stream belongs to one database/),
  );
  const { facts } = await drive.until(run, 'succeeded');

  const equal = facts.report?.filter(({ verdict }) => verdict === 'equal').length ?? 0;
  expect(equal).toBeGreaterThan(40);
  const counts = `${equal} settings identical, 1 changed on purpose, 1 cannot be restored: Database activity stream`;
  const thread = (await drive.thread(run)).join('\n');
  expect(thread).toContain(counts);
  expect(thread).toMatch(
    /\*Engine version\* changed on purpose: was `16.8`, is `16.6`; the snapshot decides the version/,
  );
  expect(thread).toMatch(
    /\*Database activity stream\* cannot be restored: was `async`, is none; a stream belongs to one/,
  );
  expect(await drive.card(run)).toContain(counts);
  expect(thread).toContain(`Its resource id is now \`${facts.copy?.resourceId}\``);
});
