import { askSlack } from '../slack';
import { deployed, problem, type SetupStep, told } from '../step';

/** Slack: signing secrets are 32 hexadecimal digits. */
const signingForm = /^[0-9a-f]{32}$/;

export const secrets: SetupStep = {
  id: 'secrets',
  title: 'Store the secrets',
  preview: () => [
    'Ask for the bot token (xoxb-…) and the signing secret, or take them from SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET.',
    'Ask Slack whose token it is, then store both in Secrets Manager. The secret before is accepted a while longer.',
  ],
  async run(desk) {
    const outputs = await deployed(desk);
    if (!outputs.ok) return outputs;
    const botToken = await desk.ask({
      id: 'bot-token',
      text: 'Bot token (OAuth & Permissions)',
      secret: 'SLACK_BOT_TOKEN',
      check: (answer) => (answer.startsWith('xoxb-') ? undefined : 'A bot token begins with xoxb-.'),
    });
    if (!botToken.ok) return botToken;
    const signingSecret = await desk.ask({
      id: 'signing-secret',
      text: 'Signing secret (Basic Information)',
      secret: 'SLACK_SIGNING_SECRET',
      check: (answer) => (signingForm.test(answer) ? undefined : 'A signing secret has 32 digits from 0 to f.'),
    });
    if (!signingSecret.ok) return signingSecret;
    const self = await askSlack(desk, botToken.value, (slack) => slack.auth.test());
    if (!self.ok) return self;
    const value = JSON.stringify({ botToken: botToken.value, signingSecret: signingSecret.value });
    const { SlackSecretId } = outputs.value;
    const before = await desk.cloud.readSecret(SlackSecretId);
    if (before.ok && before.value === value) {
      desk.say('The secret holds these already.');
      return told(undefined);
    }
    const stored = await desk.cloud.putSecret(SlackSecretId, value);
    if (!stored.ok) return problem(stored.says, stored.hint);
    desk.say(`Stored for @${self.value.user ?? 'the bot'} in ${self.value.team ?? 'the workspace'}.`);
    return told(undefined);
  },
};
