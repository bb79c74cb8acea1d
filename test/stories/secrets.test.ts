import { botToken, secretAccessKey, signingSecret } from '../../infra/local/sandbox';
import { Drive } from './drive';
import { quick } from './quick';

let drive: Drive;
afterEach(() => drive.close());

test('no log line carries a secret, a task token or what Slack sent, whatever fails', async () => {
  drive = await Drive.start(quick);
  const run = await drive.approved('orders-staging', { reason: 'a reason that only people should read' });
  drive.arm(
    { service: 'slack', operation: 'chat.postMessage', kind: '5xx', times: 2 },
    { service: 'slack', operation: 'chat.update', kind: 'throttle', times: 2 },
    { service: 'states', operation: 'SendTaskSuccess', kind: '5xx', times: 4 },
    { service: 'dynamodb', operation: 'UpdateItem', kind: 'throttle', times: 4 },
    { service: 'rds', operation: 'ModifyDBInstance', kind: 'throttle', times: 1 },
  );
  await drive.until(run, (record) => record.at?.step === 'hold');

  const lines = drive.log.map((line) => JSON.stringify(line));

  expect(lines.some((line) => line.includes(run))).toBe(true);
  expect(lines.some((line) => line.includes('"error"') || line.includes('"warn"'))).toBe(true);
  const secrets = [botToken, signingSecret, secretAccessKey, 'xoxb-', 'v0=', 'AWS4-HMAC', '"token"', 'taskToken'];
  for (const secret of [...secrets, 'a reason that only people should read'])
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
});
