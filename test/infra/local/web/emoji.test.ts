import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { emojiFor } from '../../../../infra/local/web/src/text/emoji';

const bot = resolve(__dirname, '../../../../bot');
const sources = readdirSync(bot, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

test('the page knows every emoji that the bot says', () => {
  const said = sources.flatMap((name) =>
    [...readFileSync(resolve(bot, name), 'utf8').matchAll(/(?:['`\s]):([a-z][a-z0-9_+-]+):(?=['`\s*])/g)].map(
      ([, emoji]) => emoji ?? '',
    ),
  );
  expect(new Set(said).size).toBeGreaterThan(8);
  expect([...new Set(said)].filter((emoji) => emojiFor(emoji) === undefined)).toEqual([]);
});
