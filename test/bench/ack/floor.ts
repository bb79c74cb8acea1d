/**
 * The floor: the same command by hand, with nothing but Node. It makes the same outside calls as ours, as many beside
 * each other, each signed; it validates nothing, handles no error and knows no other command.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import http from 'node:http';

const env = process.env as Record<string, string>;
const agent = new http.Agent({ keepAlive: true });
type Json = Record<string, any>;

function post(url: URL, headers: Record<string, string>, body: string): Promise<Json> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.on('data', (part) => (text += String(part))).on('end', () => resolve(JSON.parse(text)));
    });
    request.on('error', reject).end(body);
  });
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

function aws(service: string, id: string, target: string, version: string, input: object): Promise<Json> {
  const url = new URL(env[`AWS_ENDPOINT_URL_${id}`] ?? '');
  const body = JSON.stringify(input);
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const headers = {
    'content-type': `application/x-amz-json-${version}`,
    host: url.host,
    'x-amz-date': time,
    'x-amz-target': target,
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const scope = `${day}/${env.AWS_REGION}/${service}/aws4_request`;
  const canonical = ['POST', '/', '', lines.join(''), names, hash(body)].join('\n');
  const parts = [day, env.AWS_REGION ?? '', service, 'aws4_request'];
  const key = parts.reduce<string | Buffer>(mac, `AWS4${env.AWS_SECRET_ACCESS_KEY}`);
  const signature = mac(key, ['AWS4-HMAC-SHA256', time, scope, hash(canonical)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${env.AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return post(url, { ...headers, authorization }, body);
}

const dynamodb = (operation: string, input: object) =>
  aws('dynamodb', 'DYNAMODB', `DynamoDB_20120810.${operation}`, '1.0', { TableName: env.TABLE_NAME, ...input });
const get = (pk: string) => dynamodb('GetItem', { Key: { pk: { S: pk } } });
const version = (VersionStage: string) =>
  aws('secretsmanager', 'SECRETS_MANAGER', 'secretsmanager.GetSecretValue', '1.1', {
    SecretId: env.SECRET_ID,
    VersionStage,
  });

let secret: Json | undefined;
let known = false;

export async function handler(event: { headers: Record<string, string>; body: string }) {
  if (secret === undefined) {
    const [current] = await Promise.all([version('AWSCURRENT'), version('AWSPREVIOUS')]);
    secret = JSON.parse(current.SecretString) as Json;
  }
  const { signingSecret, botToken } = secret;
  const timestamp = event.headers['x-slack-request-timestamp'] ?? '';
  const expected = `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${event.body}`).digest('hex')}`;
  const signature = event.headers['x-slack-signature'] ?? '';
  const isTimely = Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300;
  const isSigned =
    expected.length === signature.length && timingSafeEqual(Buffer.from(expected), Buffer.from(signature));
  if (!isTimely || !isSigned) return { statusCode: 401, body: '' };
  const form = new URLSearchParams(event.body);
  const slack = (method: string, fields: Record<string, string>) => {
    const headers = { authorization: `Bearer ${botToken}`, 'content-type': 'application/x-www-form-urlencoded' };
    return post(new URL(method, env.SLACK_API_URL), headers, new URLSearchParams(fields).toString());
  };
  const [verb, database] = (form.get('text') ?? '').split(' ');
  const channel = { channel: form.get('channel_id') ?? '' };
  const isHelp = verb === 'help';
  const isFirst = !known;
  known = true;
  await Promise.all([
    dynamodb('PutItem', { Item: { pk: { S: `seen#${signature}` } } }),
    ...(isFirst
      ? [
          slack('auth.test', {}),
          slack('users.info', { user: form.get('user_id') ?? '' }),
          slack('conversations.info', channel),
        ]
      : []),
    ...(isHelp ? [] : [get('freeze'), get('inventory#head')]),
  ]);
  if (isHelp) return { statusCode: 200, body: JSON.stringify({ text: '/trapheus restore: opens the form.' }) };
  await Promise.all([
    slack('conversations.info', channel),
    get('inventory#0'),
    get(`lock#${database}`),
    dynamodb('UpdateItem', {
      Key: { pk: { S: 'inventory#head' } },
      UpdateExpression: 'SET usedAt = :now',
      ExpressionAttributeValues: { ':now': { N: String(Date.now()) } },
    }),
  ]);
  const view = { type: 'modal', title: { type: 'plain_text', text: `Restore ${database}`.slice(0, 24) }, blocks: [] };
  await slack('views.open', { trigger_id: form.get('trigger_id') ?? '', view: JSON.stringify(view) });
  return { statusCode: 200, body: '' };
}
