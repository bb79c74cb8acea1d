import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Options } from './options';
import { manifestText, placeholder } from './slack-manifest';

/**
 * Prints the Slack app's manifest for one deployment, or with --socket for a trial with `npm start -- --slack`: paste it
 * at https://api.slack.com/apps, "From a manifest".
 */
const { values } = parseArgs({
  options: { url: { type: 'string' }, command: { type: 'string' }, socket: { type: 'boolean', default: false } },
});
const given = z.object({
  url: z.url({ protocol: /^https$/, error: 'the address of the stack’s SlackUrl, which begins with https://' }),
  command: Options.shape.command.unwrap(),
});
const read = given.safeParse({ ...placeholder, ...values });
if (read.success) {
  const { url, command } = read.data;
  process.stdout.write(manifestText(values.socket ? { command } : { url, command }));
} else {
  const mistakes = read.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`);
  process.stderr.write(`${mistakes.join('\n')}\n`);
  process.exitCode = 1;
}
