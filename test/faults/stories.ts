import type { Run } from '../../orchestrator/run';
import type { Drive, Wanted } from '../stories/drive';
import type { End } from './checker';
import type { Journal } from './journal';

/** A whole run with people who press again what did not work. */
export interface Story {
  name: string;
  /** How it ends when nothing fails for good. */
  end: End;
  /** What it leaves in RDS then. */
  changes: string[];
  play(drive: Drive, journal: Journal): Promise<string>;
}

export const database = 'orders-staging';
/** People look again after a while. */
const patienceSeconds = 45;
const patience = 12;
/** Longer than a function may work and than a slow answer takes. */
const lostSeconds = 45;

export const stories: readonly Story[] = [
  {
    name: 'restore',
    end: 'Restored',
    changes: [
      '+orders-staging available',
      '+orders-staging-final-trapheus-<run> available',
      '+orders-staging-safety-trapheus-<run> available',
      '-orders-staging',
    ],
    async play(drive, journal) {
      return approved(drive, journal);
    },
  },
  {
    name: 'undo',
    end: 'Undone',
    changes: ['+orders-staging-copy-trapheus-<run> available', '+orders-staging-safety-trapheus-<run> available'],
    async play(drive, journal) {
      const run = await approved(drive, journal);
      await during(drive, run, (one) => one.hold !== undefined);
      await pressed(drive, 'ana', run, 'undo', (one) => one.stop !== undefined);
      return run;
    },
  },
  {
    name: 'cancel',
    end: 'Cancelled',
    changes: ['+orders-staging-copy-trapheus-<run> available', '+orders-staging-safety-trapheus-<run> available'],
    async play(drive, journal) {
      const run = await approved(drive, journal);
      await during(drive, run, (one) => one.at?.step === 'swap' && one.facts.swap?.takenAt !== undefined);
      await pressed(drive, 'ana', run, 'cancel', (one) => one.stop !== undefined);
      return run;
    },
  },
  {
    name: 'keep-writes',
    end: 'Restored',
    changes: [
      '+orders-staging available',
      '+orders-staging-final-trapheus-<run> available',
      '+orders-staging-snapshot-trapheus-<run> available',
      '-orders-staging',
    ],
    async play(drive, journal) {
      return approved(drive, journal, keepingWrites);
    },
  },
  {
    name: 'deny',
    end: 'Denied',
    changes: [],
    async play(drive) {
      const run = await asked(drive);
      await during(drive, run, (one) => one.status === 'waiting');
      for (let time = 0; time < patience && !isStopped(drive, run); time += 1) {
        const ben = drive.as('ben');
        const { view } = await attempt(drive, () => drive.click('ben', run, 'deny'));
        if (view)
          await attempt(drive, () =>
            ben.act({ view_id: String(view.view_id), submit: { reason: { reason: 'not today' } } }),
          );
        await drive.settle(patienceSeconds);
      }
      return run;
    },
  },
];

function isStopped(drive: Drive, run: string): boolean {
  return drive.sandbox.runs.get(run)?.stop !== undefined;
}

/** The original is set aside before its snapshot is taken, as the plan that people approve says. */
const keepingWrites = { snapshot: '@now', keepWrites: true } as const;

async function approved(drive: Drive, journal: Journal, wanted: Wanted = {}): Promise<string> {
  const run = await asked(drive, wanted);
  await during(drive, run, (one) => one.status === 'waiting');
  journal.keepsWrites = wanted.keepWrites ?? false;
  journal.approvedAt = drive.sandbox.clock.now();
  await pressed(drive, 'ben', run, 'approve', (one) => one.decisions.length > 0);
  return run;
}

/** Types the command and fills in the form until there is a run. */
async function asked(drive: Drive, wanted: Wanted = {}): Promise<string> {
  const known = () => [...drive.sandbox.runs.values()].find((run) => run.closedAt === undefined)?.id;
  for (let time = 0; time < patience; time += 1) {
    const ana = drive.as('ana');
    const made = await attempt(drive, async () => {
      await ana.command(`restore ${database}`);
      return { run: await ana.fillRestore({ reason: 'fresh data for the load test', ...wanted }) };
    });
    if (made.run) return made.run;
    await drive.settle(patienceSeconds);
    const run = known();
    if (run) return run;
  }
  throw new Error(`nobody could ask for ${database}`);
}

/** Presses a button until the record shows it; gives up when the run has ended some other way. */
async function pressed(
  drive: Drive,
  person: string,
  run: string,
  action: string,
  isSeen: (run: Run) => boolean,
): Promise<void> {
  for (let time = 0; time < patience; time += 1) {
    const record = drive.run(run);
    if (isSeen(record) || isOver(record)) return;
    if (drive.buttons(run).includes(action)) await attempt(drive, () => drive.click(person, run, action));
    await drive.settle(time === 0 ? 5 : patienceSeconds);
  }
}

async function during(drive: Drive, run: string, isThere: (run: Run) => boolean): Promise<void> {
  await drive.sandbox.clock.runUntil(() => {
    const record = drive.sandbox.runs.get(run);
    return record !== undefined && (isThere(record) || isOver(record));
  }, 100 * 3_600_000);
}

function isOver(run: Run): boolean {
  return run.closedAt !== undefined || run.status === 'needs-help' || run.stop !== undefined;
}

/** An act that may fail. Time moves on when the app's function has died or waits for a slow answer. */
async function attempt<T extends object>(drive: Drive, act: () => Promise<T>): Promise<Partial<T>> {
  const { clock, faults } = drive.sandbox;
  const armed = faults.list().length;
  const state = { isOver: false };
  const acting = act()
    .catch(() => ({}))
    .finally(() => {
      state.isOver = true;
    });
  const isOver = () => state.isOver;
  while (!isOver()) {
    await Promise.race([acting, new Promise((resolve) => setTimeout(resolve, 20))]);
    if (!isOver() && faults.list().length < armed) await clock.advance(lostSeconds * 1000);
  }
  return acting;
}
