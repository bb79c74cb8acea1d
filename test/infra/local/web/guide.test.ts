import { guideSteps, type Seen } from '../../../../infra/local/web/src/guide/steps';
import type { Person, Run } from '../../../../infra/local/web/src/sandbox/wire';

const ana: Person = { id: 'U1', name: 'ana', realName: 'Ana Duarte', note: '' };
const ben: Person = { id: 'U2', name: 'ben', realName: 'Ben Okafor', note: '' };
const asked: Run = {
  id: 'r1',
  status: 'waiting',
  request: { database: 'orders-staging', at: 1, requester: { id: 'U1' } },
  decisions: [],
  facts: {},
};
const approved: Run = { ...asked, status: 'running', decisions: [{ by: 'U2', decision: 'approve' }] };
const restored: Run = { ...approved, status: 'succeeded', finishedAt: 2 };
const undone: Run = { ...restored, status: 'undone', stop: { kind: 'undone' }, closedAt: 3 };
const again: Run = { ...asked, id: 'r2', request: { ...asked.request, at: 4 } };
const failed: Run = {
  ...again,
  status: 'failed',
  stop: { kind: 'failed' },
  decisions: approved.decisions,
  closedAt: 5,
};
const fault = { service: 'rds', kind: 'wrong-state' };

const look = (seen: Partial<Seen>) => {
  const steps = guideSteps({
    runs: [],
    faults: [],
    scenarios: [],
    people: [],
    me: ana,
    approver: ben,
    requester: ana,
    ...seen,
  });
  const current = steps.find((step) => !step.isDone);
  return {
    done: steps.filter((step) => step.isDone).length,
    at: current?.id,
    help: current?.help.map(({ kind }) => kind),
  };
};

describe('the guide ticks off what is really so', () => {
  test('from the request to the failure, one step after the other', () => {
    expect(look({})).toEqual({ done: 0, at: 'request', help: ['fill'] });
    expect(look({ runs: [asked] })).toEqual({ done: 1, at: 'switch', help: ['act-as'] });
    expect(look({ runs: [asked], me: ben })).toEqual({ done: 2, at: 'approve', help: [] });
    expect(look({ runs: [approved], me: ben })).toEqual({ done: 3, at: 'swap', help: ['speed'] });
    expect(look({ runs: [restored], me: ben })).toEqual({ done: 4, at: 'undo', help: [] });
    expect(look({ runs: [undone], me: ben })).toEqual({ done: 5, at: 'failure', help: ['arm'] });
    expect(look({ runs: [undone], me: ben, faults: [fault] })).toEqual({ done: 5, at: 'failure', help: ['act-as'] });
    expect(look({ runs: [undone], faults: [fault] })).toEqual({ done: 5, at: 'failure', help: ['fill'] });
    expect(look({ runs: [undone, again], faults: [fault] })).toEqual({ done: 5, at: 'failure', help: ['act-as'] });
    expect(look({ runs: [undone, failed], faults: [fault] })).toEqual({ done: 6, at: undefined, help: undefined });
  });

  test('a run of another database leads nowhere', () => {
    const other = { ...asked, request: { ...asked.request, database: 'orders-prod' } };
    expect(look({ runs: [other] })).toMatchObject({ at: 'request' });
  });
});
