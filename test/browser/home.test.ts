import type { Page } from 'playwright-core';
import { asks, channel, clean, dialog, isGone, settledDesk } from './asking';
import { actAs, card, type Desk, says } from './desk';

let desk: Desk;
let page: Page;

beforeAll(async () => {
  ({ desk, page } = await settledDesk());
}, 120_000);
afterAll(() => desk.close());

test('on the Home tab whoever is asked decides, and the card in the channel shows it', async () => {
  await asks(page, 'analytics-staging', 'A dashboard is wrong');
  await actAs(page, 'Ben');
  await page.getByRole('button', { name: /Trapheus Home/ }).click();
  const home = page.getByRole('region', { name: 'Home of Trapheus' });
  await home.getByText('analytics-staging').first().waitFor();
  await clean(page);
  await home.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
  await home.getByText('Nothing waits for you.').waitFor();
  await channel(page, /^db-ops/);
  await says(card(page), '1 of 1 given');
  await isGone(page, 'Approve');
});

describe('a restore begins', () => {
  const form = () => dialog(page, 'Restore a database');
  const link = async () => expect(await form().getByLabel('Why?').inputValue()).toContain('/archives/');
  const menus = () => [
    page.getByRole('button', { name: 'Shortcuts' }),
    card(page).getByRole('button', { name: 'More actions' }),
  ];
  const leave = async () => {
    await page.keyboard.press('Escape');
    await form().waitFor({ state: 'detached' });
  };

  test('from anywhere, or because of a message', async () => {
    await actAs(page, 'Ana');
    await page.getByRole('button', { name: 'Shortcuts' }).click();
    await clean(page);
    await page.getByRole('menuitem', { name: /^Restore a database/ }).click();
    await form().waitFor();
    await leave();

    await card(page).hover();
    await card(page).getByRole('button', { name: 'More actions' }).click();
    await clean(page);
    await page.getByRole('menuitem', { name: /^Restore because of this/ }).click();
    await link();
    await leave();
  });

  test('without a mouse, and the focus comes back to where it was', async () => {
    for (const menu of menus()) {
      await menu.focus();
      const name = await menu.getAttribute('aria-label');
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem').first().waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await form().waitFor();
      await leave();
      expect(await page.locator(':focus').getAttribute('aria-label')).toBe(name);
    }
  });

  test('on a phone, where both menus fit the screen', async () => {
    page = await desk.page({ width: 390, height: 844 });
    await actAs(page, 'Ana');
    for (const menu of menus()) {
      await menu.click();
      const box = await page.getByRole('menu').boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true);
      await page.getByRole('menuitem').first().click();
      await form().waitFor();
      await clean(page);
      await leave();
    }
  });
});

test('on a phone somebody decides on the Home tab with the keyboard', async () => {
  await asks(page, 'orders-staging', 'A phone is at hand');
  await actAs(page, 'Ben');
  await page.getByRole('button', { name: 'Channels' }).click();
  await page.getByRole('button', { name: /Trapheus Home/ }).click();
  const home = page.getByRole('region', { name: 'Home of Trapheus' });
  await home.getByRole('button', { name: 'Approve', exact: true }).press('Enter');
  await clean(page);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).press('Enter');
  await home.getByText('Nothing waits for you.').waitFor();
});

test('nothing on the page has failed', () => expect(desk.complaints).toEqual([]));
