import { involved, subjectOf, wholes } from '../../../../infra/local/web/src/panel/wholes';
import type { Cluster, Database, Run } from '../../../../infra/local/web/src/sandbox/wire';

const about = { engine: 'postgres', engineVersion: '16.6', status: 'available', answersByName: true };
const instance = (name: string, resourceId: string): Database => ({
  ...about,
  name,
  resourceId,
  class: 'db.t4g.large',
});
const databases = [
  instance('orders', 'db-1'),
  instance('tickets-1', 'db-2'),
  instance('tickets-2', 'db-3'),
  instance('orders-trapheus-r2345678', 'db-4'),
];
const tickets: Cluster = {
  ...about,
  name: 'tickets',
  resourceId: 'cluster-1',
  members: [
    { name: 'tickets-1', resourceId: 'db-2', role: 'reader' },
    { name: 'tickets-2', resourceId: 'db-3', role: 'writer' },
  ],
};
const all = wholes(databases, [tickets]);
const run = (more: Partial<Run> = {}): Run => ({
  id: 'r2345678',
  status: 'running',
  request: { database: 'orders', target: { kind: 'replace' }, at: 0, requester: { id: 'U1' } },
  decisions: [],
  facts: {},
  ...more,
});

test('members stand with their cluster, the writer first, and nobody stands there twice', () => {
  expect(all.map(({ name }) => name)).toEqual(['orders', 'orders-trapheus-r2345678', 'tickets']);
  expect(all.at(-1)?.members.map(({ name, role }) => `${role} ${name}`)).toEqual([
    'writer tickets-2',
    'reader tickets-1',
  ]);
});

test('the two of a run are found by their resource ids, and by their names before these are known', () => {
  const planned = run({ plan: { names: { copy: 'orders-trapheus-r2345678' }, target: { resourceId: 'db-1' } } });
  expect(involved(planned, all)).toMatchObject({
    original: { resourceId: 'db-1' },
    copy: { resourceId: 'db-4' },
    isReplaced: true,
  });
  expect(involved(run(), all).copy).toBeUndefined();
});

test('a clone replaces nobody: its source stands beside it', () => {
  const request = { ...run().request, target: { kind: 'new', name: 'orders-try' } };
  const cloned = run({ request, facts: { copy: { name: 'orders-trapheus-r2345678', resourceId: 'db-4' } } });
  expect(subjectOf(cloned)).toBe('orders-try');
  expect(involved(cloned, all)).toMatchObject({
    original: { name: 'orders' },
    copy: { resourceId: 'db-4' },
    isReplaced: false,
  });
});
