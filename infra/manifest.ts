import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Options } from './options';
import { manifestText, placeholder } from './slack-manifest';

/**
 * Prints the Slack app's manifest for one deployment, or with --socket for a trial with `npm start -- --slack`: paste it
 * at https://api.slack.com/apps, "From a manifest".
 */
const usage = `npm run --silent manifest -- [--url https://… | --socket] [--command /trapheus]

  --url      the deployed stack's output SlackUrl
  --socket   for a trial with npm start -- --slack: over Socket Mode, without an address
  --command  the slash command, when it is another
`;
const given = z.object({
  url: z.url({ protocol: /^https$/, error: 'the address of the stack’s SlackUrl, which begins with https://' }),
  command: Options.shape.command.unwrap(),
});
function main(): number {
  try {
    const { values } = parseArgs({
      options: { url: { type: 'string' }, command: { type: 'string' }, socket: { type: 'boolean', default: false } },
    });
    if (values.socket && values.url !== undefined) return complain(['--socket and --url: only one of them.']);
    const read = given.safeParse({ ...placeholder, ...values });
    if (!read.success) return complain(read.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`));
    const { url, command } = read.data;
    process.stdout.write(manifestText(values.socket ? { command } : { url, command }));
    return 0;
  } catch (error) {
    return complain([error instanceof Error ? error.message : String(error)]);
  }
}

function complain(mistakes: string[]): number {
  process.stderr.write(`${mistakes.join('\n')}\n\n${usage}`);
  return 1;
}

process.exitCode = main();
