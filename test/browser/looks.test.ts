import type { Page } from 'playwright-core';
import { violations } from './axe';
import { actAs, card, composer, Desk, heading, press, request, says, type } from './desk';
import { messages, modal } from './kitchen-sink';
import { slackApi } from './slack-api';

let desk: Desk;
const channel = 'C0DBOPS001';

beforeAll(async () => {
  desk = await Desk.open();
}, 120_000);
afterAll(() => desk.close());

const overflows = (page: Page) => page.evaluate('document.documentElement.scrollWidth > innerWidth');

describe('how it looks and sounds', () => {
  test('the empty workspace has nothing that axe finds wrong, light and dark', async () => {
    const light = await desk.page({ hasGuide: true });
    expect(await violations(light)).toEqual([]);

    const dark = await desk.page({ hasGuide: true, colours: 'dark' });
    expect(await violations(dark)).toEqual([]);
    expect(await dark.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await dark.getByRole('button', { name: 'Use light colours' }).click();
    expect(await dark.evaluate('document.documentElement.dataset.theme')).toBe('light');
  });

  test('everything that opens is clean as well', async () => {
    for (const colours of ['light', 'dark'] as const) {
      const page = await desk.page({ colours });
      await composer(page).fill('/');
      expect(await violations(page)).toEqual([]);
      await type(page, '/trapheus restore orders-staging');
      const form = page.getByRole('dialog', { name: 'Restore a database' });
      await form.getByRole('button', { name: 'Review', exact: true }).click();
      await form.getByText('Please complete this required field.').waitFor();
      expect(await violations(page)).toEqual([]);
      await form.getByRole('combobox', { name: 'Database' }).click();
      await page.getByRole('option').first().waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await form.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: /Acting as/ }).click();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      for (const tab of ['Faults', 'Requests']) {
        await page.getByRole('tab', { name: tab }).click();
        expect(await violations(page)).toEqual([]);
      }
      await page.locator('.request').first().click();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /Trapheus Home/ }).click();
      await page.getByRole('region', { name: 'Home of Trapheus' }).locator('.header').first().waitFor();
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    }
  });

  test('a card, its thread, a confirm dialog and a whisper are clean, light and dark', async () => {
    const page = await desk.page();
    await request(page);
    await says(heading(page), 'Waiting for approval');
    for (const colours of ['light', 'dark']) {
      if (colours === 'dark') await page.getByRole('button', { name: 'Use dark colours' }).click();
      await actAs(page, 'Omar');
      await press(page, 'Approve', 'Approve');
      await page.locator('.is-whisper').first().waitFor();
      expect(await violations(page)).toEqual([]);
      await actAs(page, 'Ben');
      await card(page).getByRole('button', { name: 'Approve' }).click();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await card(page).getByRole('button', { name: /repl/ }).click();
      await page.getByRole('complementary', { name: 'Thread' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Close the thread' }).click();
    }
  });

  test('one of every block and element is clean, light and dark', async () => {
    const page = await desk.page();
    for (const blocks of messages)
      await slackApi(desk.server, 'chat.postMessage', { channel, text: 'Everything', blocks });
    await page.getByText('A plan').click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Use dark colours' }).click();
    expect(await violations(page)).toEqual([]);
    const user = 'U0ANA00001';
    const { trigger_id } = (await desk.server.post('/sandbox/trigger', { user, channel })) as { trigger_id: string };
    await slackApi(desk.server, 'views.open', { trigger_id, view: modal });
    await page.getByRole('dialog', { name: 'One of everything' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  test('on a phone nothing sticks out, and every part can be reached', async () => {
    const page = await desk.page({ width: 390, height: 844, hasGuide: true });
    expect(await overflows(page)).toBe(false);
    expect(await violations(page)).toEqual([]);

    await actAs(page, 'Ben');
    await page
      .locator('.message')
      .filter({ has: page.locator('.header') })
      .first()
      .getByRole('button', { name: /repl/ })
      .click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.waitFor();
    expect(await overflows(page)).toBe(false);
    await page.getByRole('button', { name: 'Close the thread' }).click();

    await page.getByRole('button', { name: 'Behind the bot' }).click();
    await page.getByRole('heading', { name: 'Databases' }).waitFor();
    expect(await overflows(page)).toBe(false);
    await page.getByText('In the account').or(page.getByText('Others')).click();
    // As long as RDS lets a name be: none is cut off, nothing is pushed out of the window.
    await page.locator('.slot-title, .db-name').evaluateAll((names) => {
      for (const name of names as { textContent: string }[]) name.textContent = 'reporting-'.padEnd(63, 'warehouse-');
    });
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('.panel-body, .slot, .slot-title, .db-name')].filter((one) => one.scrollWidth > one.clientWidth && getComputedStyle(one).display !== 'inline').map((one) => one.className)",
      ),
    ).toEqual([]);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Slack', exact: true }).click();
    await page.getByRole('button', { name: 'Channels' }).click();
    await page.getByRole('button', { name: /^orders/ }).click();
    await page.getByRole('log', { name: 'Messages in orders' }).waitFor();
  });

  test('nothing went wrong in any page, and none called anybody', () => {
    expect(desk.complaints).toEqual([]);
  });
});
