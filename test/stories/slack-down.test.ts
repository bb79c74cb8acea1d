import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

let drive: Drive;
afterEach(() => drive.close());

const always = 1_000_000;

test('Slack is down during the whole run: the restore succeeds all the same, and the card is right within a minute of its return', async () => {
  drive = await Drive.start(quick);
  const world = before(drive);
  const run = await drive.requested('orders-staging');
  await drive.click('ben', run, 'approve');
  drive.arm({ service: 'slack', kind: '5xx', times: always });
  await drive.until(run, (one) => one.at?.step === 'hold');
  expect(await drive.card(run)).not.toContain('succeeded');

  drive.sandbox.faults.reset();
  await drive.settle(60);

  expect(await drive.card(run)).toContain('succeeded');
  expect((await drive.thread(run)).join()).toContain('<@U0ANA00001>');
  await holds(drive, run, world);
});

test('Slack is down from the request on: the card is made when it returns', async () => {
  drive = await Drive.start(quick);
  const ana = drive.as('ana');
  await ana.command('restore orders-staging');
  drive.arm({ service: 'slack', operation: 'chat.postMessage', kind: '5xx', times: always });
  const run = await ana.fillRestore({ reason: 'fresh data' });
  await drive.settle(300);
  expect(() => drive.root(run)).toThrow('has no card');

  drive.sandbox.faults.reset();
  await drive.settle(60);

  expect(await drive.card(run)).toContain('waiting for approval');
  expect(drive.messages().filter((message) => message.text.includes(`run ${run}`) && !message.thread_ts)).toHaveLength(
    1,
  );
});

test('Slack refuses everything while a run fails: whoever is on call is mailed all the same', async () => {
  drive = await Drive.start(quick);
  const world = before(drive);
  const run = await drive.approved('orders-staging');
  // Neither Slack nor the functions that talk to it or close runs are there.
  drive.arm(
    { service: 'slack', kind: '5xx', times: always },
    { service: 'lambda', operation: 'trapheus-notifier', kind: 'throttle', times: always },
    { service: 'lambda', operation: 'trapheus-ended', kind: 'throttle', times: always },
    {
      service: 'rds',
      operation: 'RestoreDBInstanceFromDBSnapshot',
      kind: 'ends-in',
      status: 'incompatible-restore',
      times: 1,
    },
  );
  const record = await drive.ended(run);
  await drive.settle(90);

  expect(record.status).toBe('failed');
  expect(drive.root(run).text).not.toContain('failed');
  const mails = drive.sandbox.alerts.sent;
  const mail = mails.find(({ text }) => text.startsWith(`Trapheus: the execution ${run} ended FAILED.`));
  expect((mail?.at ?? 0) - (record.closedAt ?? 0)).toBeLessThan(2_000);
  expect(mail?.at).toBeGreaterThanOrEqual(record.closedAt ?? Number.POSITIVE_INFINITY);
  expect(mails.map(({ text }) => text).join()).toContain('docs/runbook.md#run-failed');
  // What the mail leads to says what the card would have said.
  const execution = drive.executions(run).at(-1);
  expect(execution).toEqual({ name: run, status: 'FAILED' });

  drive.sandbox.faults.reset();
  await drive.settle(120);
  expect(await drive.card(run)).toContain('failed');
  await holds(drive, run, world);
});

test('a run that ends as people asked mails nobody', async () => {
  drive = await Drive.start(quick);
  const run = await drive.requested('orders-staging');
  await drive.click('ana', run, 'cancel');
  await drive.ended(run);
  await drive.settle(120);

  expect(drive.sandbox.alerts.sent).toEqual([]);
});

test('records that come twice, late or out of order show the newest state once', async () => {
  drive = await Drive.start(quick);
  const world = before(drive);
  const run = await drive.requested('orders-staging');
  drive.arm({ service: 'lambda', operation: 'trapheus-notifier', kind: 'crash-after', times: 6 });
  await drive.click('ben', run, 'approve');

  await drive.until(run, 'succeeded');

  await holds(drive, run, world);
  const texts = await drive.thread(run);
  expect(new Set(texts).size).toBe(texts.length);
});

test('a card that somebody deleted is posted anew', async () => {
  drive = await Drive.start(quick);
  const run = await drive.requested('orders-staging');
  await drive.settle();
  const { ts } = drive.root(run);
  await fetch(`${drive.sandbox.slackApiUrl}chat.delete`, {
    method: 'POST',
    headers: { authorization: 'Bearer xoxb-0-sandbox-trapheus', 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'C0DBOPS001', ts }),
  });
  expect(() => drive.root(run)).toThrow('has no card');

  await drive.as('ana').command(`status ${run}`);
  await drive.ended(run, 3);

  expect(await drive.card(run)).toContain('expired');
});

test('when Slack asks for a rest, no run’s card changes before it is over, and then all are right', async () => {
  drive = await Drive.start({ ...quick, slackKnobs: { rateLimits: 'no-bursts' } });
  const updates: { at: number; status: number | string }[] = [];
  const posts: number[] = [];
  drive.sandbox.onCall(({ service, operation, at, status }) => {
    if (service !== 'slack') return;
    if (operation === 'chat.update') updates.push({ at, status });
    if (operation === 'chat.postMessage') posts.push(at);
  });
  const one = await drive.approved('orders-staging');
  const other = await drive.approved('analytics-staging');
  drive.arm({ service: 'slack', operation: 'chat.update', kind: 'throttle', times: 1 });

  await drive.until(one, 'succeeded');
  await drive.until(other, 'succeeded');
  await drive.settle(60);

  const refused = updates.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(1);
  const restMs = 1_000;
  const from = refused[0]?.at ?? 0;
  expect(updates.filter(({ at }) => at > from && at < from + restMs)).toEqual([]);
  expect(await drive.card(one)).toContain('succeeded');
  expect(await drive.card(other)).toContain('succeeded');
  // One message a second in a channel, to the letter.
  expect(Math.min(...posts.slice(1).map((at, index) => at - (posts[index] ?? 0)))).toBeGreaterThanOrEqual(1000);
});
