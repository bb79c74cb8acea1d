import type { Locator, Page } from 'playwright-core';
import { violations } from './axe';
import { actAs, card, Desk, heading, type Screen, says, type } from './desk';

/** The newest message that only the reader sees. */
export const lastWhisper = (page: Page): Locator => page.locator('.is-whisper').last();
export const dialog = (page: Page, name: string): Locator => page.getByRole('dialog', { name });

/** Goes to a channel by its name in the sidebar. */
export const channel = (page: Page, name: RegExp): Promise<void> => page.getByRole('button', { name }).click();

export const clean = async (page: Page): Promise<void> => expect(await violations(page)).toEqual([]);

export const isGone = (page: Page, name: string): Promise<void> =>
  card(page).getByRole('button', { name, exact: true }).waitFor({ state: 'detached' });

/** A sandbox that has answered once: the first request to a process that has just started is its slowest. */
export async function settledDesk(screen?: Screen): Promise<{ desk: Desk; page: Page }> {
  const desk = await Desk.open();
  const page = await desk.page(screen);
  await type(page, '/trapheus help');
  await lastWhisper(page).waitFor();
  return { desk, page };
}

/** Ana asks for a restore; leaves the closing view, before the card. */
export async function asks(page: Page, database: string, reason: string): Promise<void> {
  await actAs(page, 'Ana');
  const form = dialog(page, 'Restore a database');
  // A machine that does other things as well may be too late for Slack: people type it again.
  for (let tries = 0; tries < 4 && (await form.count()) === 0; tries += 1) {
    await type(page, `/trapheus restore ${database}`);
    await form.waitFor({ timeout: 10_000 }).catch(() => undefined);
  }
  await form.getByLabel('Why?').fill(reason);
  await form.getByRole('button', { name: 'Review', exact: true }).click();
  await page.getByRole('button', { name: /^(Request to replace|Replace production)$/ }).click();
  const sent = dialog(page, 'Request sent');
  await sent.locator('footer').getByRole('button', { name: 'Close' }).click();
  await sent.waitFor({ state: 'detached' });
  await says(heading(page), 'Waiting for approval');
  await says(heading(page), database);
}
