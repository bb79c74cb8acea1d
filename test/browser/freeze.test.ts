import type { Page } from 'playwright-core';
import { channel, clean, dialog, lastWhisper, settledDesk } from './asking';
import { actAs, type Desk, says, type } from './desk';

let desk: Desk;
let page: Page;

beforeAll(async () => {
  ({ desk, page } = await settledDesk());
}, 120_000);
afterAll(() => desk.close());

test('an administrator stops everything, everybody is told why, and it goes on', async () => {
  await actAs(page, 'Omar');
  await type(page, '/trapheus freeze "Black Friday"');
  await lastWhisper(page).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  await actAs(page, 'Chloé');
  await type(page, '/trapheus freeze "Black Friday"');
  const form = page.getByRole('dialog').last();
  expect(await form.locator('input, textarea').first().inputValue()).toContain('Black Friday');
  await clean(page);
  await form.getByRole('button', { name: 'Freeze', exact: true }).click();
  await dialog(page, 'Frozen').waitFor();
  await page.keyboard.press('Escape');
  await dialog(page, 'Frozen').waitFor({ state: 'detached' });
  await says(page.locator('.messages'), 'stopped everything');

  await actAs(page, 'Ana');
  await type(page, '/trapheus restore reporting-db');
  await says(page.locator('body'), 'Black Friday');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /Trapheus Home/ }).click();
  await page.getByRole('region', { name: 'Home of Trapheus' }).getByText('Running now').first().waitFor();
  await clean(page);

  await channel(page, /^db-ops/);
  await actAs(page, 'Chloé');
  await type(page, '/trapheus unfreeze');
  await page.getByRole('dialog').getByRole('button', { name: 'Unfreeze', exact: true }).click();
  await dialog(page, 'Unfrozen').waitFor();
  await page.keyboard.press('Escape');
});
