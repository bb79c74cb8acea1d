import { createHmac } from 'node:crypto';
import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { signingSecret } from '../../infra/local/sandbox';
import { Drive, sunday } from './drive';
import { quick } from './quick';

/** Every refusal says what is wrong, and leaves the account as it was. */
let drive: Drive;
let world: unknown;
beforeEach(async () => {
  drive = await Drive.start(quick);
  world = drive.databases();
});
afterEach(() => drive.close());

const untouched = () => {
  expect(drive.databases()).toEqual(world);
  expect(drive.sandbox.runs.size).toBe(0);
};
const heard = (answer: { ephemeral: unknown[] }) => JSON.stringify(answer.ephemeral);

describe('a command that cannot work', () => {
  test.each([
    ['an unknown verb', 'restroe orders-staging', /restore/],
    ['a dangerous word of another tool', 'delete orders-staging', /delete/],
    ['an unknown database', 'restore orders-stagin', /Did you mean `?orders-staging/],
    ['a database without a rule', 'restore legacy-reports', /No rule in policy\.yml covers/],
    ['an unclosed quote', 'restore orders-staging --reason "half', /quote/i],
    ['an unknown option', 'restore orders-staging --force', /force/],
    ['an unknown run', 'status r2222222', /no run/],
    ['a run that is none', 'cancel orders', /run/],
  ])('%s', async (_, text, says) => {
    const answer = await drive.as('ana').command(text);

    expect(answer.view).toBeUndefined();
    expect(heard(answer)).toMatch(says);
    untouched();
  });

  test.each([
    ['omar', 'of another department'],
    ['gina', 'a guest'],
    ['sam', 'a stranger'],
  ])('from %s, %s', async (person) => {
    const answer = await drive.as(person).command('restore orders-prod');

    expect(answer.view).toBeUndefined();
    expect(answer.ephemeral).not.toEqual([]);
    untouched();
  });

  test('in a channel that the rule does not name', async () => {
    const answer = await drive.as('ana', 'orders').command('restore orders-prod');

    expect(heard(answer)).toContain('not restored from this channel');
    untouched();
  });
});

describe('a form that cannot work', () => {
  test.each([
    ['a stopped database', { database: 'inventory-dev', reason: 'x' }, /stopped/],
    ['no reason', { database: 'orders-staging', reason: '   ' }, /reason/],
  ])('%s is told under its field', async (_, given, says) => {
    const ana = drive.as('ana');
    await ana.command('restore');

    const answer = await ana.tryRestore(given);

    expect(JSON.stringify(answer.errors ?? answer.view)).toMatch(says);
    untouched();
  });

  test('a snapshot of another engine', async () => {
    const ana = drive.as('ana');
    await ana.command('restore orders-staging');
    const other = drive.snapshots().find((one) => one.engine === 'mysql' && one.status === 'available');
    const { view } = await ana.command('restore orders-staging');
    const blocks = (view?.blocks ?? []) as { block_id: string; element?: { action_id: string } }[];
    const field = blocks.find((block) => block.element?.action_id === 'snapshot')?.block_id ?? '';

    const answer = await ana.submit({
      reason: { reason: 'x' },
      [field]: {
        snapshot: {
          type: 'external_select',
          selected_option: { text: { type: 'plain_text', text: 'other' }, value: other?.id },
        },
      },
    });

    expect(JSON.stringify(answer.errors)).toMatch(/mysql.*postgres/);
    untouched();
  });

  test('the same form sent twice is one run', async () => {
    const run = await drive.requested('orders-staging');

    expect(drive.sandbox.runs.size).toBe(1);
    expect(drive.executions(run)).toHaveLength(1);
  });
});

describe('a second request for the same database', () => {
  test('while the first waits: it is reserved, and by whom', async () => {
    const run = await drive.requested('orders-staging');

    const answer = await drive.as('ben').command('restore orders-staging');

    expect(heard(answer)).toMatch(new RegExp(`reserved by run ${run}.*U0ANA00001`));
  });

  test('while the first works: it is held', async () => {
    const run = await drive.approved('orders-staging');
    await drive.until(run, (one) => one.at?.step === 'restore-copy');

    const answer = await drive.as('ben').command('restore orders-staging');

    expect(heard(answer)).toMatch(new RegExp(`being restored right now by run ${run}`));
  });

  test('two forms at once: one run, and one clear answer', async () => {
    const [ana, ben] = [drive.as('ana'), drive.as('ben')];
    await ana.command('restore orders-staging');
    await ben.command('restore orders-staging');

    const answers = await Promise.all([ana.tryRestore({ reason: 'mine' }), ben.tryRestore({ reason: 'no, mine' })]);

    await drive.settle(60);
    const told = answers.map((answer) => JSON.stringify([answer.errors, answer.view]));
    expect(told.filter((one) => one.includes('reserved by run'))).toHaveLength(1);
    expect(told.filter((one) => one.includes('Request sent'))).toHaveLength(1);
    expect([...drive.sandbox.runs.values()].filter((run) => run.closedAt === undefined)).toHaveLength(1);
  });
});

describe('a decision that does not count', () => {
  test.each([
    ['omar', /names other approvers/],
    ['ana', /names other approvers|somebody else/],
  ])('by %s', async (person, says) => {
    const run = await drive.requested('orders-staging');

    const answer = await drive.click(person, run, 'approve');
    await drive.settle(30);

    expect(heard(answer)).toMatch(says);
    expect(drive.run(run)).toMatchObject({ status: 'waiting', decisions: [] });
  });

  test('by an approver who asked for it himself', async () => {
    const ben = drive.as('ben');
    await ben.command('restore orders-staging');
    const run = await ben.fillRestore({ reason: 'my own' });
    await drive.until(run, 'waiting');

    const answer = await drive.click('ben', run, 'approve');

    expect(heard(answer)).toContain('somebody else has to approve');
    expect(drive.run(run).decisions).toEqual([]);
  });

  test('twice by the same person, where two are needed', async () => {
    const run = await drive.requested('orders-prod');
    await drive.click('ben', run, 'approve');

    const answer = await drive.click('ben', run, 'approve');
    await drive.settle(30);

    expect(heard(answer)).toContain('already decided');
    expect(drive.run(run)).toMatchObject({ status: 'waiting', decisions: [{ by: 'U0BEN00001' }] });
  });

  test('for a plan that has changed since: it is void, the card shows what changed, and asks again', async () => {
    const run = await drive.requested('orders-prod');
    await drive.click('ben', run, 'approve');
    await drive.settle();
    drive.arm({ service: 'slack', operation: 'chat.update', kind: '5xx', times: 1_000 });
    const change = { DBInstanceIdentifier: 'orders-prod', CopyTagsToSnapshot: false, ApplyImmediately: true };
    await drive.rds().send(new ModifyDBInstanceCommand(change));
    await drive.settle(400);

    expect(drive.run(run)).toMatchObject({
      status: 'waiting',
      planMoved: { differences: ['the settings (copy tags to snapshot)'] },
    });
    const answer = await drive.click('chloe', run, 'approve');
    expect(heard(answer)).toContain('has changed since the message you pressed was shown');
    drive.sandbox.faults.reset();
    await drive.settle(90);
    expect(await drive.card(run)).toContain('the settings (copy tags to snapshot)');

    await drive.click('ben', run, 'approve');
    await drive.click('chloe', run, 'approve');
    expect((await drive.until(run, 'succeeded')).decisions).toHaveLength(3);
  });

  test('a database that changes between approval and start ends the run untouched, with Request again', async () => {
    const run = await drive.requested('orders-staging');
    drive.arm({ service: 'states', operation: 'SendTaskSuccess', kind: '5xx', times: 3 });
    await drive.click('ben', run, 'approve');
    await drive.until(run, (one) => one.steps.approval?.doneAt !== undefined);
    await drive.rds().send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: 'orders-staging',
        CopyTagsToSnapshot: true,
        BackupRetentionPeriod: 9,
        ApplyImmediately: true,
      }),
    );

    const record = await drive.ended(run);

    expect(record.status).toBe('failed');
    expect(['changed-since-approval', 'pending-modifications', 'not-ready']).toContain(record.stop?.problem.code);
    await drive.settle();
    expect(drive.buttons(run)).toContain('request-again');
    expect(drive.databases()).toHaveLength((world as unknown[]).length);
  });

  test('when nobody decides, the request expires; a denial ends it with its reason', async () => {
    const run = await drive.requested('orders-staging');
    expect((await drive.ended(run, 3)).status).toBe('expired');
    expect(drive.executions(run).at(-1)?.status).toBe('SUCCEEDED');

    const denied = await drive.requested('orders-staging', { reason: 'once more' });
    const { view } = await drive.click('ben', denied, 'deny');
    const block = ((view?.blocks ?? []) as { block_id: string; element?: { action_id: string } }[]).find(
      (one) => one.element,
    );
    await drive.as('ben').act({
      view_id: view?.view_id,
      submit: { [block?.block_id ?? '']: { [block?.element?.action_id ?? '']: 'not on a Sunday' } },
    });
    const record = await drive.ended(denied);

    expect(record.status).toBe('denied');
    expect(await drive.card(denied)).toContain('not on a Sunday');
    expect(drive.databases()).toEqual(world);
  });
});

describe('a request that is not Slack’s', () => {
  const seconds = Math.floor(sunday / 1000);
  const body = new URLSearchParams({
    command: '/trapheus',
    text: 'help',
    user_id: 'U0ANA00001',
    team_id: 'T0SANDBOX1',
    channel_id: 'C0DBOPS001',
  }).toString();
  const sign = (text: string, at: number) =>
    `v0=${createHmac('sha256', signingSecret).update(`v0:${at}:${text}`).digest('hex')}`;
  const post = async (text: string, at: number, signature: string) => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': signature,
    };
    return (await fetch(drive.sandbox.requestUrl, { method: 'POST', headers, body: text })).status;
  };

  test.each([
    ['a right one', seconds, 0, 200],
    ['a forged signature', seconds, 1, 401],
    ['six minutes old', seconds - 360, 0, 401],
    ['from the future', seconds + 360, 0, 401],
  ])('%s', async (_, at, shift, status) => {
    expect(await post(body, at, sign(body, at + shift))).toBe(status);
    untouched();
  });

  test.each([
    ['garbage', '%%%{"half', 400],
    ['nothing', '', 400],
    ['a megabyte', `text=${'x'.repeat(1_100_000)}`, 413],
  ])('%s, well signed', async (_, text, status) => {
    expect(await post(text, seconds, sign(text, seconds))).toBe(status);
    untouched();
  });
});
