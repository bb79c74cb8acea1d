import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type AttributeValue, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { accessKeyId, region, secretAccessKey } from '../../infra/local/sandbox';
import type { ActAnswer } from '../../infra/local/slack/acts/outcome';
import * as seeded from '../../infra/local/slack/people';
import type { ShownMessage } from '../../infra/local/slack/workspace';
import { readAudit } from '../../infra/read-audit';
import { brokenSeals } from '../../orchestrator/audit';
import { packed } from '../../orchestrator/aws/packed';
import { createParts } from '../../orchestrator/aws/parts';
import { RunTable } from '../../orchestrator/aws/run-table';
import { Door } from '../../orchestrator/door/door';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

/** Who says yes, as whom, how often he is asked, and what happens when nobody is there. */
let drive: Drive;
afterEach(() => drive.close());

const policyFile = resolve(__dirname, 'policy-approvals.yml');
const start = () => Drive.start({ ...quick, policyFile });
const whispered = ({ ephemeral }: ActAnswer) => ephemeral.map(({ text }) => text).join('\n');
/** A policy file with one rule. */
async function policyOf(approve: { by: string[]; count: number }): Promise<string> {
  const rule = { name: 'everybody', databases: ['*'], request: 'everyone', approve };
  const file = join(await mkdtemp(join(tmpdir(), 'policy-')), 'policy.yml');
  await writeFile(file, JSON.stringify({ rules: [rule], databases: [] }));
  return file;
}
/** For those who share the table and nothing else. */
const tableConfig = () => ({
  tableName: drive.sandbox.tableName,
  stateMachineArn: drive.sandbox.stateMachineArn,
  tickQueueUrl: 'http://127.0.0.1:1/none',
  policyFile,
});
/** Of the newest dialog: what it says. */
const shown = ({ view }: ActAnswer) => JSON.stringify(view ?? {});

