import type { Browser, Locator, Page } from 'playwright-core';
import { launch } from './chromium';
import { type Server, startServer } from './server';

export const database = 'orders-staging';

export interface Screen {
  width?: number;
  height?: number;
  colours?: 'light' | 'dark';
  hasGuide?: boolean;
}

/** Somebody before the page: a sandbox, a browser, and what people do with them. */
export class Desk {
  readonly server: Server;
  readonly #browser: Browser;
  /** What no page may do: errors, calls to elsewhere. */
  readonly complaints: string[] = [];

  private constructor(server: Server, browser: Browser) {
    this.server = server;
    this.#browser = browser;
  }

  static async open(speed = 600): Promise<Desk> {
    const browser = await launch();
    try {
      return new Desk(await startServer(speed), browser);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.stop();
  }

  /** A fresh page; what earlier ones have left open is closed. */
  async page({ width = 1400, height = 900, colours = 'light', hasGuide = false }: Screen = {}): Promise<Page> {
    const { views } = (await this.server.get('/sandbox/state')) as { views: { view_id: string; user: string }[] };
    for (const { view_id, user } of views.toReversed())
      await this.server.post('/sandbox/act', { user, view_id, close: true });
    const context = await this.#browser.newContext({
      viewport: { width, height },
      colorScheme: colours,
      timezoneId: 'UTC',
      locale: 'en-GB',
    });
    if (!hasGuide) await context.addInitScript("localStorage.setItem('trapheus.guide', 'dismissed')");
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(this.server.url)) this.complaints.push(`the page called ${request.url()}`);
    });
    await page.goto(this.server.url);
    await page.getByRole('log', { name: /Messages in/ }).waitFor();
    return page;
  }
}

export async function actAs(page: Page, name: string): Promise<void> {
  const menu = page.getByRole('button', { name: 'Channels' });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole('button', { name: /Acting as/ }).click();
  await page.getByRole('option', { name: new RegExp(`^${name}`) }).click();
}

export const composer = (page: Page): Locator => page.getByRole('combobox', { name: /Command in/ });

export async function type(page: Page, command: string): Promise<void> {
  await composer(page).fill(command);
  await composer(page).press('Escape');
  await composer(page).press('Enter');
}

/** Fills in the form and sends it; leaves the closing view. */
export async function request(page: Page, reason = 'Staging was overwritten by a load test'): Promise<void> {
  await type(page, `/trapheus restore ${database}`);
  const form = page.getByRole('dialog', { name: 'Restore a database' });
  await form.getByLabel('Why?').fill(reason);
  await form.getByRole('button', { name: 'Review', exact: true }).click();
  await sendLastPage(page);
  const sent = page.getByRole('dialog', { name: 'Request sent' });
  await sent.locator('footer').getByRole('button', { name: 'Close' }).click();
  await sent.waitFor({ state: 'detached' });
}

/** Reads the page that shows what is known before anything is sent, and sends it. */
export async function sendLastPage(page: Page): Promise<void> {
  const last = page.getByRole('dialog', { name: 'Review the request' });
  await last.getByText('This replaces').waitFor();
  await last.getByRole('button', { name: 'Request to replace', exact: true }).click();
}

/** The newest card of a run in the channel. */
export const card = (page: Page): Locator =>
  page
    .locator('.messages .message')
    .filter({ has: page.locator('.header') })
    .last();

export const heading = (page: Page): Locator => card(page).locator('.header');

export async function press(page: Page, button: string, confirm?: string): Promise<void> {
  await card(page).getByRole('button', { name: button, exact: true }).click();
  if (confirm !== undefined) await page.getByRole('alertdialog').getByRole('button', { name: confirm }).click();
}

/** Waits for a whole restore if it must, on a machine that does other things as well. */
export async function says(locator: Locator, words: string): Promise<void> {
  await locator.filter({ hasText: words }).waitFor({ timeout: 90_000 });
}

export async function approveAs(page: Page, name: string): Promise<void> {
  await actAs(page, name);
  await press(page, 'Approve', 'Approve');
}
