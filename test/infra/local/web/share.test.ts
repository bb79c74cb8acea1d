import { share } from '../../../../infra/local/web/src/sandbox/share';

describe('what the page keeps of a state', () => {
  test('an equal state is the same object', () => {
    const before = { a: [1, { b: 2 }], c: null };
    expect(share(before, structuredClone(before))).toBe(before);
  });

  test('only what changed is new', () => {
    const before = { same: { x: 1 }, list: [{ id: 1 }, { id: 2 }] };
    const after = share(before, { same: { x: 1 }, list: [{ id: 1 }, { id: 3 }] });

    expect(after).toEqual({ same: { x: 1 }, list: [{ id: 1 }, { id: 3 }] });
    expect(after.same).toBe(before.same);
    expect(after.list[0]).toBe(before.list[0]);
    expect(after.list).not.toBe(before.list);
  });

  test('a list that lost or gained something is a new one, of the old parts', () => {
    const before = [{ id: 1 }, { id: 2 }];
    const shorter = share(before, [{ id: 1 }]);
    expect(shorter).toEqual([{ id: 1 }]);
    expect(shorter[0]).toBe(before[0]);
    expect(share(before, [{ id: 1 }, { id: 2 }, { id: 3 }])).toHaveLength(3);
  });

  test('a field that is gone is gone, and one of another kind is taken as it is', () => {
    expect(share({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
    expect(share({ a: [1] }, { a: { 0: 1 } })).toEqual({ a: { 0: 1 } });
    expect(share(undefined, 3)).toBe(3);
  });
});
