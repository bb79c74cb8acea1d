import picomatch from 'picomatch';
import { sign } from '../../local/slack/outgoing';
import { storedSecrets } from '../slack';
import { type Desk, deployed, type Problem, problem, type SetupStep, told } from '../step';

/** Slack: respond within three seconds; a function that starts for the first time gets as long again. */
const answerWithinMs = 6_000;
/** Slack: url_verification. The deployed function answers with the challenge, and only to who can sign. */
const challenge = 'trapheus-self-test';

export const selfTest: SetupStep = {
  id: 'self-test',
  title: 'Test what is deployed',
  preview: () => [
    'Send the deployed address a request with a wrong signature, which it must refuse, and one with the right one.',
    'Ask for the table, the state machine, and the databases in scope.',
  ],
  async run(desk) {
    const outputs = await deployed(desk);
    if (!outputs.ok) return outputs;
    const settings = desk.settings();
    if (!settings.ok) return settings;
    const secrets = await storedSecrets(desk);
    if (!secrets.ok) return secrets;
    const { SlackUrl, TableName, StateMachineArn } = outputs.value;
    const checks: [string, () => Promise<Problem | string>][] = [
      ['signature', () => signature(desk, SlackUrl, secrets.value.signingSecret)],
      ['table', async () => active('The table', await desk.cloud.tableStatus(TableName))],
      ['state machine', async () => active('The state machine', await desk.cloud.machineStatus(StateMachineArn))],
      ['databases', () => databases(desk, settings.value.identifierPatterns)],
    ];
    const failed: string[] = [];
    for (const [what, check] of checks) {
      const found = await check();
      if (typeof found === 'string') desk.say(`  ok      ${what}: ${found}`);
      else {
        desk.say(`  FAILED  ${what}: ${found.says} ${found.hint}`);
        failed.push(what);
      }
    }
    return failed.length === 0
      ? told(undefined)
      : problem(`${failed.join(' and ')} did not pass.`, 'Put that right, then: npm run setup -- self-test');
  },
};

async function signature(desk: Desk, url: string, signingSecret: string): Promise<Problem | string> {
  const body = JSON.stringify({ type: 'url_verification', challenge, token: 'unused' });
  const send = async (secret: string): Promise<{ status: number; text: string }> => {
    const timestamp = String(Math.floor(desk.wall() / 1000));
    const headers = {
      'content-type': 'application/json',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': sign(secret, timestamp, body),
    };
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(answerWithinMs) });
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      return { status: 0, text: error instanceof Error ? error.message : String(error) };
    }
  };
  const forged = await send('0'.repeat(32));
  if (forged.status === 0)
    return problem(`The address does not answer: ${forged.text}.`, 'Is it the one deployed here?');
  if (forged.status === 403)
    return problem(
      'The address refuses everybody.',
      'Some organisations forbid function URLs. Set "endpoint": "http-api" in cdk.json and deploy again.',
    );
  if (forged.status !== 401) return problem(`A request with a wrong signature got the answer ${forged.status}.`, again);
  const real = await send(signingSecret);
  if (real.status !== 200)
    return problem(
      `A request with the right signature got the answer ${real.status}.`,
      'A secret stored just now is used after five minutes at most. Otherwise store it again: npm run setup -- secrets',
    );
  return real.text.includes(challenge)
    ? 'forged requests are refused, signed ones answered'
    : problem('A signed request was answered with something else.', again);
}

const again = 'Deploy again: npm run setup -- deploy';

function active(what: string, status: { ok: true; value: string } | Problem): Problem | string {
  if (!status.ok) return status;
  return status.value === 'ACTIVE'
    ? status.value
    : problem(`${what} is ${status.value}.`, 'Wait a moment, then try again.');
}

async function databases(desk: Desk, patterns: string[]): Promise<Problem | string> {
  const names = await desk.cloud.databaseNames();
  if (!names.ok) return names;
  const isInScope = picomatch(patterns);
  const inScope = names.value.filter((name) => isInScope(name));
  if (names.value.length > 0 && inScope.length === 0)
    return problem(
      `None of the ${names.value.length} databases here fits ${patterns.join(', ')}.`,
      'Change identifierPatterns: npm run setup -- settings deploy',
    );
  return `${inScope.length} of ${names.value.length} in scope`;
}
