import { WebClient } from '@slack/web-api';
import { Groups } from '../../../bot/callers/groups';
import { clientOptions, quietLogger } from '../../../bot/slack-client';
import { FakeSlack } from '../fakes';

let slack: FakeSlack;
let now: number;
let groups: Groups;
let client: WebClient;
const log = () => undefined;
const asked = () => slack.of('usergroups.users.list').length;

beforeEach(async () => {
  slack = await FakeSlack.start();
  now = 0;
  groups = new Groups({ now: () => now }, log, ['S0DBA', 'S0LEADS']);
  client = new WebClient('xoxb-test', clientOptions(`${slack.url}/api/`, 1000, quietLogger(log)));
  slack.answers['usergroups.users.list'] = ({ usergroup }) => ({
    ok: true,
    users: usergroup === 'S0DBA' ? ['U0BEN'] : [],
  });
});
afterEach(() => slack.stop());

test('a person is in the groups that Slack says, and in no other', async () => {
  expect(await groups.of(client, 'U0BEN')).toEqual({ of: ['S0DBA'], unknown: [] });
  expect(await groups.of(client, 'U0ANA')).toEqual({ of: [], unknown: [] });
});

test('fifty people at once are one question for each group, and a minute later there is a new one', async () => {
  await Promise.all(Array.from({ length: 50 }, () => groups.of(client, 'U0BEN')));
  expect(asked()).toBe(2);
  now = 59_999;
  await groups.of(client, 'U0BEN');
  expect(asked()).toBe(2);
  now = 60_000;
  await groups.of(client, 'U0BEN');
  expect(asked()).toBe(4);
});

test('whoever was put out of a group a minute ago is in it no more', async () => {
  await groups.of(client, 'U0BEN');
  slack.answers['usergroups.users.list'] = { ok: true, users: [] };
  now = 60_000;
  expect(await groups.of(client, 'U0BEN')).toEqual({ of: [], unknown: [] });
});

test.each([
  ['does not answer', 503],
  ['asks for a rest', 429],
  ['has no such group', { ok: false, error: 'no_such_subteam' }],
  ['wants a paid plan', { ok: false, error: 'plan_upgrade_required' }],
  ['answers nonsense', { ok: true }],
])('when Slack %s, nobody is in the group, and what was known a minute ago does not count', async (_, answer) => {
  await groups.of(client, 'U0BEN');
  slack.answers['usergroups.users.list'] = answer;
  now = 60_000;
  expect(await groups.of(client, 'U0BEN')).toEqual({ of: [], unknown: ['S0DBA', 'S0LEADS'] });
  // A failure is not remembered: the next click asks again.
  slack.answers['usergroups.users.list'] = { ok: true, users: ['U0BEN'] };
  expect(await groups.of(client, 'U0BEN')).toEqual({ of: ['S0DBA', 'S0LEADS'], unknown: [] });
});