describe('N of M, by name and by group', () => {
  test('two different people of a group; none counts twice, and nobody whom the rule does not name', async () => {
    drive = await start();
    const world = before(drive);
    const run = await drive.requested('orders-staging');
    await drive.settle();
    const card = drive.root(run);

    expect(whispered(await drive.as('ana').press(card, 'approve'))).toContain('<!subteam^S0DBA00001>');
    expect(whispered(await drive.as('ben').press(card, 'approve'))).toBe('');
    expect(whispered(await drive.as('ben').press(card, 'approve'))).toContain('already decided');
    await drive.settle(30);
    expect(drive.run(run)).toMatchObject({ status: 'waiting', decisions: [{ by: 'U0BEN00001', as: ['S0DBA00001'] }] });
    expect(await drive.card(run)).toContain('1 of 2 given: <@U0BEN00001>');
    await drive.click('omar', run, 'approve');
    await drive.until(run, 'running');
    expect(whispered(await drive.as('chloe').press(card, 'approve'))).toContain('not waiting');
    await drive.ended(run);

    expect(drive.run(run).decisions.map(({ by }) => by)).toEqual(['U0BEN00001', 'U0OMAR0001']);
    await holds(drive, run, world);
  });

  test('while Slack does not say who is in the group, nobody is let in as one of it; by name he is', async () => {
    drive = await start();
    const run = await drive.requested('orders-staging');
    await drive.settle(70);
    drive.arm({ service: 'slack', operation: 'usergroups.users.list', kind: '5xx', times: 1_000 });
    const card = drive.root(run);

    const refusal = whispered(await drive.as('ben').press(card, 'approve'));
    const byName = whispered(await drive.as('omar').press(card, 'approve'));
    await drive.settle();

    expect(byName).toBe('');
    expect(refusal).toContain('could not be read just now');
    expect(drive.run(run).decisions.map(({ by }) => by)).toEqual(['U0OMAR0001']);
    drive.sandbox.faults.reset();
    await drive.as('ben').press(card, 'approve');
    await drive.until(run, 'running');
  });

  test('fifty people press at once, twice each: one decision for each person, and exactly one start', async () => {
    const approvers = Array.from({ length: 50 }, (_, index) => `U0APPROV${String(index).padStart(2, '0')}`);
    const everybody = approvers.map((id) => ({ id, name: id.toLowerCase(), realName: id, note: 'may approve' }));
    const channels = seeded.channels.map((one) => ({ ...one, members: [...one.members, ...approvers] }));
    drive = await Drive.start({
      ...quick,
      policyFile: await policyOf({ by: approvers, count: 10 }),
      people: { ...seeded, users: [...seeded.users, ...everybody], channels },
    });
    const run = await drive.requested('orders-staging');
    await drive.settle();
    const card = drive.root(run);

    const answers = await Promise.all(
      [...approvers, ...approvers].map((person) => drive.as(person).press(card, 'approve')),
    );
    await drive.until(run, 'running');

    const { decisions } = drive.run(run);
    expect(decisions).toHaveLength(10);
    expect(new Set(decisions.map(({ by }) => by)).size).toBe(10);
    for (const { by } of decisions) expect(approvers).toContain(by);
    // Slack is quiet to those whose yes counted; everybody else is told why his did not.
    const refusals = answers.map(whispered).filter((said) => said !== '');
    expect(refusals).toHaveLength(90);
    for (const said of refusals) expect(said).toMatch(/already decided|has the approvals|not waiting/);
    expect(drive.executions(run)).toHaveLength(1);
    const { runs } = createParts(tableConfig(), drive.sandbox.clock);
    const chain = await runs.refusals(run);
    // The same click of the same person at the same moment is one.
    expect(new Set(chain.map(({ by }) => by)).size).toBe(50);
    expect(brokenSeals(`refused#${run}`, chain)).toEqual([]);
  });

  test('twenty requests at once for one database: one run, and nineteen answers that name it', async () => {
    drive = await start();
    const config = tableConfig();
    // Each as a function of its own: they share the table and nothing else.
    const doors = Array.from({ length: 20 }, () => new Door(createParts(config, drive.sandbox.clock)));

    const answers = await Promise.all(
      doors.map((door, index) =>
        door.request({
          database: 'orders-staging',
          source: { kind: 'newest' },
          target: { kind: 'replace' },
          reason: 'load test',
          requester: { id: ['U0ANA00001', 'U0BEN00001'][index % 2] ?? '', team: 'T0SANDBOX1' },
          channel: 'C0DBOPS001',
          key: `form ${index}`,
        }),
      ),
    );
    await drive.settle();

    const accepted = answers.flatMap((answer) => (answer.ok ? [answer.run.id] : []));
    expect([...drive.sandbox.runs.keys()]).toEqual(accepted);
    expect(accepted).toHaveLength(1);
    const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.problem]));
    expect(refused).toHaveLength(19);
    for (const { code, message } of refused) {
      expect(code).toBe('reserved');
      expect(message).toContain(`reserved by run ${accepted[0]}`);
    }
  });
});

describe('by command', () => {
  test('approve shows the plan and counts it; deny wants a reason; both are checked like the buttons', async () => {
    drive = await start();
    const run = await drive.requested('orders-staging');
    const [ana, ben, gina] = [drive.as('ana'), drive.as('ben'), drive.as('gina')];

    expect(whispered(await ana.command(`approve ${run}`))).toContain('You may not decide');
    expect(whispered(await gina.command(`deny ${run} "no"`))).toContain('Guests cannot');
    const dialog = shown(await ben.command(`approve ${run}`));
    expect(dialog).toContain('This replaces');
    expect(drive.run(run).decisions).toEqual([]);
    expect(shown(await ben.submit({}))).toContain('is counted');
    expect(whispered(await ben.command(`approve ${run}`))).toContain('already decided');

    const chloe = drive.as('chloe');
    await chloe.command(`deny ${run} “not before the release”`);
    await chloe.submit({ reason: { reason: { type: 'plain_text_input', value: 'not before the release' } } });
    await drive.ended(run);

    expect(drive.run(run)).toMatchObject({ status: 'denied', stop: { problem: { code: 'denied' } } });
    expect(whispered(await chloe.command(`approve ${run}`))).toContain('nothing to approve');
    expect((await drive.thread(run)).join('\n')).toContain('not before the release');
  });
});

