/**
 * The baseline: the same command as people write it first. Everything from '@slack/bolt', the SDK's clients and zod's
 * own index, bundled with esbuild’s defaults. It makes the same outside calls as ours, some after another.
 */
import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { App, AwsLambdaReceiver } from '@slack/bolt';
import { z } from 'zod';

const dynamodb = new DynamoDBClient({});
const secrets = new SecretsManagerClient({});
// The same function starts the restore when the form comes back.
export const states = new SFNClient({});
const Typed = z.tuple([z.literal('restore'), z.string().regex(/^[a-z][a-z0-9-]*$/)]);
const TableName = process.env.TABLE_NAME;

const read = async (VersionStage: string) => {
  const { SecretString } = await secrets.send(
    new GetSecretValueCommand({ SecretId: process.env.SECRET_ID, VersionStage }),
  );
  return z.object({ botToken: z.string(), signingSecret: z.string() }).parse(JSON.parse(SecretString ?? ''));
};
const get = (pk: string) => dynamodb.send(new GetItemCommand({ TableName, Key: { pk: { S: pk } } }));

async function start() {
  const [{ botToken: token, signingSecret }] = await Promise.all([read('AWSCURRENT'), read('AWSPREVIOUS')]);
  const receiver = new AwsLambdaReceiver({ signingSecret });
  const app = new App({ token, receiver, clientOptions: { slackApiUrl: process.env.SLACK_API_URL ?? '' } });
  app.command('/trapheus', async ({ ack, command, client }) => {
    await dynamodb.send(new PutItemCommand({ TableName, Item: { pk: { S: `seen#${command.trigger_id}` } } }));
    if (command.text === 'help') return ack('/trapheus restore: opens the form.');
    const [, database] = Typed.parse(command.text.split(' '));
    await Promise.all([
      client.users.info({ user: command.user_id }),
      client.conversations.info({ channel: command.channel_id }),
    ]);
    await Promise.all([
      client.conversations.info({ channel: command.channel_id }),
      (async () => {
        await get('freeze');
        await get('inventory#head');
        await get('inventory#0');
        await get(`lock#${database}`);
      })(),
      dynamodb.send(
        new UpdateItemCommand({
          TableName,
          Key: { pk: { S: 'inventory#head' } },
          UpdateExpression: 'SET usedAt = :now',
          ExpressionAttributeValues: { ':now': { N: String(Date.now()) } },
        }),
      ),
    ]);
    await client.views.open({
      trigger_id: command.trigger_id,
      view: { type: 'modal', title: { type: 'plain_text', text: `Restore ${database}`.slice(0, 24) }, blocks: [] },
    });
    return ack();
  });
  return receiver.start();
}

let started: ReturnType<typeof start> | undefined;
export const handler = async (event: never, context: never) => {
  started ??= start();
  return (await started)(event, context);
};
