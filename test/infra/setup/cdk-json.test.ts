import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsOf } from '../../../infra/setup/cdk-json';
import { AwsCloud } from '../../../infra/setup/cloud';
import type { Desk } from '../../../infra/setup/step';
import { settings } from '../../../infra/setup/steps/settings';
import { walk } from '../../../infra/setup/walk';

const folder = mkdtempSync(join(tmpdir(), 'trapheus-setup-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Nobody is asked, and nothing is called, before the file is in order. */
const deskOf = (said: string[]): Desk => ({
  say: (line) => said.push(line),
  ask: () => Promise.reject(new Error('nobody is asked')),
  isYes: false,
  run: () => Promise.reject(new Error('nothing is run')),
  cloud: new AwsCloud(),
  slackApiUrl: 'http://127.0.0.1/',
  folder,
  settings: () => settingsOf(folder),
  wall: () => 0,
});

describe('cdk.json', () => {
  test.each([
    ['is not JSON', '{', 'cdk.json cannot be read'],
    ['has a context that is none', '{"context":[]}', 'its context is not an object'],
    ['has a mistake', '{"context":{"stackNme":"X"}}', 'stackNme: there is no such setting'],
  ])('%s: that is said, with where to put it right, and nothing is written', async (_, text, words) => {
    writeFileSync(join(folder, 'cdk.json'), text);
    const said: string[] = [];
    expect(await walk([settings], deskOf(said), false)).toBe(false);
    expect(said.join('\n')).toContain(words);
    expect(said.join('\n')).toContain('Put that right in cdk.json');
    expect(readFileSync(join(folder, 'cdk.json'), 'utf8')).toBe(text);
  });

  test('without a context it has every default', () => {
    writeFileSync(join(folder, 'cdk.json'), '{"app":"npx tsx infra/app.ts"}');
    expect(settingsOf(folder)).toMatchObject({ ok: true, value: { stackName: 'Trapheus' } });
  });
});