describe('a second look', () => {
  test('somebody says “Swap now”, and not the requester; then the names are swapped', async () => {
    drive = await start();
    const world = before(drive);
    const run = await drive.requested('analytics-staging');
    await drive.click('ben', run, 'approve');
    await drive.until(run, (one) => one.at?.step === 'go-ahead' && one.status === 'waiting');
    await drive.settle();
    const card = drive.root(run);

    expect(drive.buttons(run)).toEqual(['swap-now', 'deny', 'break-glass', 'cancel']);
    expect(whispered(await drive.as('ana').press(card, 'swap-now'))).not.toBe('');
    await drive.settle(600);
    expect(drive.run(run).facts.swap).toBeUndefined();
    await drive.click('ben', run, 'swap-now');
    await drive.ended(run);

    expect(drive.run(run).status).toBe('succeeded');
    await holds(drive, run, world, { name: 'analytics-staging' });
  });

  test.each(['deny', 'expire', 'cancel'] as const)(
    '%s: the copy goes, and the original was never touched',
    async (how) => {
      drive = await start();
      const world = before(drive);
      const run = await drive.requested('analytics-staging');
      await drive.click('ben', run, 'approve');
      await drive.until(run, (one) => one.at?.step === 'go-ahead' && one.status === 'waiting');
      if (how === 'cancel') await drive.click('ana', run, 'cancel');
      if (how === 'deny') {
        const chloe = drive.as('chloe');
        await drive.settle();
        await chloe.press(drive.root(run), 'deny');
        await chloe.submit({ reason: { reason: { type: 'plain_text_input', value: 'the outage does not suit' } } });
      }
      await drive.ended(run);

      expect(drive.run(run).status).toBe({ deny: 'denied', expire: 'expired', cancel: 'cancelled' }[how]);
      expect(drive.buttons(run)).not.toContain('swap-now');
      await holds(drive, run, world, { name: 'analytics-staging' });
    },
  );

  test('a change window: nobody has to press, and nothing is renamed before it opens', async () => {
    drive = await start();
    const run = await drive.requested('orders-prod');
    await drive.click('ana', run, 'approve');
    await drive.until(run, (one) => one.facts.swap !== undefined, 20);

    // 13:00 in Berlin in winter.
    expect(drive.run(run).facts.swap?.startedAt).toBeGreaterThanOrEqual(Date.parse('2026-11-22T12:00:00Z'));
    expect(drive.run(run).facts.swap?.startedAt).toBeLessThan(Date.parse('2026-11-22T12:10:00Z'));
  });
});

