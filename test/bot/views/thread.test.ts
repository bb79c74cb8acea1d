import { replies } from '../../../bot/views/thread';
import { validateMessage } from '../../../infra/local/slack/validate';
import type { Run } from '../../../orchestrator/run';
import {
  closed,
  ended,
  everyRun,
  failed,
  holding,
  house,
  needsHelp,
  noon,
  plan,
  requested,
  running,
  waitingForApproval,
  withLeftovers,
} from '../runs';
import { asText } from './as-text';

const ids = (run: Run) => replies(run, house).map(({ id }) => id);
const told = (run: Run, id: string) => replies(run, house).find((reply) => reply.id === id);

test.each(Object.entries(everyRun))('Slack takes every reply of a run that is %s', (_, run) => {
  for (const { id: _id, broadcast: _broadcast, ...message } of replies(run, house))
    expect(validateMessage(message)).toEqual([]);
});

test('the thread of a restore that went well, from the plan to the removed original', () => {
  expect(
    replies(closed(), house)
      .map((reply) => `${reply.id}\n${asText(reply)}`)
      .join('\n=====\n'),
  ).toMatchSnapshot();
});

test('a later record calls for everything that an earlier one called for, in the same order', () => {
  const story = [requested(), waitingForApproval(), running(), holding(), closed()].map(ids);
  for (const [index, earlier] of story.slice(0, -1).entries()) {
    const later = story[index + 1] ?? [];
    expect(later.filter((id) => earlier.includes(id))).toEqual(earlier);
  }
});

test('the approvers are mentioned where it notifies them, and again when the plan moves', () => {
  const first = waitingForApproval();
  expect(replies(first, house)[0]?.text).toContain('<@U0ALICE>, <@U0BOB>, <@U0CAROL>: <@U0REQ> asks to restore');
  const second = waitingForApproval({ planHash: 'another', planMoved: { at: noon, differences: ['the settings'] } });
  expect(ids(second)[0]).not.toBe(ids(first)[0]);
  expect(replies(second, house)[0]?.text).toContain('The plan has changed');
});

test('the requester is told of every end', () => {
  for (const run of [
    holding(),
    failed(),
    needsHelp(),
    ended('denied', 'x'),
    ended('expired', 'x'),
    ended('cancelled', 'x'),
    withLeftovers(),
  ])
    expect(replies(run, house).at(-1)?.text).toContain('<@U0REQ>');
});

test('only what somebody has to act on is shown in the channel too', () => {
  const loud = Object.values(everyRun).flatMap((run) =>
    replies(run, house)
      .filter(({ broadcast }) => broadcast)
      .map(({ id }) => id.split(':')[0]),
  );
  expect(new Set(loud)).toEqual(new Set(['failed', 'needs-help']));
});

test('the final message of a failure names what is left', () => {
  expect(JSON.stringify(told(failed(), 'failed'))).toContain(plan.names.safetySnapshot);
});

test('the report says of every unequal setting what it was, what it is, and why', () => {
  const report = JSON.stringify(told(holding(), 'report'));
  expect(report).toContain('2 settings identical, 1 changed on purpose, 1 cannot be restored: ');
  expect(report).toContain('They follow the old database');
  expect(report).not.toContain('Instance class');
});
