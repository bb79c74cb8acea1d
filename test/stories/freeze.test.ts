import { resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { accessKeyId, region, secretAccessKey } from '../../infra/local/sandbox';
import type { ActAnswer } from '../../infra/local/slack/acts/outcome';
import { brokenSeals } from '../../orchestrator/audit';
import { FreezeTable } from '../../orchestrator/aws/freeze-table';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

const credentials = { accessKeyId, secretAccessKey };

/** Everything stands still, the calendar says no, and emergencies. */
let drive: Drive;
afterEach(() => drive.close());

const start = () => Drive.start({ ...quick, policyFile: resolve(__dirname, 'policy-approvals.yml') });
const whispered = ({ ephemeral }: ActAnswer) => ephemeral.map(({ text }) => text).join('\n');
const shown = ({ view }: ActAnswer) => JSON.stringify(view ?? {});
const typed = (value: string) => ({ type: 'plain_text_input', value });
const glass = (reason: string, name: string) => ({ reason: { reason: typed(reason) }, name: { name: typed(name) } });

async function freeze(reason = 'the storage is in trouble'): Promise<void> {
  const chloe = drive.as('chloe');
  await chloe.command(`freeze "${reason}"`);
  expect(shown(await chloe.submit({ reason: { reason: typed(reason) } }))).toContain('Everything is frozen');
}

async function unfreeze(): Promise<void> {
  const chloe = drive.as('chloe');
  await chloe.command('unfreeze');
  expect(shown(await chloe.submit({}))).toContain('can be requested again');
}

describe('the global stop', () => {
  test('no run starts, no gate opens, what runs goes on; every refusal says who and why', async () => {
    drive = await start();
    const world = before(drive);
    const running = await drive.requested('analytics-staging');
    await drive.click('ben', running, 'approve');
    await drive.until(running, 'running');
    const waiting = await drive.requested('orders-staging');
    await drive.click('ben', waiting, 'approve');

    expect(whispered(await drive.as('ben').command('freeze "no"'))).toContain('Only administrators');
    await freeze();
    expect(whispered(await drive.as('chloe').command('freeze again'))).toContain('frozen already');
    await drive.settle();
    const card = drive.root(waiting);

    const why = 'frozen: <@U0CHLOE001> stopped it at 2026-11-22 10:';
    expect(whispered(await drive.as('omar').press(card, 'approve'))).toContain(why);
    expect(whispered(await drive.as('chloe').press(card, 'break-glass'))).toContain(why);
    expect(whispered(await drive.as('ana').command('restore orders-prod'))).toContain('the storage is in trouble');
    await drive.until(running, (one) => one.at?.step === 'go-ahead' && one.status === 'waiting');
    await drive.settle();
    expect(whispered(await drive.as('ben').press(drive.root(running), 'swap-now'))).toContain(why);
    expect(await drive.card(running)).toContain('Everything is frozen');
    await drive.click('ana', waiting, 'cancel');
    expect((await drive.ended(waiting)).status).toBe('cancelled');
    await unfreeze();
    await drive.click('ben', running, 'swap-now');
    await drive.ended(running);

    expect(drive.run(running).status).toBe('succeeded');
    await holds(drive, running, world, { name: 'analytics-staging' });
  });

  test('enough approvals, and then a freeze: the gate stays closed until it is lifted, and opens by itself', async () => {
    drive = await start();
    const run = await drive.requested('orders-staging');
    await drive.settle();
    const card = drive.root(run);
    drive.arm({ service: 'sqs', operation: 'SendMessage', kind: 'drop', times: 1_000 });
    await drive.as('ben').press(card, 'approve');
    await drive.as('omar').press(card, 'approve');
    await freeze();
    await drive.settle(200);
    expect(drive.run(run).status).toBe('waiting');
    await unfreeze();
    drive.sandbox.faults.reset();
    await drive.until(run, 'running');
  });

  test.each([
    ['a request', 'orders-staging', 'expired', 'The request expires'],
    ['a copy that waits for “Swap now”', 'analytics-staging', 'expired', 'the copy is removed'],
  ])(
    '%s does not expire while nobody may decide, and has as long afterwards as before',
    async (_, name, end, words) => {
      drive = await start();
      const run = await drive.requested(name);
      if (name === 'analytics-staging') {
        await drive.click('ben', run, 'approve');
        await drive.until(run, (one) => one.at?.step === 'go-ahead' && one.status === 'waiting');
      }
      await drive.settle(1200);
      expect(await drive.card(run)).toContain(words);
      await freeze();
      await drive.settle(10 * 3600);
      expect(drive.run(run).status).toBe('waiting');
      expect(await drive.card(run)).not.toContain(words);
      await unfreeze();
      // Twenty minutes had passed before; with these it is not an hour yet.
      await drive.settle(2000);
      expect(drive.run(run).status).toBe('waiting');
      expect(await drive.card(run)).toContain(words);
      expect((await drive.ended(run, 3)).status).toBe(end);
    },
  );

  test('of ten administrators’ clicks at once one counts; who froze and unfroze is sealed', async () => {
    drive = await start();
    const table = { tableName: drive.sandbox.tableName };
    const client = new DynamoDBClient({ region, endpoint: drive.sandbox.endpoints.dynamodb, credentials });
    const freezes = Array.from({ length: 10 }, () => new FreezeTable(client, table.tableName));
    const at = drive.sandbox.clock.now();

    const frozen = await Promise.all(
      freezes.map((one, index) => one.freeze({ by: `U${index}`, at: at + index, reason: 'all at once' })),
    );
    const current = await freezes[0]?.current();
    const lifted = await Promise.all(
      freezes.map(
        async (one, index) => current !== undefined && (await one.lift(current, 'U0CHLOE001', at + 60_000 + index)),
      ),
    );
    const audit = (await freezes[0]?.audit()) ?? [];
    client.destroy();

    expect(frozen.filter(Boolean)).toHaveLength(1);
    expect(lifted.filter(Boolean)).toHaveLength(1);
    expect(audit.map(({ what }) => what)).toEqual(['frozen', 'unfrozen']);
    expect(brokenSeals('freeze', audit)).toEqual([]);
  });
});

describe('an emergency', () => {
  test('breaks the glass of an approval: with a reason, the name typed, and everybody told', async () => {
    drive = await start();
    const world = before(drive);
    const run = await drive.requested('orders-staging');
    await drive.settle();
    const card = drive.root(run);
    expect(drive.buttons(run)).toEqual(['approve', 'deny', 'break-glass', 'cancel']);
    expect(whispered(await drive.as('ben').press(card, 'break-glass'))).toContain('does not let you break the glass');

    const chloe = drive.as('chloe');
    await chloe.press(card, 'break-glass');
    const slip = await chloe.submit(glass('customers cannot order', 'orders-prod'));
    expect(slip.errors?.name).toContain('type the name orders-staging');
    expect(drive.run(run).glass).toBeUndefined();
    await chloe.submit(glass('customers cannot order', 'orders-staging'));
    await drive.ended(run);

    expect(drive.run(run)).toMatchObject({
      status: 'succeeded',
      decisions: [],
      glass: [{ by: 'U0CHLOE001', reason: 'customers cannot order', gate: 'approval' }],
    });
    expect(await drive.card(run)).toContain('*Glass broken* by <@U0CHLOE001>');
    const told = (await drive.thread(run)).filter((text) => text.includes('Glass broken'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('<!subteam^S0DBA00001>, <@U0OMAR0001>, <@U0ANA00001>: ');
    await holds(drive, run, world);
  });

  test('a request that waits gives way to it', async () => {
    drive = await start();
    const waiting = await drive.requested('orders-staging');
    await drive.settle();

    expect(whispered(await drive.as('ben').command('restore orders-staging'))).toContain(`reserved by run ${waiting}`);
    const chloe = drive.as('chloe');
    await chloe.command('restore orders-staging');
    const asked = await chloe.tryRestore({ reason: 'the data is broken' });
    expect(shown(asked)).toContain('Break the glass');
    const answer = shown(await chloe.submit(glass('nobody answers the phone', 'orders-staging')));
    const run = /\br[2-9a-hjkmnp-tv-z]{7}\b/.exec(answer)?.[0] ?? '';
    await drive.ended(waiting);
    await drive.ended(run);

    expect(drive.run(waiting)).toMatchObject({ status: 'cancelled', stop: { problem: { code: 'voided-by-glass' } } });
    expect(drive.run(run)).toMatchObject({ status: 'succeeded', glass: [{ gate: 'request', voided: waiting }] });
    expect((await drive.thread(run)).join('\n')).toContain(`Run \`${waiting}\`, which waited, gave way`);
  });

  test('goes over a freeze of the calendar, and over nothing that an administrator stopped', async () => {
    drive = await start();
    const frozen = 'in the freeze “book-keeping” until 2026-11-22 12:30 UTC: The books are closed.';
    expect(whispered(await drive.as('ana').command('restore billing-prod'))).toContain(frozen);
    const chloe = drive.as('chloe');
    await chloe.command('restore billing-prod');
    await chloe.tryRestore({ reason: 'the data is broken' });
    const answer = shown(await chloe.submit(glass('payments are lost', 'billing-prod')));
    const run = /\br[2-9a-hjkmnp-tv-z]{7}\b/.exec(answer)?.[0] ?? '';
    await drive.until(run, 'running');

    expect(answer).toContain('C0ORDERS01');
    expect(drive.run(run).request).toMatchObject({ channel: 'C0ORDERS01', askedIn: 'C0DBOPS001' });
    await freeze();
    await drive.as('chloe').command('restore orders-staging');
    expect(whispered(await drive.as('chloe').command('restore orders-staging'))).toContain('Everything is frozen');
  });
});

test('the calendar’s freeze is over when it says so', async () => {
  drive = await start();
  expect(whispered(await drive.as('ana').command('restore billing-prod'))).toContain('book-keeping');
  await drive.sandbox.clock.advance(3 * 3_600_000);
  const run = await drive.requested('billing-prod');
  expect(drive.run(run).status).toBe('waiting');
});