describe('the record', () => {
  test('tells who did what, sealed entry by entry', async () => {
    drive = await start();
    const run = await drive.requested('analytics-staging');
    await drive.settle();
    await drive.as('omar').press(drive.root(run), 'approve');
    await drive.click('ben', run, 'approve');
    await drive.click('chloe', run, 'swap-now');
    await drive.ended(run);

    const { audit: trail = [], facts } = drive.run(run);
    const told = trail.map(({ what, by, step }) => [what, by ?? step].join(' '));
    expect(told.filter((one) => !one.startsWith('step-'))).toEqual([
      'requested U0ANA00001',
      'planned ',
      'approved U0BEN00001',
      'swap-now U0CHLOE001',
      'finished ',
      'closed ',
    ]);
    expect(trail.find(({ what }) => what === 'finished')).toMatchObject({
      before: facts.original?.resourceId,
      after: facts.copy?.resourceId,
    });
    expect(brokenSeals(run, trail)).toEqual([]);
    const forged = trail.map((entry) => (entry.what === 'approved' ? { ...entry, by: 'U0OMAR0001' } : entry));
    expect(brokenSeals(run, forged)).not.toEqual([]);
    expect(brokenSeals(run, trail.slice(1))).not.toEqual([]);
  });

  test('is told in the chat, exported as lines, and verified; whom it refused stands beside it', async () => {
    drive = await Drive.start({ policyFile });
    const run = await drive.requested('orders-staging');
    await drive.settle();
    await drive.as('gina').press(drive.root(run), 'approve');
    await drive.as('ana').press(drive.root(run), 'approve');
    await drive.settle(2);
    await drive.as('ana').press(drive.root(run), 'approve');
    await drive.click('ben', run, 'approve');
    await drive.settle();

    const told = whispered(await drive.as('ben').command(`history ${run}`));
    expect(told).toContain('<@U0ANA00001> was refused (approve: not-an-approver)');
    expect(told).toContain('<@U0BEN00001> approved it, as one of <!subteam^S0DBA00001>');

    const client = new DynamoDBClient({
      region,
      endpoint: drive.sandbox.endpoints.dynamodb,
      credentials: { accessKeyId, secretAccessKey },
    });
    const [lines, complaints]: string[][] = [[], []];
    const call = (...args: string[]) =>
      readAudit(
        [...args, '--table', drive.sandbox.tableName],
        client,
        (line) => lines?.push(line),
        (line) => complaints?.push(line),
      );
    expect(await call('export', '--run', run)).toBe(0);
    expect(lines?.map((line) => (JSON.parse(line) as { what: string }).what)).toEqual(
      expect.arrayContaining(['requested', 'planned', 'approved', 'refused']),
    );
    expect(await call('verify', '--run', 'r0000000')).toBe(1);
    expect(complaints?.join('')).toContain('no trail of a run r0000000');
    expect(await call('verify')).toBe(0);
    expect(lines?.at(-1)).toMatch(/ entries in \d+ trails, 0 broken$/);

    const write = (pk: string, set: string, value: AttributeValue) =>
      client.send(
        new UpdateItemCommand({
          TableName: drive.sandbox.tableName,
          Key: { pk: { S: pk } },
          UpdateExpression: `SET ${set} = :value`,
          ...(set === '#record' && { ExpressionAttributeNames: { '#record': 'record' } }),
          ExpressionAttributeValues: { ':value': value },
        }),
      );
    const runs = new RunTable(client, drive.sandbox.tableName);
    const record = await runs.load(run);
    const forged = record?.audit?.map((entry, at) => (at === 0 ? { ...entry, by: 'U0OMAR0001' } : entry));
    await write(`run#${run}`, '#record', { B: packed({ ...record, audit: forged }) });
    expect(await call('verify')).toBe(1);
    expect(complaints?.join('')).toContain(`${run} (record): entry 1 does not follow`);

    // The first refusal is taken out: the next one says so.
    const refusals = await runs.refusals(run);
    expect(refusals.map(({ by }) => by)).toEqual(['U0ANA00001', 'U0ANA00001']);
    await write(`refused#${run}`, 'entries', marshall({ left: refusals.slice(1) }).left ?? { NULL: true });
    expect(await call('verify')).toBe(1);
    expect(complaints?.join('')).toContain(`${run} (refusals): entry 1 does not follow`);
    expect(await call('forget')).toBe(2);
    expect(await call('verify', '--all')).toBe(2);

    // What is left of a chain whose end was cut off is a chain: the record itself says what is missing in it.
    const verdict = async (stored: object | string) => {
      complaints?.splice(0);
      const value = typeof stored === 'string' ? { S: stored } : { B: packed(stored) };
      await write(`run#${run}`, '#record', value);
      return { code: await call('verify', '--run', run), says: complaints?.join('') };
    };
    const trail = record?.audit ?? [];
    const approval = trail.findIndex(({ what }) => what === 'approved');
    const cut = await verdict({ ...record, audit: trail.slice(0, approval) });
    expect(cut).toEqual({
      code: 1,
      says: expect.stringContaining(`${run} (record): the record says “approved” by U0BEN00001`),
    });
    const emptied = await verdict({ ...record, audit: undefined });
    expect(emptied).toEqual({ code: 1, says: expect.stringContaining('“requested” by U0ANA00001') });
    const decisions = record?.decisions.map((one) => ({ ...one, by: 'U0OMAR0001' }));
    const passedOff = await verdict({ ...record, decisions });
    expect(passedOff).toEqual({ code: 1, says: expect.stringContaining('“approved” by U0OMAR0001') });
    const added = trail.map((entry, at) => (at === 1 ? { ...entry, detail: 'and more', note: 'new' } : entry));
    expect((await verdict({ ...record, audit: added })).says).toContain('entry 2 does not follow');
    const damaged = await verdict('no record');
    expect(damaged).toEqual({
      code: 1,
      says: expect.stringContaining(`${run} (record): what is stored is no record of a run`),
    });
    client.destroy();
  });
});

