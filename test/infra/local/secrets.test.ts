import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Secrets } from '../../../infra/local/secrets';
import { accessKeyId, accountId, credentials, loopback, noon, refusal, region } from './loopback';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function given() {
  const { clock, faults, front } = loopback();
  const secrets = new Secrets({ clock, accessKeyId, region, accountId, secrets: { 'trapheus/slack': 'xoxb-1' } });
  const endpoint = await front.listen(secrets);
  const client = new SecretsManagerClient({ region, credentials, endpoint });
  closing.push(
    () => client.destroy(),
    () => front.close(),
  );
  const get = (SecretId: string, more: object = {}) => client.send(new GetSecretValueCommand({ SecretId, ...more }));
  const put = (SecretString: string, more: object = {}) =>
    client.send(new PutSecretValueCommand({ SecretId: 'trapheus/slack', SecretString, ...more }));
  return { clock, faults, secrets, endpoint, client, get, put };
}

describe('Secrets Manager', () => {
  test('a secret is read by its name and by its ARN, which ends in a hyphen and six characters', async () => {
    const { secrets, get } = await given();
    const arn = secrets.arn('trapheus/slack');
    expect(arn).toMatch(
      new RegExp(`^arn:aws:secretsmanager:${region}:${accountId}:secret:trapheus/slack-[0-9a-f]{6}$`),
    );
    const byName = await get('trapheus/slack');
    expect(byName).toMatchObject({
      ARN: arn,
      Name: 'trapheus/slack',
      SecretString: 'xoxb-1',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: new Date(noon),
    });
    expect((await get(arn)).VersionId).toBe(byName.VersionId);
  });

  test('a new value is AWSCURRENT at once, and the one before it AWSPREVIOUS', async () => {
    const { get, put, client } = await given();
    await put('xoxb-2');
    const { VersionId = '' } = await put('xoxb-3');
    expect((await get('trapheus/slack')).SecretString).toBe('xoxb-3');
    expect((await get('trapheus/slack', { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('xoxb-2');
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 'trapheus/slack' }));
    expect(VersionIdsToStages?.[VersionId]).toEqual(['AWSCURRENT']);
    expect(
      Object.values(VersionIdsToStages ?? {})
        .flat()
        .sort(),
    ).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  test('PutSecretValue is idempotent by its token, and refuses the token with another value', async () => {
    const { get, put } = await given();
    const ClientRequestToken = 'b'.repeat(32);
    await put('xoxb-2', { ClientRequestToken });
    await put('xoxb-2', { ClientRequestToken });
    expect((await get('trapheus/slack', { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('xoxb-1');
    expect((await refusal(put('xoxb-3', { ClientRequestToken }))).name).toBe('ResourceExistsException');
  });

  test('what does not exist is ResourceNotFoundException: the secret, its version, its stage', async () => {
    const { get } = await given();
    for (const call of [
      get('trapheus/other'),
      get('trapheus/slack', { VersionStage: 'AWSPREVIOUS' }),
      get('trapheus/slack', { VersionId: 'c'.repeat(32) }),
    ])
      expect(await refusal(call)).toEqual({ name: 'ResourceNotFoundException', status: 400 });
  });

  test('an operation that the sandbox does not know is UnknownOperationException', async () => {
    const { client } = await given();
    expect((await refusal(client.send(new ListSecretsCommand({})))).name).toBe('UnknownOperationException');
  });

  test('another access key is UnrecognizedClientException', async () => {
    const { endpoint } = await given();
    const stranger = { ...credentials, accessKeyId: 'AKIDOTHER' };
    const client = new SecretsManagerClient({ region, endpoint, credentials: stranger });
    closing.push(() => client.destroy());
    expect(await refusal(client.send(new GetSecretValueCommand({ SecretId: 'trapheus/slack' })))).toEqual({
      name: 'UnrecognizedClientException',
      status: 403,
    });
  });

  test('the SDK tries a throttled call and an internal error again; a denied one it does not', async () => {
    const { faults, get } = await given();
    for (const kind of ['throttle', '5xx'] as const) {
      faults.arm({ service: 'secretsmanager', kind });
      expect((await get('trapheus/slack')).SecretString).toBe('xoxb-1');
    }
    faults.arm({ service: 'secretsmanager', kind: 'access-denied' });
    expect((await refusal(get('trapheus/slack'))).name).toBe('AccessDeniedException');
  });
});
