import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { Secrets } from '../../../orchestrator/aws/secrets';

const client = mockClient(SecretsManagerClient);
const clock = { time: 0, now: () => clock.time };
const value = (signingSecret: string) => ({ SecretString: JSON.stringify({ botToken: 'xoxb-1', signingSecret }) });
const make = () => new Secrets(new SecretsManagerClient({ region: 'eu-central-1' }), 'trapheus/slack', clock);
beforeEach(() => {
  client.reset();
  clock.time = 0;
});

test('after a rotation the previous signing secret is accepted as well', async () => {
  client.on(GetSecretValueCommand, { VersionStage: 'AWSCURRENT' }).resolves(value('new'));
  client.on(GetSecretValueCommand, { VersionStage: 'AWSPREVIOUS' }).resolves(value('old'));

  expect(await make().read()).toEqual({ botToken: 'xoxb-1', signingSecret: 'new', previousSigningSecret: 'old' });
});

test('it is read once in five minutes', async () => {
  client.on(GetSecretValueCommand).resolves(value('one'));
  const secrets = make();

  await secrets.read();
  clock.time = 4 * 60_000;
  await secrets.read();
  expect(client.calls()).toHaveLength(2);

  clock.time = 6 * 60_000;
  await secrets.read();
  expect(client.calls()).toHaveLength(4);
});

test.each([
  ['is not JSON', 'xoxb-very-secret'],
  ['lacks the signing secret', '{"botToken":"xoxb-very-secret"}'],
])('a value that %s is refused without a word of it', async (_, SecretString) => {
  client.on(GetSecretValueCommand).resolves({ SecretString });

  const error = await make()
    .read()
    .catch((error: unknown) => error);

  expect(String(error)).toContain('trapheus/slack cannot be read');
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('very-secret');
});
