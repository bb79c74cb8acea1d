import type { Page } from 'playwright-core';
import { actAs, approveAs, card, Desk, database, heading, press, request, says, sendLastPage } from './desk';

let desk: Desk;
let page: Page;

beforeAll(async () => {
  desk = await Desk.open();
  page = await desk.page({ hasGuide: true });
}, 120_000);
afterAll(() => desk.close());

const original = () => page.locator('.board-original');
const copy = () => page.locator('.board-copy');
const step = (id: string, isDone: boolean) => page.locator(`[data-step=${id}][data-done=${String(isDone)}]`);

describe('a first restore, as the guide leads through it', () => {
  test('the guide fills in the command, and Enter opens the form with the database in it', async () => {
    await page.getByRole('button', { name: 'Fill in the command' }).click();
    await page.keyboard.press('Enter');

    const form = page.getByRole('dialog', { name: 'Restore a database' });
    expect(await form.getByRole('combobox', { name: 'Database' }).inputValue()).toBe(database);
  });

  test('a field that is missing is said under the field, and has the focus', async () => {
    const form = page.getByRole('dialog', { name: 'Restore a database' });
    await form.getByRole('button', { name: 'Review', exact: true }).click();

    const why = form.getByLabel('Why?');
    await form.getByText('Please complete this required field.').waitFor();
    expect(await why.getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate("document.activeElement.matches('textarea')")).toBe(true);
  });

  test('the database can be searched, and choosing another one changes the snapshots', async () => {
    const form = page.getByRole('dialog', { name: 'Restore a database' });
    const menu = form.getByRole('combobox', { name: 'Database' });
    await menu.fill('billing');
    await page.getByRole('option', { name: /billing-prod/ }).click();
    await form.getByRole('combobox', { name: 'Data from' }).click();
    await page.getByRole('option').filter({ hasText: 'billing' }).first().waitFor();
    await page.keyboard.press('Escape');
    await menu.fill('orders-st');
    await page.getByRole('option', { name: /orders-staging/ }).click();

    expect(await menu.inputValue()).toBe(database);
  });

  test('the request becomes a card that waits for somebody else', async () => {
    const form = page.getByRole('dialog', { name: 'Restore a database' });
    await form.getByLabel('Why?').fill('Staging was overwritten by a load test');
    await form.getByRole('button', { name: 'Review', exact: true }).click();
    await sendLastPage(page);
    const sent = page.getByRole('dialog', { name: 'Request sent' });
    await sent.locator('footer').getByRole('button', { name: 'Close' }).click();

    await says(heading(page), 'Waiting for approval');
    await step('request', true).waitFor();
    expect(await original().locator('.db-name').textContent()).toBe(database);
  });

  test('the requester cannot approve it, and only she is told why', async () => {
    await press(page, 'Approve', 'Approve');

    const whisper = page.locator('.is-whisper').last();
    await whisper.getByText('Only visible to you').waitFor();
    await says(heading(page), 'Waiting for approval');
    await actAs(page, 'Ben');
    expect(await page.locator('.is-whisper').count()).toBe(0);
  });

  test('Ben approves; the copy is restored, proven, and takes the name', async () => {
    await press(page, 'Approve', 'Approve');
    await step('approve', true).waitFor();
    await copy().waitFor();
    await says(heading(page), 'Restored');

    expect(await page.locator('.slot-name .board-copy .db-name').textContent()).toBe(database);
    expect(await original().locator('.db-name').textContent()).toMatch(/^orders-staging-old-/);
    expect(await original().locator('.db-before').textContent()).toBe(`was ${database}`);
    const states = await page.locator('.state-name').allTextContents();
    expect(states).toEqual(expect.arrayContaining(['plan', 'approval', 'restore-copy', 'swap', 'finish', 'hold']));
  });

  test('the thread tells the details, and takes no commands', async () => {
    await card(page)
      .getByRole('button', { name: /replies/ })
      .click();
    const thread = page.getByRole('complementary', { name: 'Thread' });

    await thread.getByText('Slack takes no app commands in threads').waitFor();
    expect(await thread.getByRole('article').count()).toBeGreaterThan(3);
    // The thread makes the channel narrower: its newest message stays in sight.
    const below = '(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)';
    await page.waitForFunction(`${below}(document.querySelector('.messages')) < 2`);
    await page.keyboard.press('Escape');
    await thread.waitFor({ state: 'detached' });
  });

  test('Undo brings the original back under its name', async () => {
    await press(page, 'Undo', 'Undo the restore');
    await says(heading(page), 'Undone');
    await step('undo', true).waitFor();

    expect(await page.locator('.slot-name .board-original .db-name').textContent()).toBe(database);
  });

  test('one that fails: the second rename is refused, and the original takes its name back', async () => {
    await page.getByRole('button', { name: /Arm/ }).click();
    await page.getByRole('tab', { name: /1 armed/ }).waitFor();
    await actAs(page, 'Ana');
    await request(page);
    await says(heading(page), 'Waiting for approval');
    await approveAs(page, 'Ben');
    await says(heading(page), 'Failed');
    await step('failure', true).waitFor({ timeout: 60_000 });

    expect(await page.locator('.slot-name .board-original .db-name').textContent()).toBe(database);
    await page.getByText('You have seen it all').waitFor();
    await page.getByRole('button', { name: 'Reset the faults' }).click();
    await page.getByRole('tab', { name: 'Faults', exact: true }).waitFor();
  });

  test('the guide can be dismissed, stays so, and comes back when asked', async () => {
    await page.getByRole('button', { name: 'Dismiss the guide' }).click();
    await page.reload();
    await page.getByRole('log', { name: /Messages in/ }).waitFor();
    expect(await page.locator('.guide').count()).toBe(0);

    await page.getByRole('button', { name: 'Guide' }).click();
    await page.locator('.guide').waitFor();
  });

  test('nothing was drawn as a red box, nothing went wrong in the page, and it called nobody', async () => {
    expect(await page.locator('[data-unknown-block]').count()).toBe(0);
    expect(desk.complaints).toEqual([]);
  });
});
