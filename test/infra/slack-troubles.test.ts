import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runbook } from '../../infra/runbook';
import { slackTroubles } from '../../infra/slack-troubles';

const sources = readdirSync('bot', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const told = sources.flatMap((file) =>
  [...readFileSync(join('bot', file), 'utf8').matchAll(/log\('(?:warn|error)', '([a-z-]+)'/g)].map(([, word]) => word),
);

test('what CloudWatch counts as errors of Slack is what the bot writes, each word of it', () => {
  expect(slackTroubles.filter((word) => !told.includes(word))).toEqual([]);
});

test('whatever Slack does not tell about people and channels is among it', () => {
  // A repetition is the table's to know, not Slack's.
  const unknown = told.filter((word) => word?.endsWith('-unknown') && word !== 'repetition-unknown');

  expect(unknown.length).toBeGreaterThan(2);
  expect(unknown.filter((word) => !slackTroubles.includes(word ?? ''))).toEqual([]);
});

test('the runbook names the words to look for', () => {
  for (const word of slackTroubles) expect(runbook['slack-unwell'].look).toContain(`\`${word}\``);
});
