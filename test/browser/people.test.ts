import type { Page } from 'playwright-core';
import { actAs, card, composer, Desk, heading, press, request, says, sendLastPage, type } from './desk';

let desk: Desk;
let page: Page;

beforeAll(async () => {
  desk = await Desk.open();
  page = await desk.page();
}, 120_000);
afterAll(() => desk.close());

const lastWhisper = () => page.locator('.is-whisper').last();

describe('people', () => {
  test('an outsider asks for a restore and is told which rule is against it, alone', async () => {
    await actAs(page, 'Omar');
    await type(page, '/trapheus restore orders-staging --reason "I am curious"');
    await lastWhisper()
      .getByText(/Rule “staging” does not let you request/)
      .waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await actAs(page, 'Ana');
    expect(await page.locator('.is-whisper').count()).toBe(0);
    expect(await card(page).count()).toBe(0);
  });

  test('Chloé denies with a reason, and the card says so', async () => {
    await request(page);
    await says(heading(page), 'Waiting for approval');
    await actAs(page, 'Chloé');
    await press(page, 'Deny …');
    const form = page.getByRole('dialog', { name: 'Deny the request' });
    await form.getByLabel('Why?').fill('Not during the audit');
    await form.getByRole('button', { name: 'Deny', exact: true }).click();

    await says(heading(page), 'Denied');
    await card(page).getByRole('button', { name: /repl/ }).click();
    await page.getByRole('complementary', { name: 'Thread' }).getByText('Not during the audit').first().waitFor();
    await page.getByRole('button', { name: 'Close the thread' }).click();
  });

  test('what somebody has not seen is marked as unread', async () => {
    await actAs(page, 'Gina');
    await page.getByRole('button', { name: /^random/ }).click();
    await actAs(page, 'Omar');

    await page.getByRole('button', { name: /^db-ops 1 unread/ }).waitFor();
  });

  test('a verb that nobody knows is answered, and the whisper can be dismissed', async () => {
    await actAs(page, 'Ana');
    await page.getByRole('button', { name: /^db-ops/ }).click();
    await type(page, '/trapheus restroe');
    await lastWhisper().waitFor();
    const before = await page.locator('.is-whisper').count();
    await lastWhisper().getByRole('button', { name: 'Dismiss' }).click();

    expect(await page.locator('.is-whisper').count()).toBe(before - 1);
  });

  test('words that are no command go nowhere, and the page says so', async () => {
    await type(page, 'hello?');
    await page.getByText('Nobody here reads messages').waitFor();
    await composer(page).fill('');
  });

  test('when the bot fails, Slack says so in its own words', async () => {
    await desk.server.post('/sandbox/faults', { service: 'lambda', operation: 'trapheus-slack', kind: '5xx' });
    await type(page, '/trapheus status');
    await page.getByText('/trapheus failed with the error "dispatch_failed"').waitFor();
  });

  test('when the bot is too late, command, menu, form and button say it as Slack does', async () => {
    const dieNext = () =>
      desk.server.post('/sandbox/faults', { service: 'lambda', operation: 'trapheus-slack', kind: 'crash-before' });
    await dieNext();
    await type(page, '/trapheus status');
    await page.getByText('Trapheus has three seconds to answer').waitFor();
    await page.getByText('/trapheus failed with the error "operation_timeout"').waitFor();

    await type(page, '/trapheus restore orders-staging');
    const form = page.getByRole('dialog', { name: 'Restore a database' });
    await form.getByLabel('Why?').fill('Late');
    await dieNext();
    await form.getByRole('combobox', { name: 'Data from' }).click();
    await page.getByText('Oh no, something went wrong').waitFor();
    await page.keyboard.press('Escape');
    await dieNext();
    await form.getByRole('button', { name: 'Review', exact: true }).click();
    await form.getByText('We had some trouble connecting').waitFor();
    expect(await form.getByLabel('Why?').inputValue()).toBe('Late');
    await form.getByRole('button', { name: 'Review', exact: true }).click();
    await sendLastPage(page);
    await page.getByRole('dialog', { name: 'Request sent' }).waitFor();
    await page.keyboard.press('Escape');

    await says(heading(page), 'Waiting for approval');
    await dieNext();
    await press(page, 'Approve', 'Approve');
    await card(page).getByText('Oh no, something went wrong').waitFor();
    expect(await card(page).getByRole('button', { name: 'Approve' }).getAttribute('aria-busy')).toBeNull();
  });

  test('the Home tab shows what waits for its owner', async () => {
    await page.getByRole('button', { name: /Trapheus Home/ }).click();
    await page.getByRole('region', { name: 'Home of Trapheus' }).getByText('Under way').first().waitFor();
  });

  test('the requests can be inspected: signature, payload, answer, milliseconds', async () => {
    await page.getByRole('tab', { name: 'Requests' }).click();
    await page.locator('.request').filter({ hasText: 'view_submission' }).first().click();
    const inspector = page.getByRole('dialog', { name: /^Request \d+: view_submission/ });

    await inspector.getByText(/x-slack-signature: v0=[0-9a-f]{64}/).waitFor();
    await inspector.getByText(/"type": "view_submission"/).waitFor();
    await inspector.getByText(/^\d+ ms$/).waitFor();
    await page.keyboard.press('Escape');
  });

  test('a message shows its raw blocks', async () => {
    await page.getByRole('button', { name: /^db-ops/ }).click();
    await card(page).hover();
    await card(page).getByRole('button', { name: 'Show the blocks' }).click();
    await page
      .getByRole('dialog', { name: 'Blocks of the message' })
      .getByText(/"type": "header"/)
      .waitFor();
    await page.keyboard.press('Escape');
  });

  test('nothing was drawn as a red box, nothing went wrong in the page, and it called nobody', async () => {
    expect(await page.locator('[data-unknown-block]').count()).toBe(0);
    expect(desk.complaints).toEqual([]);
  });
});
