import type { Locator, Page } from 'playwright-core';
import { violations } from './axe';
import { actAs, card, Desk, heading, press, says, type } from './desk';

let desk: Desk;
let page: Page;

beforeAll(async () => {
  desk = await Desk.open();
  page = await desk.page();
  // The first request to a process that has just started is its slowest.
  await type(page, '/trapheus help');
  await lastWhisper().waitFor();
}, 120_000);
afterAll(() => desk.close());

const lastWhisper = (): Locator => page.locator('.is-whisper').last();
const dialog = (name: string): Locator => page.getByRole('dialog', { name });

async function asks(database: string, reason: string): Promise<void> {
  await actAs(page, 'Ana');
  const form = dialog('Restore a database');
  // A machine that does other things as well may be too late for Slack: people type it again.
  for (let tries = 0; tries < 4 && (await form.count()) === 0; tries += 1) {
    await type(page, `/trapheus restore ${database}`);
    await form.waitFor({ timeout: 10_000 }).catch(() => undefined);
  }
  await form.getByLabel('Why?').fill(reason);
  await form.getByRole('button', { name: 'Review', exact: true }).click();
  await page.getByRole('button', { name: /^(Request to replace|Replace production)$/ }).click();
  const sent = dialog('Request sent');
  await sent.locator('footer').getByRole('button', { name: 'Close' }).click();
  await sent.waitFor({ state: 'detached' });
  await says(heading(page), 'Waiting for approval');
  await says(heading(page), database);
}

const clean = async (): Promise<void> => expect(await violations(page)).toEqual([]);
const isGone = (name: string): Promise<void> =>
  card(page).getByRole('button', { name, exact: true }).waitFor({ state: 'detached' });

describe('decisions', () => {
  test('nobody decides for as long as the rule lets the request wait: it expires, and its buttons go', async () => {
    await asks('orders-staging', 'Fresh data');
    await clean();
    await desk.server.post('/sandbox/clock', { advanceSeconds: 8 * 3600 + 300 });
    await says(heading(page), 'Expired');
    await isGone('Approve');
    await says(card(page), 'What it means');
    await clean();
  });

  test('two of a group have to say yes; the first one counts once, and the second one starts it', async () => {
    await asks('billing-prod', 'A job wrote wrong amounts');
    await says(card(page), '0 of 2 given');
    await actAs(page, 'Ben');
    await press(page, 'Approve', 'Approve');
    await says(card(page), '1 of 2 given');
    await press(page, 'Approve', 'Approve');
    await lastWhisper().waitFor();
    await says(card(page), '1 of 2 given');
    await clean();
    await actAs(page, 'Chloé');
    await press(page, 'Approve', 'Approve');
    await says(card(page), '2 of 2 given');
    await isGone('Approve');
    await isGone('Deny …');
  });

  test('in an emergency one person breaks the glass, says why, and everybody reads it', async () => {
    await asks('orders-prod', 'The orders table is empty');
    await actAs(page, 'Chloé');
    await press(page, 'Break the glass …');
    const form = dialog('Break the glass');
    await form.getByLabel('Why can nobody be asked?').fill('Ben is on a plane, and customers cannot order');
    await form.getByLabel('Type the name of the database').fill('orders-staging');
    await form.getByRole('button', { name: 'Break the glass' }).click();
    await form.locator('[aria-invalid=true]').waitFor();
    await clean();
    await form.getByLabel('Type the name of the database').fill('orders-prod');
    await form.getByRole('button', { name: 'Break the glass' }).click();
    await dialog('Glass broken').waitFor();
    await page.keyboard.press('Escape');
    await dialog('Glass broken').waitFor({ state: 'detached' });
    await says(card(page), 'Ben is on a plane');
    await isGone('Approve');
    await clean();
  });
});
