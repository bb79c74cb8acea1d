import type { Locator, Page } from 'playwright-core';
import { violations } from './axe';
import { actAs, Desk, says, type } from './desk';

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
const clean = async (): Promise<void> => expect(await violations(page)).toEqual([]);

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
  await page.getByRole('region', { name: 'Home of Trapheus' }).getByText('Running now').first().waitFor();
  await clean();

  await channel(/^db-ops/);
  await actAs(page, 'Chloé');
  await type(page, '/trapheus unfreeze');
  await page.getByRole('dialog').getByRole('button', { name: 'Unfreeze', exact: true }).click();
  await dialog('Unfrozen').waitFor();
  await page.keyboard.press('Escape');
});
