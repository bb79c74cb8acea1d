import { CardTable } from '../../orchestrator/aws/card-table';
import { RdsDatabases } from '../../orchestrator/aws/databases';
import { StateMachine } from '../../orchestrator/aws/executions';
import { RunTable } from '../../orchestrator/aws/run-table';
import { problem } from '../../orchestrator/errors';
import { pipeline } from '../../orchestrator/pipeline';
import type { Database } from '../../orchestrator/ports';
import type { Run } from '../../orchestrator/run';
import { done, type Step } from '../../orchestrator/step';
import type { Case } from './cases';
import { judge } from './play';

/**
 * The checker itself is tested by mistakes: each of these is put into the product from outside, by a wrapper, and has to
 * be found. Without the mistake the same case holds, so that what is found is the mistake.
 */
interface Bug {
  name: string;
  case: Case;
  /** Which rule finds it. */
  finds: RegExp;
  inject(): void;
}

const stage = (id: string): Step => {
  const found = pipeline.find((one) => one.id === id);
  if (found?.kind !== 'step') throw new Error(`there is no step ${id}`);
  return found;
};
const refusedRemoval: Case = {
  story: 'restore',
  faults: [{ service: 'rds', operation: 'DeleteDBInstance', kind: 'access-denied' }],
};

const bugs: Bug[] = [
  {
    name: 'the undo of the swap is skipped',
    // Between the renames the copy's is refused for good: the original has to take its name back.
    case: {
      story: 'restore',
      faults: [
        {
          service: 'rds',
          operation: 'ModifyDBInstance',
          match: 'NewDBInstanceIdentifier=orders-staging&',
          kind: 'access-denied',
        },
      ],
    },
    finds: /I2: the card says Failed, but nobody answers/,
    inject() {
      const { undo } = stage('swap');
      if (undo) jest.spyOn(undo, 'look').mockImplementation(async () => done('skipped'));
    },
  },
  {
    name: 'a deletion by the name that the database once had',
    case: { story: 'restore', faults: [] },
    finds: /I1: orders-staging was deleted, which is no name of this run's/,
    inject() {
      const { remove } = RdsDatabases.prototype;
      jest.spyOn(RdsDatabases.prototype, 'remove').mockImplementation(function (
        this: RdsDatabases,
        database: Database,
        options,
      ) {
        return remove.call(this, { ...database, name: 'orders-staging' }, options);
      });
    },
  },
  {
    name: 'the lock is never released',
    case: { story: 'restore', faults: [] },
    finds: /I4: the lock is held/,
    inject() {
      jest.spyOn(RunTable.prototype, 'freeLock').mockImplementation(async () => undefined);
    },
  },
  {
    name: 'the token is answered before the record is written',
    // Nobody has to die between the two: the order alone is a promise.
    case: { story: 'restore', faults: [] },
    finds: /I5: Step Functions was told how verify ended before the record said so/,
    inject() {
      const { update } = RunTable.prototype;
      jest.spyOn(RunTable.prototype, 'update').mockImplementation(async function (
        this: RunTable,
        id: string,
        transition: (run: Run) => Run,
        known?: Run,
      ) {
        const before = known ?? (await this.load(id));
        const after = before && transition(before);
        const step = before?.at?.step ?? '';
        const isDone = after?.steps[step]?.doneAt !== undefined && before?.steps[step]?.doneAt === undefined;
        const token = isDone ? (await this.wait(id))?.token : undefined;
        if (token) await machines.at(-1)?.succeed(token);
        return update.call(this, id, transition, known);
      });
      const machines: StateMachine[] = [];
      const { succeed } = StateMachine.prototype;
      jest.spyOn(StateMachine.prototype, 'succeed').mockImplementation(function (this: StateMachine, token: string) {
        machines.push(this);
        return succeed.call(this, token);
      });
    },
  },
  {
    name: 'a failing remove enters the lane',
    case: refusedRemoval,
    finds: /I5: people were told/,
    inject() {
      const remove = stage('remove');
      const { look } = remove;
      jest.spyOn(remove, 'look').mockImplementation(async (context) => {
        try {
          return await look.call(remove, context);
        } catch {
          const change = ({ finishedAt: _, ...run }: Run) => run;
          return { state: 'stop', kind: 'failed', problem: problem('rds-refused', { detail: 'no' }), change };
        }
      });
    },
  },
  {
    name: 'the lock is free as soon as there is something to take back',
    case: { story: 'cancel', faults: [] },
    finds: /I4: ModifyDBInstance of orders-staging-old-\w+ without the lock/,
    inject() {
      const { undo } = stage('swap');
      if (undo === undefined) throw new Error('the swap cannot be taken back');
      const { look } = undo;
      jest.spyOn(undo, 'look').mockImplementation(async (context) => {
        await context.locks.freeLock('orders-staging', context.run.id);
        return look.call(undo, context);
      });
    },
  },
  {
    name: 'people hear of the success when the names are swapped, not when it is proven',
    case: { story: 'restore', faults: [] },
    finds: /I5: people were told that it is done, but the working tag is on/,
    inject() {
      jest
        .spyOn(stage('finish'), 'look')
        .mockImplementation(async ({ now }) =>
          done('proven', (run) => ({ ...run, status: 'succeeded', finishedAt: now() })),
        );
    },
  },
  {
    name: 'nobody calls the requester when it is over',
    case: { story: 'restore', faults: [] },
    finds: /I5: the requester was not told that it is Restored/,
    inject() {
      const { claim } = CardTable.prototype;
      jest.spyOn(CardTable.prototype, 'claim').mockImplementation(async function (this: CardTable, ...given) {
        const card = await claim.apply(this, given);
        return card && { ...card, replies: [...card.replies, 'finished'] };
      });
    },
  },
  {
    name: 'what is left over is not listed',
    case: refusedRemoval,
    finds: /I3: orders-staging-old-\w+ is left over, and the card does not list it/,
    inject() {
      const { update } = RunTable.prototype;
      jest.spyOn(RunTable.prototype, 'update').mockImplementation(function (this: RunTable, id, transition, known) {
        return update.call(this, id, (run) => ({ ...transition(run), leftovers: [] }), known);
      });
    },
  },
];

/** Long enough for every one of these runs; with the mistake some never end. */
const hours = 1;

afterEach(() => {
  jest.restoreAllMocks();
});

/** What is wrong without any mistake, of each case once. */
const sound = new Map<string, Promise<string[]>>();

test.each(bugs)('$name: the checker says so', async (bug) => {
  const name = JSON.stringify(bug.case);
  const without = sound.get(name) ?? judge(bug.case, { hours });
  sound.set(name, without);
  expect(await without).toEqual([]);

  bug.inject();

  expect(await judge(bug.case, { hours })).toContainEqual(expect.stringMatching(bug.finds));
});
