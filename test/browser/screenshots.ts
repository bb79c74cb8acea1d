import { mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { actAs, approveAs, card, Desk, heading, press, request, says } from './desk';

/** The pictures for the README: `npm run screenshots`. One story, told once, seen on four screens. */
const folder = resolve(__dirname, '../../docs/screenshots');
const mostBytes = 300_000;
const screens = [
  { name: 'light', width: 1400, height: 900, colours: 'light' },
  { name: 'dark', width: 1400, height: 900, colours: 'dark' },
  { name: 'phone-light', width: 390, height: 844, colours: 'light' },
  { name: 'phone-dark', width: 390, height: 844, colours: 'dark' },
] as const;

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const desk = await Desk.open(60);
  try {
    const pages: [string, Page][] = [];
    for (const { name, ...screen } of screens) pages.push([name, await desk.page({ ...screen, hasGuide: true })]);
    const [, lead] = pages[0] ?? [];
    if (lead === undefined) return;
    const on = async (title: string, ...names: string[]) => {
      for (const [name, page] of pages) if (names.includes(name)) await take(page, `${title}-${name}`);
    };
    const acting = async (person: string) => {
      for (const [, page] of pages) await actAs(page, person);
    };

    await request(lead);
    await says(heading(lead), 'Waiting for approval');
    await acting('Ben');
    await on('approval', 'light', 'phone-light');

    await approveAs(lead, 'Ben');
    await lead.getByRole('radio', { name: '600×' }).check();
    await lead.locator('.slot-name.is-empty').waitFor();
    await lead.getByRole('radio', { name: '1×', exact: true }).check();
    await lead.locator('.board-original .db-before').waitFor();
    const phones = pages.filter(([name]) => name.startsWith('phone')).map(([, page]) => page);
    for (const phone of phones) await phone.getByRole('button', { name: 'Behind the bot' }).click();
    await on('swap', 'light', 'phone-dark');
    for (const phone of phones) await phone.getByRole('button', { name: 'Slack', exact: true }).click();

    await lead.getByRole('radio', { name: '600×' }).check();
    await says(heading(lead), 'Restored');
    await card(lead).getByRole('button', { name: 'Undo' }).waitFor();
    await on('restore', 'light', 'dark', 'phone-light', 'phone-dark');

    await press(lead, 'Undo');
    await on('undo', 'light');
  } finally {
    await desk.close();
  }
}

async function take(page: Page, name: string): Promise<void> {
  const path = resolve(folder, `${name}.png`);
  // What was just pressed or renamed stops moving first.
  await page.mouse.move(2, 2);
  await page.waitForTimeout(1_200);
  await page.screenshot({ path, animations: 'disabled' });
  const { size } = statSync(path);
  if (size > mostBytes) throw new Error(`${name}.png has ${size} bytes; at most ${mostBytes} may be in the repository`);
  console.log(`${name}.png ${Math.round(size / 1000)} kB`);
}

void main();