describe('reminders', () => {
  const inPrivate = (name: string) =>
    drive.sandbox.slack
      .state()
      .channels.filter((channel) => channel.kind === 'im' && channel.name === name)
      .flatMap(({ messages }) => messages);
  const buttonsOf = (message: ShownMessage | undefined) =>
    (message?.blocks ?? []).flatMap((block) =>
      block.type === 'actions' ? (block.elements as { action_id: string }[]).map((one) => one.action_id) : [],
    );

  test('back off, reach those whom the rule wants called, and lose their buttons wherever the decision was made', async () => {
    drive = await start();
    const asked = drive.sandbox.clock.now();
    const run = await drive.requested('orders-staging');
    await drive.sandbox.clock.advance(80 * 60_000);

    const trail = drive.run(run).audit?.filter(({ what }) => what === 'reminded') ?? [];
    expect(trail.map(({ at }) => Math.round((at - asked) / 60_000))).toEqual([15, 45]);
    expect(inPrivate('ben')).toHaveLength(2);
    expect(inPrivate('chloe')).toHaveLength(2);
    // Omar may approve, and does not want to be called; Ana asked for it herself.
    expect([...inPrivate('omar'), ...inPrivate('ana')]).toEqual([]);
    expect(inPrivate('ben').map(buttonsOf)).toEqual([[], ['approve', 'deny']]);

    const [, newest] = inPrivate('ben');
    if (newest === undefined) throw new Error('Ben was not reminded');
    expect(
      await drive.as('ben').act({ channel: dmOf('ben'), message_ts: newest.ts, action_id: 'approve' }),
    ).toMatchObject({
      status: 200,
    });
    await drive.settle(20);
    expect(inPrivate('ben').map(buttonsOf)).toEqual([[], []]);
    expect(inPrivate('chloe').map(buttonsOf)).toEqual([[], ['approve', 'deny']]);
    await drive.click('omar', run, 'approve');
    await drive.until(run, 'running');
    await drive.settle(20);

    expect(inPrivate('chloe').flatMap(buttonsOf)).toEqual([]);
    expect(inPrivate('chloe').at(-1)?.text).toContain('<@U0BEN00001>, <@U0OMAR0001> said yes');
    expect(drive.run(run).decisions.map(({ by, from }) => [by, from])).toEqual([
      ['U0BEN00001', dmOf('ben')],
      ['U0OMAR0001', 'C0DBOPS001'],
    ]);
  });

  test('a request that nobody decides expires, and every copy says so', async () => {
    drive = await start();
    const run = await drive.requested('orders-staging');
    await drive.ended(run);
    await drive.settle(20);

    expect(drive.run(run).status).toBe('expired');
    expect(inPrivate('ben').flatMap(buttonsOf)).toEqual([]);
    expect(inPrivate('ben').at(-1)?.text).toContain('Nobody approved within 2 hours');
  });

  const dmOf = (name: string) =>
    drive.sandbox.slack.state().channels.find((channel) => channel.kind === 'im' && channel.name === name)?.id ?? '';
});
