import type { Page } from 'playwright-core';
import { card, Desk, heading, says } from './desk';

let desk: Desk;
let page: Page;

beforeAll(async () => {
  desk = await Desk.open();
  page = await desk.page();
}, 120_000);
afterAll(() => desk.close());

/** What a screen reader would call what has the focus: its own name, its label's, or its text. */
const focused = (): Promise<string> =>
  page.evaluate(`(() => {
    const one = document.activeElement;
    const label = document.getElementById(one.getAttribute('aria-labelledby')) ?? one.labels?.[0];
    return (one.getAttribute('aria-label') ?? label?.textContent ?? one.textContent ?? '').trim();
  })()`);

/** Tab by Tab, as somebody without a mouse would. */
async function tabTo(words: string | RegExp, backwards = false): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 80; presses += 1) {
    const now = await focused();
    // The page itself has no name of its own: its text would contain every word.
    if (now.length < 200 && (typeof words === 'string' ? now === words : words.test(now))) return;
    passed.push(now.slice(0, 60));
    await page.keyboard.press(backwards ? 'Shift+Tab' : 'Tab');
  }
  throw new Error(`Tab never came to ${String(words)}, only to: ${[...new Set(passed)].join(' | ')}`);
}

describe('with the keyboard alone', () => {
  test('the first Tab offers to skip to the messages', async () => {
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the messages');
  });

  test('a command is completed, and its form filled in and sent', async () => {
    await tabTo(/^Command in db-ops/);
    await page.keyboard.type('/tr');
    await page.keyboard.press('Tab');
    expect(await page.getByRole('combobox', { name: /Command in/ }).inputValue()).toBe('/trapheus restore ');
    await page.keyboard.type('orders-st');
    await page.keyboard.press('Tab');
    expect(await page.getByRole('combobox', { name: /Command in/ }).inputValue()).toBe(
      '/trapheus restore orders-staging',
    );
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Restore a database' }).waitFor();

    await tabTo(/^Data from/);
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: /^A point in time/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('listbox').waitFor({ state: 'detached' });
    expect(await page.getByRole('combobox', { name: /^Data from/ }).inputValue()).toMatch(/^A fresh snapshot/);
    // The form answers to the choice, and whoever types is where they were.
    expect(await focused()).toMatch(/^Data from/);
    await tabTo(/^Restore to/);
    await tabTo(/^Why/);
    await page.keyboard.type('By hand');
    await tabTo('Review');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Review the request' }).waitFor();
    await tabTo('Request to replace');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Request sent' }).waitFor();
  });

  test('Tab stays inside a dialog, Escape closes it, and the focus is where it was', async () => {
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate("document.activeElement.closest('dialog') !== null")).toBe(true);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused()).toMatch(/^Command in db-ops/);
    await says(heading(page), 'Waiting for approval');
  });

  test('another person is chosen, and approves', async () => {
    await tabTo(/Acting as/, true);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await focused()).toMatch(/Ben Okafor$/);

    await tabTo('Approve');
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor();
    expect(await focused()).toBe('Not now');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await card(page).getByRole('button', { name: 'Approve' }).waitFor({ state: 'detached' });

    // The button is gone with the update: the focus waits at its message, not at the top of the page.
    expect(await page.evaluate("document.activeElement.closest('.message') !== null")).toBe(true);
  });

  test('a screen reader hears what the card says now', async () => {
    await page
      .getByRole('status')
      .filter({ hasText: /The restore of orders-staging/ })
      .waitFor({ state: 'attached' });
    await says(heading(page), 'Restored');
    await page
      .getByRole('status')
      .filter({ hasText: /succeeded/ })
      .first()
      .waitFor({ state: 'attached' });
  });

  test('the restore is undone', async () => {
    await tabTo('Undo');
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await says(heading(page), 'Undone');
  });

  test('the tabs of the panel and the speeds move with the arrows', async () => {
    await tabTo('Databases');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: 'Faults' }).waitFor();
    const at600 = page.getByRole('radio', { name: '600×' });
    await at600.focus();
    await page.keyboard.press('ArrowLeft');
    await page.locator('.segment.is-on').filter({ hasText: '60×' }).waitFor();
  });

  test('nothing went wrong in the page', () => {
    expect(desk.complaints).toEqual([]);
  });
});
