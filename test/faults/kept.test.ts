import type { Fault } from '../../infra/local/faults';
import type { Case } from './cases';
import { callsOf, tried } from './play';

/** What the campaigns once found, in the product or in the checker, by what it was. */
const kept: (Case & { why: string })[] = [
  {
    why: 'the request dies before its execution is started: the watcher starts it, however late the person asks again',
    story: 'restore',
    faults: [{ service: 'states', operation: 'StartExecution', kind: 'crash-before' }],
  },
  {
    why: 'the request dies before it has a place to wait: the person asks again, and the forgotten one gives way',
    story: 'restore',
    faults: [{ service: 'dynamodb', operation: 'PutItem', match: '"wait#', kind: 'crash-before' }],
  },
  {
    why: 'a clone whose rename fails after it was accepted has met nobody, and goes without a snapshot',
    story: 'clone',
    faults: [
      {
        service: 'rds',
        operation: 'ModifyDBInstance',
        match: 'NewDBInstanceIdentifier=orders-try-staging&',
        kind: 'ends-in',
        status: 'incompatible-network',
      },
    ],
  },
  {
    why: 'a reply that was posted and could not be written down stands there twice, and nothing more',
    story: 'clone',
    faults: [{ service: 'dynamodb', operation: 'UpdateItem', match: 'ADD replies', kind: 'crash-before' }],
  },
  {
    why: 'the first rename is answered so late that others have gone on: what counts is when it took effect',
    story: 'restore',
    faults: [{ service: 'rds', operation: 'ModifyDBInstance', match: '-old-', kind: 'slow', seconds: 40 }],
  },
  {
    why: 'the working tag cannot be taken off the original before it goes back: it is taken off when it is back',
    story: 'undo',
    faults: [{ service: 'rds', operation: 'RemoveTagsFromResource', match: '-old-', kind: '5xx', times: 4 }],
  },
  {
    why: 'the name is not free yet, and the function dies before it can hear so: nothing was renamed twice',
    story: 'undo',
    faults: [
      {
        service: 'rds',
        operation: 'ModifyDBInstance',
        match: 'NewDBInstanceIdentifier=orders-staging&',
        alsoMatch: '-old-',
        kind: 'crash-after',
      },
    ],
  },
  {
    why: 'a command dies while it still asks Slack who it is: the next one asks anew, and does not wait for the dead',
    story: 'cluster',
    faults: [{ service: 'dynamodb', operation: 'PutItem', match: '"seen#', kind: 'slow', seconds: 40 }],
  },
];

test.each(kept)('$why', async (one) => {
  expect(await tried(one)).toMatchObject({ broken: [], missed: [] });
});

/** The same, of faults that meet the last call of its kind in a run. */
const last: (Case & { why: string })[] = [
  {
    why: 'the last answer to Step Functions is refused while the execution goes on: it is given again, not left to a time-out',
    story: 'deny',
    faults: [{ service: 'states', operation: 'SendTaskSuccess', kind: 'not-found' }],
  },
  {
    why: 'Slack loses the card of a run whose requester was told: it is posted anew, and nobody is called twice',
    story: 'clone',
    faults: [{ service: 'slack', operation: 'chat.update', kind: 'not-found' }],
  },
];

test.each(last)('$why', async ({ story, faults }) => {
  const calls = await callsOf(story);
  const atTheEnd = faults.map((fault) => {
    const index = calls.findLastIndex(({ service, operation }) => `${service}.${operation}` === nameOf(fault));
    return { ...fault, at: index + 1 };
  });

  expect(await tried({ story, faults: atTheEnd })).toMatchObject({ broken: [], missed: [] });
});

const nameOf = ({ service, operation }: Fault): string => `${service}.${operation}`;
