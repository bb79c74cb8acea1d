import { likeBefore, resting, soon, waiting, whileLikely } from '../../orchestrator/step';

const now = 1_000_000;
const rest = resting('waiting', ['db-1']);

test('what RDS does within seconds is looked at every three, and no rest outlasts that', () => {
  expect(whileLikely(rest, soon(now), now)).toMatchObject({ inSeconds: 3, isBrief: true, restSeconds: 45 });
});

test('until news is likely it rests, and no longer', () => {
  const likely = likeBefore(now, 100_000);
  const before = whileLikely(rest, likely, now);

  expect(before).toMatchObject({ inSeconds: 8, restSeconds: 82 });
  expect(before).not.toHaveProperty('isBrief');
  expect(whileLikely(rest, likely, now + 95_000)).toMatchObject({ isBrief: true, restSeconds: 25 });
});

test('what has not come by then is waited for as ever', () => {
  expect(whileLikely(rest, soon(now), now + 45_000)).toBe(rest);
  expect(whileLikely(rest, undefined, now)).toBe(rest);
});

test('a look that does not rest begins none', () => {
  expect(whileLikely(waiting('acting'), soon(now), now)).not.toHaveProperty('restSeconds');
});
