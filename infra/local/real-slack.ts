import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bridge, bridge } from './real-slack/socket';
import type { Tokens } from './real-slack/tokens';
import { lookAround, trialPolicy, type Workspace } from './real-slack/trial-policy';
import { type Sandbox, type SandboxOptions, signingSecret } from './sandbox';
import { Outgoing } from './slack/outgoing';

/** Slack: respond to a request within three seconds. */
const answerWithinMs = 3_000;

export interface RealSlack {
  workspace: Workspace;
  /** With what the sandbox starts. */
  options: Pick<SandboxOptions, 'policyFile' | 'realSlack'>;
  /** From now on what people do in Slack arrives here. */
  connect(sandbox: Sandbox): Promise<Bridge>;
  /** Removes what this has written. */
  close(): void;
}

/**
 * A workspace of Slack itself, by Socket Mode, before databases that are simulated: people try the bot where they work,
 * with nothing at stake.
 * @param policyFile The rules to try; absent: everyone in the workspace may ask and approve.
 * @throws Error of Slack's when a token is not accepted.
 */
export async function realSlack(
  tokens: Tokens,
  { policyFile, say }: { policyFile: string | undefined; say: (line: string) => void },
): Promise<RealSlack> {
  const workspace = await lookAround(tokens);
  const folder = mkdtempSync(join(tmpdir(), 'trapheus-trial-'));
  const trial = join(folder, 'policy.yml');
  writeFileSync(trial, trialPolicy(workspace));
  return {
    workspace,
    options: {
      policyFile: policyFile ?? trial,
      realSlack: { ...tokens, team: workspace.team, url: workspace.url },
    },
    connect: (sandbox) =>
      bridge({
        tokens,
        outgoing: new Outgoing({ signingSecret, wall: Date.now, answerWithinMs }),
        requestUrl: sandbox.requestUrl,
        say,
      }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
