import { memberNames, nextMemberAct, standIn, withStandIn } from '../../orchestrator/member-names';
import { hasOwnForm, isOwnName, memberName, memberPlace } from '../../orchestrator/names';
import type { Database, Member } from '../../orchestrator/ports';

const run = 'r7k3q9xz';
const member = (name: string, isWriter = false, more: Partial<Member> = {}): Member => ({
  name,
  isWriter,
  readiness: 'ready',
  renamingTo: undefined,
  ...more,
});
const database = (...members: Member[]) =>
  ({ name: 'pay', readiness: 'ready', members }) as Partial<Database> as Database;
const arriving = [
  { from: 't-1', to: 'pay-1' },
  { from: 't-2', to: 'pay-2' },
];
const next = (holder: Database, other?: Database) =>
  nextMemberAct({ holder, other, arriving, leaving: [{ from: 'pay-1', to: 'a-1' }], writer: 'pay-1' });

describe('a member’s names', () => {
  test('carry the run’s ending and stay within 63 characters', () => {
    const long = `${'a'.repeat(40)}-trapheus-${run}`;
    expect(memberName(`pay-trapheus-${run}`, 2)).toBe(`pay-2-trapheus-${run}`);
    expect(memberName('pay', 2)).toBe('pay-2');
    for (const place of [1, 15]) {
      const name = memberName(`${'a'.repeat(63 - 18)}-trapheus-${run}`, place);
      expect(name.length).toBeLessThanOrEqual(63);
      expect(isOwnName(name, run)).toBe(true);
      expect(memberPlace(name)).toBe(place);
    }
    expect(new Set([1, 2].map((place) => memberName(long, place))).size).toBe(2);
    expect(hasOwnForm('pay-trapheus')).toBe(false);
    expect(memberPlace('pay-2')).toBeUndefined();
  });

  test('follow from the settings alone', () => {
    const names = memberNames(
      { members: { zoe: {}, amy: {} } },
      { aside: `pay-old-${run}`, copy: `pay-trapheus-${run}` },
    );
    expect(names).toEqual([
      { own: 'amy', aside: `pay-1-old-${run}`, temporary: `pay-1-trapheus-${run}` },
      { own: 'zoe', aside: `pay-2-old-${run}`, temporary: `pay-2-trapheus-${run}` },
    ]);
    expect(memberNames({ class: 'db.m6g.large' }, { aside: 'a', copy: 'b' })).toEqual([]);
  });
});

describe('the next act', () => {
  test('makes room first', () => {
    expect(next(database(member('t-1'), member('t-2', true)), database(member('pay-1')))).toEqual({
      kind: 'clear',
      moves: [{ member: 'pay-1', to: 'a-1' }],
    });
  });

  test('readers before the writer, the writer by a failover to the right one', () => {
    expect(next(database(member('t-1'), member('t-2', true)))).toMatchObject({ kind: 'rename', member: 't-1' });
    expect(next(database(member('pay-1'), member('t-2', true)))).toEqual({ kind: 'fail-over', to: 'pay-1' });
    expect(next(database(member('pay-1', true), member('t-2')))).toMatchObject({ kind: 'rename', member: 't-2' });
    expect(next(database(member('pay-1', true), member('pay-2')))).toEqual({ kind: 'done' });
  });

  test('nothing while a member restarts or a rename is in flight', () => {
    const restarting = member('pay-1', false, { readiness: 'busy' });
    const renaming = member('t-1', false, { renamingTo: 'pay-1' });
    for (const one of [restarting, renaming]) expect(next(database(one, member('t-2', true))).kind).toBe('wait');
  });

  test('an only member restarts under its name: nobody answers meanwhile', () => {
    const act = nextMemberAct({
      holder: database(member('t-1', true)),
      other: undefined,
      arriving: [{ from: 't-1', to: 'pay-1' }],
      leaving: [],
      writer: 'pay-1',
    });
    expect(act).toEqual({ kind: 'rename', member: 't-1', to: 'pay-1', interrupts: true });
  });
});

test('before the swap another member writes, so that one failover leaves the right one in its place', () => {
  expect(standIn(database(member('t-1', true), member('t-2')), 't-1')).toBe('t-2');
  expect(standIn(database(member('t-1'), member('t-2', true)), 't-1')).toBeUndefined();
  expect(standIn(database(member('t-1', true)), 't-1')).toBeUndefined();
});

test('another member writes from the start where the names will move, and an only member where it is alone', () => {
  const settings = { members: { 'pay-1': {}, 'pay-2': {} }, writer: 'pay-1' };
  expect(withStandIn(settings)).toEqual({ ...settings, writer: 'pay-2' });
  expect(withStandIn({ members: { 'pay-1': {} }, writer: 'pay-1' })).toMatchObject({ writer: 'pay-1' });
});
