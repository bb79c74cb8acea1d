import { resolve } from 'node:path';
import { validateBlocks } from '../../infra/local/slack/validate';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

/** The Home tabs that people have open follow what others do. */
let drive: Drive;
beforeEach(async () => {
  drive = await Drive.start({ ...quick, policyFile: resolve(__dirname, 'policy-approvals.yml') });
});
afterEach(() => drive.close());

/** What stands on somebody's tab now, without his opening it again. */
const tab = (person: string) => drive.sandbox.slack.state().homes.find(({ user }) => user === person)?.view;
const says = (person: string) => JSON.stringify(tab(person));
const ana = 'U0ANA00001';
const ben = 'U0BEN00001';
const omar = 'U0OMAR0001';

test('what somebody else decides takes the buttons off every open tab that has them', async () => {
  const world = before(drive);
  const run = await drive.requested('analytics-staging');
  for (const person of ['ana', 'ben', 'omar']) await drive.as(person).home();
  expect(says(ben)).toMatch(/"action_id":"approve".+"action_id":"deny"/);
  expect(says(ana)).toContain('Waiting for approval');
  const bystander = tab(omar);

  await drive.click('chloe', run, 'approve');
  await drive.until(run, 'running');
  await drive.settle(60);
  expect(says(ben)).not.toMatch(/"action_id":"(approve|deny|swap-now)"/);
  expect(says(ana)).not.toContain('Waiting for approval');
  expect(JSON.stringify(bystander)).toContain('Waiting for approval');
  expect(says(omar)).toMatch(/\*Running\*.+analytics-staging/);
  expect(says(omar)).not.toContain('Waiting for approval');

  await drive.until(run, (one) => one.at?.step === 'go-ahead' && one.status === 'waiting');
  await drive.settle();
  expect(says(ben)).toContain('"action_id":"swap-now"');
  await drive.click('chloe', run, 'swap-now');
  await drive.settle();
  expect(says(ben)).not.toContain('"action_id":"swap-now"');
  await drive.ended(run);
  await drive.settle();
  for (const person of [ana, ben]) expect(validateBlocks('home', tab(person)?.blocks)).toEqual([]);
  await drive.settle(60);
  for (const person of [ana, ben, omar]) expect(says(person)).toMatch(/Recent.+analytics-staging/);
  await holds(drive, run, world, { name: 'analytics-staging' });
});

test('a request appears on the open tab of whoever may decide it, and goes when it is withdrawn', async () => {
  await drive.as('ben').home();
  expect(says(ben)).toContain('Nothing waits for you.');
  const run = await drive.requested('orders-staging');
  await drive.settle();
  expect(says(ben)).toContain('"action_id":"approve"');
  await drive.click('ana', run, 'cancel');
  await drive.ended(run);
  await drive.settle();
  expect(says(ben)).toContain('Nothing waits for you.');
});

test('a tab that Slack does not take now is published later', async () => {
  const run = await drive.requested('analytics-staging');
  await drive.as('ben').home();
  drive.arm({ service: 'slack', operation: 'views.publish', kind: 'throttle', times: 2 });
  await drive.click('chloe', run, 'approve');
  await drive.settle(300);
  expect(says(ben)).not.toContain('"action_id":"approve"');
});

test('a freeze stands on every open tab, and goes with it', async () => {
  for (const person of ['ben', 'omar']) await drive.as(person).home();
  const chloe = drive.as('chloe');
  await chloe.command('freeze "the storage is in trouble"');
  await chloe.submit({ reason: { reason: { type: 'plain_text_input', value: 'the storage is in trouble' } } });
  await drive.settle();
  for (const person of [ben, omar]) expect(says(person)).toContain('Everything is frozen.* <@U0CHLOE001>');
  await chloe.command('unfreeze');
  await chloe.submit({});
  await drive.settle();
  for (const person of [ben, omar]) expect(says(person)).not.toContain('Everything is frozen');
});
