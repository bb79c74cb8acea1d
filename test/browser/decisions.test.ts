import type { Page } from 'playwright-core';
import { asks, clean, dialog, isGone, lastWhisper, settledDesk } from './asking';
import { actAs, card, type Desk, heading, press, says } from './desk';

let desk: Desk;
let page: Page;

beforeAll(async () => {
  ({ desk, page } = await settledDesk());
}, 120_000);
afterAll(() => desk.close());

describe('decisions', () => {
  test('nobody decides for as long as the rule lets the request wait: it expires, and its buttons go', async () => {
    await asks(page, 'orders-staging', 'Fresh data');
    await clean(page);
    await desk.server.post('/sandbox/clock', { advanceSeconds: 8 * 3600 + 300 });
    await says(heading(page), 'Expired');
    await isGone(page, 'Approve');
    await says(card(page), 'What it means');
    await clean(page);
  });

  test('two of a group have to say yes; the first one counts once, and the second one starts it', async () => {
    await asks(page, 'billing-prod', 'A job wrote wrong amounts');
    await says(card(page), '0 of 2 given');
    await actAs(page, 'Ben');
    await press(page, 'Approve', 'Approve');
    await says(card(page), '1 of 2 given');
    await press(page, 'Approve', 'Approve');
    await lastWhisper(page).waitFor();
    await says(card(page), '1 of 2 given');
    await clean(page);
    await actAs(page, 'Chloé');
    await press(page, 'Approve', 'Approve');
    await says(card(page), '2 of 2 given');
    await isGone(page, 'Approve');
    await isGone(page, 'Deny …');
  });

  test('in an emergency one person breaks the glass, says why, and everybody reads it', async () => {
    await asks(page, 'orders-prod', 'The orders table is empty');
    await actAs(page, 'Chloé');
    await press(page, 'Break the glass …');
    const form = dialog(page, 'Break the glass');
    await form.getByLabel('Why can nobody be asked?').fill('Ben is on a plane, and customers cannot order');
    await form.getByLabel('Type the name of the database').fill('orders-staging');
    await form.getByRole('button', { name: 'Break the glass' }).click();
    await form.locator('[aria-invalid=true]').waitFor();
    await clean(page);
    await form.getByLabel('Type the name of the database').fill('orders-prod');
    await form.getByRole('button', { name: 'Break the glass' }).click();
    await dialog(page, 'Glass broken').waitFor();
    await page.keyboard.press('Escape');
    await dialog(page, 'Glass broken').waitFor({ state: 'detached' });
    await says(card(page), 'Ben is on a plane');
    await isGone(page, 'Approve');
    await clean(page);
  });
});
