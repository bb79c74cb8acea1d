/**
 * How long things take in the benchmarks; nothing here was measured on AWS. The ancestor's client start was measured on
 * a machine held to the share of a 128 MB function; AWS documents "up to about 10 minutes" for an instance's rename.
 */
export interface Timeline {
  snapshotSeconds: number;
  restoreSeconds: number;
  /** A whole rename. The name is free, and the new one visible, at its half; nobody answers until its end. */
  renameSeconds: number;
  deleteSeconds: number;
}

export const callSeconds = 0.2;
export const tableCallSeconds = 0.01;
export const transitionSeconds = 0.03;
export const clientStartSeconds = 2;
/** RDS: what an account may call in one Region (Amazon RDS User Guide, API throttling). */
export const rate = { burst: 300, perSecond: 12 };

export type Kind = 'instance' | 'cluster';

/** Nobody can write while Aurora makes another member the writer: about half a minute. */
export const failoverSeconds = 30;

/** The first backup that RDS takes of a restored database by itself; until then it cannot be renamed. */
export const firstBackupSeconds = 60;

/**
 * No order of calls gets below this. An instance: the name is gone until it is free, and then for one whole rename. A
 * cluster is found again, and its old name is free, only when its rename is through: two whole renames. Then one
 * failover, while the writer of the copy gives way to a member that already has its final name; the renames of the
 * readers, and of the writer once it is one, are noticed by nobody who writes.
 */
export function limitSeconds({ renameSeconds }: Timeline, kind: Kind = 'instance'): number {
  return kind === 'instance' ? 1.5 * renameSeconds : 2 * renameSeconds + failoverSeconds;
}

/** US East (N. Virginia), US dollars. Retries of Step Functions count as transitions. */
const prices = {
  transition: 0.025 / 1000,
  gigabyteSecond: 0.0000133334,
  invocation: 0.2 / 1_000_000,
  message: 0.4 / 1_000_000,
  write: 0.625 / 1_000_000,
  read: 0.125 / 1_000_000,
};

export interface Bill {
  transitions: number;
  gigabyteSeconds: number;
  invocations: number;
  messages: number;
  writes: number;
  reads: number;
}

export function dollars(bill: Bill): number {
  return (
    bill.transitions * prices.transition +
    bill.gigabyteSeconds * prices.gigabyteSecond +
    bill.invocations * prices.invocation +
    bill.messages * prices.message +
    bill.writes * prices.write +
    bill.reads * prices.read
  );
}
