import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Options } from './options';
import { manifestText, placeholder } from './slack-manifest';

/** Prints the Slack app's manifest for one deployment: paste it at https://api.slack.com/apps, "From a manifest". */
const { values } = parseArgs({ options: { url: { type: 'string' }, command: { type: 'string' } } });
const given = z.object({ url: z.url({ protocol: /^https$/ }), command: Options.shape.command.unwrap() });
const read = given.safeParse({ ...placeholder, ...values });
if (read.success) {
  process.stdout.write(manifestText(read.data));
} else {
  const mistakes = read.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`);
  process.stderr.write(`${mistakes.join('\n')}\n`);
  process.exitCode = 1;
}
