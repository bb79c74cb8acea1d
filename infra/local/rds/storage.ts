import { invalidCombination, invalidValue, RdsError } from './errors';

export interface Storage {
  type: string;
  sizeGiB: number;
  iops: number | undefined;
  throughput: number | undefined;
}

const types = ['standard', 'gp2', 'gp3', 'io1', 'io2'];

/** From this size on a gp3 volume is striped and takes IOPS and throughput. Source: RDS User Guide, gp3 storage. */
export function stripingThresholdGiB(engine: string): number {
  return engine.startsWith('oracle') ? 200 : 400;
}

/**
 * What a volume of this engine gets for what was asked; `iops` and `throughput` undefined: nothing was asked.
 * Source: RDS User Guide, Amazon RDS DB instance storage.
 * @throws InvalidParameterCombination, InvalidParameterValue, StorageTypeNotSupported
 */
export function provision(engine: string, asked: Storage): Storage {
  const { type, sizeGiB, iops, throughput } = asked;
  if (!types.includes(type)) throw new RdsError('StorageTypeNotSupported', `Invalid storage type: ${type}`);
  if (sizeGiB < 20 || sizeGiB > 65_536) {
    throw invalidValue(`Invalid storage size for engine name ${engine} and storage type ${type}: ${sizeGiB}`);
  }
  if (type === 'gp3') return gp3(engine, asked);
  if (throughput !== undefined) {
    throw invalidCombination(`You can't specify storage throughput for storage type ${type}.`);
  }
  if (type === 'io1' || type === 'io2') {
    if (iops === undefined) throw invalidCombination(`You must specify IOPS for storage type ${type}.`);
    const ratio = iops / sizeGiB;
    if (iops < 1000 || ratio < 0.5 || ratio > (type === 'io1' ? 50 : 1000)) {
      throw invalidCombination(`Invalid IOPS ${iops} for storage type ${type} and a storage size of ${sizeGiB}.`);
    }
    return { type, sizeGiB, iops, throughput: undefined };
  }
  if (iops !== undefined && iops !== 0) throw invalidCombination(`You can't specify IOPS for storage type ${type}.`);
  return { type, sizeGiB, iops: undefined, throughput: undefined };
}

function gp3(engine: string, { sizeGiB, iops, throughput }: Storage): Storage {
  const striped = sizeGiB >= stripingThresholdGiB(engine);
  if (!striped) {
    if (iops !== undefined || throughput !== undefined) {
      throw invalidCombination(
        `You can't specify IOPS or storage throughput for engine ${engine} and a storage size less than ${stripingThresholdGiB(engine)}.`,
      );
    }
    return { type: 'gp3', sizeGiB, iops: 3000, throughput: 125 };
  }
  const given = { iops: iops ?? 12_000, throughput: throughput ?? 500 };
  if (given.iops < 12_000 || given.iops > 64_000) {
    throw invalidCombination(`Invalid IOPS ${given.iops} for storage type gp3: valid are 12000 to 64000.`);
  }
  if (given.throughput < 500 || given.throughput > 4000 || given.throughput > given.iops / 4) {
    throw invalidCombination(
      `Invalid storage throughput ${given.throughput} for storage type gp3 and ${given.iops} IOPS.`,
    );
  }
  return { type: 'gp3', sizeGiB, ...given };
}

/** Storage grows by 10 percent at least, and never shrinks. Source: ModifyDBInstance, AllocatedStorage. */
export function checkGrowth(fromGiB: number, toGiB: number): void {
  if (toGiB < fromGiB) {
    throw invalidCombination(`Invalid storage size: ${toGiB} is less than the present ${fromGiB} GiB.`);
  }
  if (toGiB > fromGiB && toGiB < smallestGrowth(fromGiB)) {
    throw invalidCombination('Invalid storage size: storage must grow by 10 percent at least.');
  }
}

/** In whole GiB; not `* 1.1`, which makes 551 out of 500. */
export function smallestGrowth(fromGiB: number): number {
  return Math.ceil((fromGiB * 11) / 10);
}
