import type { Page } from 'playwright-core';
import { Desk } from './desk';
import { messages, modal } from './kitchen-sink';
import { slackApi } from './slack-api';

let desk: Desk;
let page: Page;
const channel = 'C0DBOPS001';
const user = 'U0ANA00001';

beforeAll(async () => {
  desk = await Desk.open(60);
  page = await desk.page();
}, 120_000);
afterAll(() => desk.close());

const open = async (view: object) => {
  const { trigger_id } = (await desk.server.post('/sandbox/trigger', { user, channel })) as { trigger_id: string };
  await slackApi(desk.server, 'views.open', { trigger_id, view });
};

interface State {
  views: { view: { state: { values: Record<string, Record<string, Record<string, unknown>>> } } }[];
}

describe('Block Kit', () => {
  test('every block and element that a message takes is drawn', async () => {
    for (const blocks of messages)
      await slackApi(desk.server, 'chat.postMessage', { channel, text: 'One of everything', blocks });
    await page.getByText('A plan').waitFor();

    expect(await page.locator('[data-unknown-block]').allTextContents()).toEqual([]);
  });

  test('mrkdwn reads as in Slack: marks at the edges of words, names for ids, what nobody knows as it is', async () => {
    const section = page.locator('.section').first();

    expect(await section.locator('strong').first().textContent()).toBe('bold');
    expect(await section.locator('.line').first().textContent()).toContain(
      'bold italic strike code 10:30:00 a_b_c link @Ben Okafor #orders',
    );
    expect(await section.locator('.line').first().textContent()).toContain(':nobody_knows: <b>');
    expect(await section.locator('blockquote').textContent()).toBe('a quote');
    expect(await section.locator('.item').textContent()).toBe('•a bullet');
    expect(await section.locator('pre').textContent()).toBe('pre\n  formatted');
    expect(await section.getByRole('img', { name: 'white check mark' }).count()).toBe(1);
  });

  test('a dangerous button asks first: Escape says no, and the focus comes back', async () => {
    const danger = page.getByRole('button', { name: 'Danger' });
    await danger.click();
    await page.getByRole('alertdialog', { name: 'Sure?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });

    expect(await page.evaluate('document.activeElement.textContent')).toBe('Danger');
  });

  test('a press that the app fails on ends in Slack’s words, at the message', async () => {
    await desk.server.post('/sandbox/faults', { service: 'lambda', operation: 'trapheus-slack', kind: '5xx' });
    await page.getByRole('button', { name: 'Primary' }).click();
    await page.getByRole('alert').filter({ hasText: 'Oh no, something went wrong' }).waitFor();
    await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).click();
  });

  test('the overflow menu opens, moves with the arrows and closes with Escape', async () => {
    await page.getByRole('button', { name: 'More actions' }).first().click();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Banana');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });

    // A click lands only on what no frame cuts off.
    await page.getByRole('button', { name: 'More actions' }).first().click();
    await page.getByRole('menuitem', { name: 'Banana' }).click();
    await page.getByRole('menu').waitFor({ state: 'detached' });
  });

  test('a modal takes every kind of value, and the app gets them as Slack sends them', async () => {
    await open(modal);
    const form = page.getByRole('dialog', { name: 'One of everything' });
    await form.getByLabel('Words').fill('some words');
    await form.getByLabel('Story').fill('two\nlines');
    await form.getByLabel('Number').fill('42');
    await form.getByRole('combobox', { name: /^Fruit / }).click();
    await page.getByRole('option', { name: 'Banana' }).click();
    await form.getByRole('combobox', { name: 'Fruits' }).fill('che');
    await page.getByRole('option', { name: 'Cherry' }).click();
    await form.getByRole('combobox', { name: 'Fruits' }).fill('app');
    await page.getByRole('option', { name: 'Apple' }).click();
    await form.getByRole('combobox', { name: 'Person' }).fill('Chlo');
    await page.getByRole('option', { name: /Chloé/ }).waitFor();
    await page.keyboard.press('Enter');
    await form.getByLabel('Day').fill('2026-11-22');
    await form.getByLabel('Hour').fill('10:30');
    await form.getByLabel('Moment').fill('2026-11-22T10:30');
    await form.getByLabel('Banana').first().check();
    await form.getByRole('group', { name: /Some/ }).getByLabel('Cherry').check();
    expect(await page.locator('[data-unknown-block]').count()).toBe(0);
    await desk.server.post('/sandbox/faults', { service: 'lambda', operation: 'trapheus-slack', kind: '5xx' });
    await form.getByRole('button', { name: 'Send' }).click();

    // The modal stays, says so, and keeps what was typed.
    await form.getByRole('alert').filter({ hasText: 'We had some trouble connecting. Try again?' }).waitFor();
    const { views } = (await desk.server.get('/sandbox/state')) as State;
    const values = views[0]?.view.state.values;
    expect(values?.Words?.Words?.value).toBe('some words');
    expect(values?.Story?.Story?.value).toBe('two\nlines');
    expect(values?.Number?.Number?.value).toBe('42');
    expect(values?.Fruit?.Fruit?.selected_option).toMatchObject({ value: 'banana' });
    expect(values?.Fruits?.Fruits?.selected_options).toMatchObject([{ value: 'cherry' }, { value: 'apple' }]);
    expect(values?.Person?.Person?.selected_user).toBe('U0CHLOE001');
    expect(values?.Day?.Day?.selected_date).toBe('2026-11-22');
    expect(values?.Hour?.Hour?.selected_time).toBe('10:30');
    expect(values?.Moment?.Moment?.selected_date_time).toBe(Date.parse('2026-11-22T10:30Z') / 1000);
    expect(values?.One?.One?.selected_option).toMatchObject({ value: 'banana' });
    expect(values?.Some?.Some?.selected_options).toMatchObject([{ value: 'cherry' }]);
  });

  test('views lie on each other: back shows the one below, with what was typed in it', async () => {
    const { trigger_id } = (await desk.server.post('/sandbox/trigger', { user, channel })) as { trigger_id: string };
    const { blocks } = modal;
    await slackApi(desk.server, 'views.push', {
      trigger_id,
      view: { ...modal, title: { type: 'plain_text', text: 'On top' }, blocks: blocks.slice(0, 2) },
    });
    await page.getByRole('dialog', { name: 'On top' }).getByRole('button', { name: 'Back' }).click();

    const form = page.getByRole('dialog', { name: 'One of everything' });
    expect(await form.getByLabel('Words').inputValue()).toBe('some words');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
  });

  test('what the page does not know is a red box', async () => {
    await page.route('**/sandbox/state', async (route) => {
      const response = await route.fetch();
      const state = (await response.json()) as { channels: { messages: { blocks: object[] }[] }[] };
      state.channels[0]?.messages[0]?.blocks.push({ type: 'hologram' });
      await route.fulfill({ json: state });
    });
    await page.locator('[data-unknown-block=hologram]').waitFor();
    await page.unroute('**/sandbox/state');
  });
});
