import type { Locator, Page } from 'playwright-core';
import { violations } from './axe';
import { actAs, card, composer, Desk, heading, press, says, type } from './desk';

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
const channel = (name: RegExp): Promise<void> => page.getByRole('button', { name }).click();

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

  test('an administrator stops everything, everybody is told why, and it goes on', async () => {
    await actAs(page, 'Omar');
    await type(page, '/trapheus freeze "Black Friday"');
    await lastWhisper().waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await actAs(page, 'Chloé');
    await type(page, '/trapheus freeze "Black Friday"');
    const form = page.getByRole('dialog').last();
    expect(await form.locator('input, textarea').first().inputValue()).toContain('Black Friday');
    await clean();
    await form.getByRole('button', { name: 'Freeze', exact: true }).click();
    await dialog('Frozen').waitFor();
    await page.keyboard.press('Escape');
    await dialog('Frozen').waitFor({ state: 'detached' });
    await says(page.locator('.messages'), 'stopped everything');

    await actAs(page, 'Ana');
    await type(page, '/trapheus restore reporting-db');
    await says(page.locator('body'), 'Black Friday');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Trapheus Home/ }).click();
    await page.getByRole('region', { name: 'Home of Trapheus' }).getByText('Under way').first().waitFor();
    await clean();

    await channel(/^db-ops/);
    await actAs(page, 'Chloé');
    await type(page, '/trapheus unfreeze');
    await page.getByRole('dialog').getByRole('button', { name: 'Unfreeze', exact: true }).click();
    await dialog('Unfrozen').waitFor();
    await page.keyboard.press('Escape');
  });

  test('on the Home tab whoever is asked decides, and the card in the channel shows it', async () => {
    await asks('analytics-staging', 'A dashboard is wrong');
    await actAs(page, 'Ben');
    await page.getByRole('button', { name: /Trapheus Home/ }).click();
    const home = page.getByRole('region', { name: 'Home of Trapheus' });
    await home.getByText('analytics-staging').first().waitFor();
    await clean();
    await home.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
    await home.getByText('Nothing waits for you.').waitFor();
    await channel(/^db-ops/);
    await says(card(page), '1 of 1 given');
    await isGone('Approve');
  });

  test('a restore begins from anywhere, or because of a message', async () => {
    await actAs(page, 'Ana');
    await page.getByRole('button', { name: 'Shortcuts' }).click();
    await clean();
    await page.getByRole('menuitem', { name: /^Restore a database/ }).click();
    await dialog('Restore a database').waitFor();
    await page.keyboard.press('Escape');
    await dialog('Restore a database').waitFor({ state: 'detached' });

    await card(page).hover();
    await card(page).getByRole('button', { name: 'More actions' }).click();
    await clean();
    await page.getByRole('menuitem', { name: /^Restore because of this/ }).click();
    expect(await dialog('Restore a database').getByLabel('Why?').inputValue()).toContain('/archives/');
    await page.keyboard.press('Escape');
  });

  test('nothing on the page has failed', () => {
    expect(desk.complaints).toEqual([]);
    expect(composer(page)).toBeDefined();
  });
});
