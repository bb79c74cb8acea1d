import { botToken } from '../../infra/local/sandbox';
import { Drive } from './drive';
import { leaksIn } from './leaks';
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
  expect(leaksIn(drive.log)).toEqual([]);
  for (const word of ['"token"', 'a reason that only people should read'])
    expect(lines.filter((line) => line.includes(word))).toEqual([]);
});

test('a line that holds one is found', () => {
  expect(leaksIn([{ event: 'look' }, { event: 'posted', with: botToken }])).toHaveLength(1);
});
