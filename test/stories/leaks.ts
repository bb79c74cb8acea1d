import { botToken, secretAccessKey, signingSecret } from '../../infra/local/sandbox';

/** What no line may hold: the secrets themselves, and the words that stand before others of their kind. */
const secrets = [botToken, signingSecret, secretAccessKey, 'xoxb-', 'xapp-', 'v0=', 'AWS4-HMAC', 'taskToken'];

/** The lines of a log that give a secret away. */
export function leaksIn(log: readonly object[]): string[] {
  return log.map((line) => JSON.stringify(line)).filter((line) => secrets.some((secret) => line.includes(secret)));
}
