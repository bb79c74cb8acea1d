import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { NotifierEnvironment, variables } from '../../bot/config';
import { parsePolicy } from '../../orchestrator/policy';
import { fastest } from './api/clock';
import { sandboxPage } from './page';
import { type RealSlack, realSlack } from './real-slack';
import { refusalBySlack } from './real-slack/refusal';
import type { Bridge } from './real-slack/socket';
import { readTokens } from './real-slack/tokens';
import { serveSandbox } from './serve';

const Environment = z.object({
  PORT: z.coerce.number('PORT is a number').int('PORT is a whole number').min(0).max(65_535).default(3000),
  SPEED: z.coerce.number('SPEED is a number of virtual seconds per second').min(1).max(fastest).default(60),
  /** Which policy to try; absent: the repository's, or with --slack one that lets everybody do everything. */
  POLICY_FILE: z.string().optional(),
});

/**
 * `npm start`: AWS and Slack on this machine, until SIGTERM or SIGINT. `npm start -- --slack` takes a workspace of
 * Slack itself instead, by Socket Mode; `--command` says under which slash command.
 */
async function main(): Promise<void> {
  const environment = Environment.safeParse({
    PORT: process.env.PORT || undefined,
    SPEED: process.env.SPEED || undefined,
    POLICY_FILE: process.env.POLICY_FILE || undefined,
  });
  if (!environment.success) return fail(z.prettifyError(environment.error));
  const { PORT: port, SPEED: speed, POLICY_FILE: policyFile } = environment.data;
  const flags = readFlags();
  if (flags === undefined) return undefined;
  const mistakes = policyFile === undefined ? undefined : mistakesIn(policyFile);
  if (mistakes !== undefined) return fail(`POLICY_FILE=${policyFile}: ${mistakes}`);
  const slack = flags.slack ? await realWorkspace(policyFile) : undefined;
  if (flags.slack && slack === undefined) return undefined;

  let isStopping = false;
  let bridge: Bridge | undefined;
  const page = sandboxPage();
  const sandbox = await serveSandbox(
    {
      start: Date.now(),
      speed,
      port,
      policyFile,
      command: flags.command,
      ...slack?.options,
      log: (level, event, fields) => {
        if (level === 'error' && !isStopping) console.error(`${event} ${JSON.stringify(fields)}`);
      },
    },
    page.handle,
  ).catch((error: unknown) => {
    if (isTaken(error))
      return fail(
        `Port ${port} is taken. Stop what listens there, or choose another one: PORT=${port + 1} npm start (PORT=0 takes any free one).`,
      );
    throw error;
  });
  if (sandbox === undefined) return slack?.close();

  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    // Calls that are under way keep their sockets; nobody waits for their answers any more.
    slack?.close();
    void Promise.allSettled([bridge?.close(), sandbox.close()]).finally(() => process.exit());
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  try {
    bridge = await slack?.connect(sandbox);
  } catch (error) {
    fail(refusalBySlack('SLACK_APP_TOKEN', error, { apiUrl: slack?.options.realSlack?.apiUrl ?? '' }));
    return stop();
  }
  console.log(`Trapheus sandbox ready at ${sandbox.url}`);
  if (slack && bridge) {
    const { team, bot } = slack.workspace;
    console.log(`In ${team}: invite @${bot} to a channel, and type ${sandbox.command} restore orders-staging`);
    console.log('The databases are simulated: nothing in AWS is touched.');
  }
  void page.prepare();
}

function readFlags(): { slack: boolean; command: string } | undefined {
  try {
    const { values } = parseArgs({
      options: { slack: { type: 'boolean', default: false }, command: { type: 'string', default: '/trapheus' } },
    });
    const command = NotifierEnvironment.shape[variables.command].safeParse(values.command);
    if (!command.success) return fail(`--command ${values.command} ${command.error.issues[0]?.message}`);
    return { slack: values.slack, command: command.data };
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\nThere is: --slack, --command /name`);
  }
}

async function realWorkspace(policyFile: string | undefined): Promise<RealSlack | undefined> {
  const tokens = readTokens(process.env);
  if ('mistakes' in tokens) return fail(tokens.mistakes.join('\n'));
  try {
    return await realSlack(tokens, { policyFile, say: (line) => console.error(line) });
  } catch (error) {
    return fail(refusalBySlack('SLACK_BOT_TOKEN', error, tokens));
  }
}

function fail(message: string): undefined {
  console.error(message);
  process.exitCode = 1;
}

function mistakesIn(policyFile: string): string | undefined {
  try {
    parsePolicy(readFileSync(policyFile, 'utf8'));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

void main();
