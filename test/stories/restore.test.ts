import { createHmac } from 'node:crypto';
import { type DBInstance, DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { signingSecret } from '../../infra/local/sandbox';
import { app, team } from '../../infra/local/slack/people';
import { Drive, sunday } from './drive';
import { quick } from './quick';

let drive: Drive;
beforeEach(async () => {
  drive = await Drive.start(quick);
});
afterEach(() => drive.close());

async function describeDatabase(name: string): Promise<DBInstance> {
  const { DBInstances } = await drive.rds().send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
  if (!DBInstances?.[0]) throw new Error(`there is no ${name}`);
  return DBInstances[0];
}

/** Everything that Describe says of a database but what makes it this one, and what passes. */
function settingsOf(database: DBInstance): object {
  const {
    DbiResourceId: _,
    InstanceCreateTime: __,
    LatestRestorableTime: ___,
    // RDS puts the copy and its standby where it likes.
    AvailabilityZone: ____,
    SecondaryAvailabilityZone: _____,
    // The volume is still read from its snapshot.
    StorageOperationStatus: ______,
    StorageOperationPercentProgress: _______,
    MasterUserSecret,
    AssociatedRoles,
    ...settings
  } = database;
  const roles = AssociatedRoles?.map((role) => `${role.FeatureName} ${role.RoleArn} ${role.Status}`).sort();
  // A managed password always gets a secret of its own.
  return { ...settings, roles, secretKey: MasterUserSecret?.KmsKeyId, secretStatus: MasterUserSecret?.SecretStatus };
}

const snapshot = (id: string) => drive.snapshots().find((one) => one.id === id);

test('a restore: asked for in a form, approved by others, restored beside, proven equal, swapped', async () => {
  const before = await describeDatabase('orders-prod');
  const ana = drive.as('ana');

  const { view } = await ana.command('restore orders-prod');
  expect(view).toMatchObject({ type: 'modal', title: { text: 'Restore a database' } });
  const id = await ana.fillRestore({ snapshot: 'orders-prod-before-release-42', reason: 'release 42 ate the orders' });
  await drive.until(id, 'waiting', 1);
  const plan = await drive.card(id);
  expect(plan).toContain('Waiting for approval: orders-prod');
  expect(plan).toContain('> release 42 ate the orders');
  expect(plan).toContain('A copy of snapshot `orders-prod-before-release-42` is restored beside `orders-prod`');
  expect(plan).toContain('0 of 2 given');
  expect(drive.buttons(id)).toEqual(['approve', 'deny', 'cancel']);

  const ownClick = await drive.click('ana', id, 'approve');
  expect(JSON.stringify(ownClick.ephemeral)).toMatch(/somebody else|other approvers/);
  await drive.click('ben', id, 'approve');
  await drive.settle(120);
  expect(drive.run(id).status).toBe('waiting');
  await drive.click('chloe', id, 'approve');
  const run = await drive.until(id, 'succeeded');

  const after = await describeDatabase('orders-prod');
  expect(after.DbiResourceId).not.toBe(before.DbiResourceId);
  expect(settingsOf(after)).toEqual(settingsOf(before));
  expect(drive.database('orders-prod')?.restoredFrom).toContain(':snapshot:orders-prod-before-release-42');
  const aside = drive.database(`orders-prod-old-${id}`);
  expect(aside).toMatchObject({ resourceId: before.DbiResourceId, status: 'available', tags: { 'trapheus:run': id } });
  expect(snapshot(`orders-prod-safety-trapheus-${id}`)).toMatchObject({
    status: 'available',
    resourceId: before.DbiResourceId,
  });
  expect(run.facts.report?.filter(({ verdict }) => verdict === 'different' || verdict === 'impossible')).toEqual([]);
  expect(run.facts.outageSeconds).toBeGreaterThan(60);
  expect(run.facts.outageSeconds).toBeLessThan(300);

  const card = await drive.card(id);
  expect(card).toContain('Restored: orders-prod');
  expect(card).toContain(`The original is kept as \`orders-prod-old-${id}\` until`);
  expect(drive.buttons(id)).toEqual(['undo', 'keep-longer', 'remove-now']);
  expect((await drive.thread(id)).at(-1)).toMatch(/^<@U0ANA00001>: `orders-prod` is restored\./);
});

test('Undo during the hold brings the same database back', async () => {
  const before = await describeDatabase('orders-staging');
  const id = await drive.approved('orders-staging');
  await drive.until(id, 'succeeded');
  expect(drive.database('orders-staging')?.resourceId).not.toBe(before.DbiResourceId);

  await drive.click('ana', id, 'undo');
  const run = await drive.ended(id);

  expect(run.status).toBe('undone');
  const kept = [`orders-staging-safety-trapheus-${id}`, `orders-staging-copy-trapheus-${id}`];
  expect(run.leftovers.map(({ name }) => name)).toEqual(kept);
  for (const name of kept) expect(snapshot(name)).toMatchObject({ status: 'available' });
  const after = await describeDatabase('orders-staging');
  expect(after.DbiResourceId).toBe(before.DbiResourceId);
  expect(settingsOf(after)).toEqual(settingsOf(before));
  expect(drive.databases().filter(({ name }) => name.includes(id))).toEqual([]);
  const card = await drive.card(id);
  for (const name of kept) expect(card).toContain(name);
  expect(drive.executions(id)).toEqual([{ name: id, status: 'SUCCEEDED' }]);
});

test('when the hold is over the original goes, and its final snapshot stays', async () => {
  const before = await describeDatabase('orders-staging');
  const id = await drive.approved('orders-staging');
  await drive.until(id, 'succeeded');
  expect(drive.database(`orders-staging-old-${id}`)?.resourceId).toBe(before.DbiResourceId);

  const run = await drive.ended(id, 3);

  expect(run.status).toBe('succeeded');
  expect(drive.databases().map(({ resourceId }) => resourceId)).not.toContain(before.DbiResourceId);
  const final = snapshot(`orders-staging-final-trapheus-${id}`);
  expect(final).toMatchObject({ status: 'available', resourceId: before.DbiResourceId });
  expect(await drive.card(id)).toContain('The set-aside original was removed');
  expect(drive.buttons(id)).not.toContain('undo');
  expect(drive.executions(id)).toEqual([{ name: id, status: 'SUCCEEDED' }]);
});

test('a program that signs its own requests drives a restore as Slack does', async () => {
  const { url, requestUrl } = drive.sandbox;
  const send = async (form: Record<string, string>) => {
    const body = new URLSearchParams(form).toString();
    const at = String(sunday / 1000);
    const signature = createHmac('sha256', signingSecret).update(`v0:${at}:${body}`).digest('hex');
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': at,
      'x-slack-signature': `v0=${signature}`,
    };
    const response = await fetch(requestUrl, { method: 'POST', headers, body });
    return { status: response.status, body: await response.text() };
  };
  const interact = (payload: object) => send({ payload: JSON.stringify(payload) });
  const as = async (user: string) => {
    const given = { method: 'POST', body: JSON.stringify({ user, channel: 'C0DBOPS001' }) };
    const context = JSON.parse(await (await fetch(`${url}/sandbox/trigger`, given)).text());
    const who = { user: { id: user, team_id: team.id }, team: { id: team.id, domain: team.domain } };
    return { ...context, ...who, api_app_id: app.appId };
  };

  const { trigger_id, response_url } = await as('U0ANA00001');
  const command = {
    command: '/trapheus',
    text: 'restore orders-staging',
    channel_id: 'C0DBOPS001',
    channel_name: 'db-ops',
  };
  const person = { user_id: 'U0ANA00001', team_id: team.id, api_app_id: app.appId };
  const typed = await send({ ...command, ...person, trigger_id, response_url });
  expect(typed).toEqual({ status: 200, body: '' });

  const [open] = drive.sandbox.slack.state().views;
  const view = open?.view as { state: { values: Record<string, object> } };
  const values = { ...view.state.values, reason: { reason: { type: 'plain_text_input', value: 'load test' } } };
  const form = { ...view, state: { values } };
  const submit = async (shown: object) =>
    interact({ ...(await as('U0ANA00001')), type: 'view_submission', view: shown, response_urls: [] });
  const review = await submit(form);
  // What is known so far, before it is asked for.
  const last = { ...form, ...JSON.parse(review.body).view, state: { values: {} } };
  const sent = await submit(last);
  expect(sent.status).toBe(200);
  const id = /r[2-9a-hjkmnp-tv-z]{7}\b/.exec(JSON.parse(sent.body).view.blocks[0].text.text)?.[0] ?? '';
  await drive.until(id, 'waiting', 1);
  await drive.settle();

  const { ts, blocks } = drive.root(id);
  const buttons = blocks.find(({ type }) => type === 'actions') as {
    block_id: string;
    elements: { action_id: string }[];
  };
  const approve = { ...buttons.elements.find(({ action_id }) => action_id === 'approve'), block_id: buttons.block_id };
  const clicked = await interact({
    ...(await as('U0BEN00001')),
    type: 'block_actions',
    container: { type: 'message', message_ts: ts, channel_id: 'C0DBOPS001', is_ephemeral: false },
    channel: { id: 'C0DBOPS001', name: 'db-ops' },
    message: { type: 'message', ts, blocks, text: '' },
    actions: [{ ...approve, action_ts: ts }],
  });
  expect(clicked.status).toBe(200);
  const run = await drive.until(id, 'succeeded');

  expect(run.decisions).toEqual([expect.objectContaining({ by: 'U0BEN00001', decision: 'approve' })]);
  expect(drive.database('orders-staging')?.resourceId).toBe(run.facts.copy?.resourceId);
});
