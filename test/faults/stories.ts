import type { Run } from '../../orchestrator/run';
import type { Drive, Wanted } from '../stories/drive';
import type { End } from './checker';
import type { Subject } from './journal';

/** A whole run with people who press again what did not work. */
export interface Story {
  name: string;
  subject: Subject;
  /** How it ends when nothing fails for good. */
  end: End;
  /** What it leaves in RDS then. */
  changes: string[];
  play(drive: Drive): Promise<string>;
}

/** People look again after a while. */
const patienceSeconds = 45;
const patience = 12;
/** Longer than a function may work and than a slow answer takes. */
const lostSeconds = 45;

const orders: Subject = { kind: 'instance', database: 'orders-staging', name: 'orders-staging' };
/** A writer and a reader: names move by a failover. */
const tickets: Subject = { kind: 'cluster', database: 'tickets-staging', name: 'tickets-staging' };
/** A single member. */
const ledger: Subject = { kind: 'cluster', database: 'ledger-temp-staging', name: 'ledger-temp-staging' };

export const stories: readonly Story[] = [
  replaced('restore', orders),
  undone('undo', orders),
  cancelled('cancel', orders),
  {
    name: 'deny',
    subject: orders,
    end: 'Denied',
    changes: [],
    async play(drive) {
      const run = await asked(drive, orders);
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
  cloned('clone', { ...orders, name: 'orders-try-staging' }),
  replaced('cluster', tickets, ['tickets-staging-1', 'tickets-staging-2']),
  undone('cluster-undo', tickets),
  cancelled('cluster-cancel', tickets),
  cloned('cluster-clone', { ...ledger, name: 'ledger-try-staging' }),
  replaced('single', ledger, ['ledger-temp-staging-1']),
  {
    name: 'keep-writes',
    subject: { ...orders, keepsWrites: true },
    end: 'Restored',
    changes: [
      '+orders-staging available',
      '+orders-staging-final-trapheus-<run> available',
      '+orders-staging-snapshot-trapheus-<run> available',
      '-orders-staging',
    ],
    play: (drive) => approved(drive, { ...orders, keepsWrites: true }),
  },
];

export function storyNamed(name: string): Story {
  const story = stories.find((one) => one.name === name);
  if (story === undefined)
    throw new Error(`there is no story ${name}; there are ${stories.map((one) => one.name).join(', ')}`);
  return story;
}

function replaced(name: string, subject: Subject, members: string[] = []): Story {
  const { name: at } = subject;
  return {
    name,
    subject,
    end: 'Restored',
    changes: [
      ...[at, ...members].flatMap((one) => [`+${one} available`, `-${one}`]),
      `+${at}-final-trapheus-<run> available`,
      `+${at}-safety-trapheus-<run> available`,
    ].sort(),
    play: (drive) => approved(drive, subject),
  };
}

function undone(name: string, subject: Subject): Story {
  return {
    name,
    subject,
    end: 'Undone',
    changes: kept(subject),
    async play(drive) {
      const run = await approved(drive, subject);
      await during(drive, run, (one) => one.hold !== undefined);
      await pressed(drive, 'ana', run, 'undo', (one) => one.stop !== undefined);
      return run;
    },
  };
}

/** Somebody cancels between the two renames, where most is at stake. */
function cancelled(name: string, subject: Subject): Story {
  return {
    name,
    subject,
    end: 'Cancelled',
    changes: kept(subject),
    async play(drive) {
      const run = await approved(drive, subject);
      await during(drive, run, (one) => one.at?.step === 'swap' && one.facts.swap?.takenAt !== undefined);
      await pressed(drive, 'ana', run, 'cancel', (one) => one.stop !== undefined);
      return run;
    },
  };
}

/** Nothing is touched but by reading, and the clone goes when its time is over. */
function cloned(name: string, subject: Subject): Story {
  return {
    name,
    subject,
    end: 'Cloned',
    changes: [`+${subject.name}-final-trapheus-<run> available`],
    play: (drive) => approved(drive, subject),
  };
}

/** A copy that people may have met is never deleted without a snapshot. */
function kept({ name }: Subject): string[] {
  return [`+${name}-copy-trapheus-<run> available`, `+${name}-safety-trapheus-<run> available`];
}

function isStopped(drive: Drive, run: string): boolean {
  return drive.sandbox.runs.get(run)?.stop !== undefined;
}

export async function approved(drive: Drive, subject: Subject): Promise<string> {
  const run = await asked(drive, subject);
  await during(drive, run, (one) => one.status === 'waiting');
  await pressed(drive, 'ben', run, 'approve', (one) => one.decisions.length > 0);
  return run;
}

/** Types the command and fills in the form until there is a run. */
export async function asked(drive: Drive, { database, name, keepsWrites }: Subject): Promise<string> {
  const known = () => [...drive.sandbox.runs.values()].find((run) => run.closedAt === undefined)?.id;
  const wanted: Wanted = {
    reason: 'fresh data for the load test',
    ...(name !== database && { target: 'new' as const, name }),
    ...(keepsWrites && { snapshot: '@now', keepWrites: true }),
  };
  for (let time = 0; time < patience; time += 1) {
    const ana = drive.as('ana');
    const made = await attempt(drive, async () => {
      await ana.command(`restore ${database}`);
      return { run: await ana.fillRestore(wanted) };
    });
    if (made.run) return made.run;
    await drive.settle(patienceSeconds);
    const run = known();
    if (run) return run;
  }
  throw new Error(`nobody could ask for ${database}`);
}

/** Presses a button until the record shows it; gives up when the run has ended some other way. */
export async function pressed(
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

export async function during(drive: Drive, run: string, isThere: (run: Run) => boolean): Promise<void> {
  await drive.sandbox.clock.runUntil(() => {
    const record = drive.sandbox.runs.get(run);
    return record !== undefined && (isThere(record) || isOver(record));
  }, 100 * 3_600_000);
}

function isOver(run: Run): boolean {
  return run.closedAt !== undefined || run.status === 'needs-help' || run.stop !== undefined;
}

/**
 * An act that may fail. Time moves on when, and only when, the app's function has died or waits for a slow answer: how
 * long the act takes on this machine changes nothing.
 */
export async function attempt<T extends object>(drive: Drive, act: () => Promise<T>): Promise<Partial<T>> {
  const { clock, lambda } = drive.sandbox;
  let tell = (_: 'detached'): void => undefined;
  const forget = lambda.onDetached(() => tell('detached'));
  const acting = act().catch(() => ({}));
  try {
    for (;;) {
      const detached = new Promise<'detached'>((resolve) => {
        tell = resolve;
      });
      const first = await Promise.race([acting, detached]);
      if (first !== 'detached') return first;
      await clock.advance(lostSeconds * 1000);
    }
  } finally {
    forget();
  }
}
