import type { Database } from './ports';
import type { Settings } from './settings';

/**
 * On-demand list prices in US dollars, US East (N. Virginia), as the AWS Price List API gave them in this month (offer
 * AmazonRDS; the figures behind aws.amazon.com/rds/pricing and aws.amazon.com/rds/aurora/pricing). What is not in these
 * tables is not guessed. Other Regions cost more, so the plan names the one that these are of.
 */
export const pricesAsOf = '2026-07';
export const pricesOf = 'US East (N. Virginia)';

const hoursPerMonth = 730;

type Hourly = Readonly<Record<string, number>>;

const postgres: Hourly = {
  'db.t3.micro': 0.018,
  'db.t3.small': 0.036,
  'db.t3.medium': 0.072,
  'db.t3.large': 0.145,
  'db.t4g.micro': 0.016,
  'db.t4g.small': 0.032,
  'db.t4g.medium': 0.065,
  'db.t4g.large': 0.129,
  'db.t4g.xlarge': 0.258,
  'db.m5.large': 0.178,
  'db.m5.xlarge': 0.356,
  'db.m6g.large': 0.159,
  'db.m6g.xlarge': 0.318,
  'db.m6g.2xlarge': 0.636,
  'db.r5.large': 0.25,
  'db.r6g.large': 0.225,
  'db.r6g.xlarge': 0.45,
  'db.r6g.2xlarge': 0.899,
  'db.r7g.large': 0.239,
  'db.r7g.xlarge': 0.478,
  'db.r7g.2xlarge': 0.956,
};

/** MariaDB costs the same. */
const mysql: Hourly = {
  'db.t3.micro': 0.017,
  'db.t3.small': 0.034,
  'db.t3.medium': 0.068,
  'db.t3.large': 0.136,
  'db.t4g.micro': 0.016,
  'db.t4g.small': 0.032,
  'db.t4g.medium': 0.065,
  'db.t4g.large': 0.129,
  'db.m5.large': 0.171,
  'db.m5.xlarge': 0.342,
  'db.m6g.large': 0.152,
  'db.m6g.xlarge': 0.304,
  'db.m6g.2xlarge': 0.608,
  'db.r5.large': 0.24,
  'db.r5.xlarge': 0.48,
  'db.r6g.large': 0.215,
  'db.r6g.xlarge': 0.43,
  'db.r6g.2xlarge': 0.859,
};

const instances: Readonly<Record<string, Hourly>> = { postgres, mysql, mariadb: mysql };

/** Of either edition of Aurora, with standard storage. */
const aurora: Hourly = {
  'db.t3.medium': 0.082,
  'db.t3.large': 0.164,
  'db.t4g.medium': 0.073,
  'db.t4g.large': 0.146,
  'db.r5.large': 0.29,
  'db.r5.xlarge': 0.58,
  'db.r6g.large': 0.26,
  'db.r6g.xlarge': 0.519,
  'db.r6g.2xlarge': 1.038,
  'db.r7g.xlarge': 0.553,
};
/** One Aurora capacity unit for an hour. */
const capacityUnit = 0.12;
/** I/O-Optimized members cost this much more, and their I/O nothing. */
const ioOptimized = 1.3;

/** For a GiB and month, by storage type; the backups of a database are as large at no charge. */
const storage: Hourly = { gp2: 0.115, gp3: 0.115, io1: 0.125, io2: 0.125, standard: 0.1 };
/** For one of the IOPS and month, where all are paid for, and where those beyond the baseline are. */
const iopsOf: Hourly = { io1: 0.1, io2: 0.1, gp3: 0.02 };
/** Of gp3: from 400 GiB on RDS stripes the volume (RDS User Guide, Amazon RDS DB instance storage). */
const gp3Baseline = (gib: number) => (gib >= 400 ? { iops: 12_000, throughput: 500 } : { iops: 3000, throughput: 125 });

export interface MonthlyCost {
  /** About, in US dollars. */
  monthly: number;
  /** What comes on top and is not known here, in words. */
  without: string[];
}

/** What a month of one more database like this costs; undefined where the price of a part is not known here. */
export function monthlyCost(
  database: Pick<Database, 'kind' | 'engine' | 'class' | 'settings'>,
  members: readonly Settings[],
): MonthlyCost | undefined {
  return database.kind === 'cluster' ? costOfCluster(database, members) : costOfInstance(database);
}

function costOfInstance({ engine, class: size, settings }: Parameters<typeof monthlyCost>[0]): MonthlyCost | undefined {
  const perHour = instances[engine]?.[size];
  const type = String(settings.storageType);
  const perGib = storage[type];
  if (perHour === undefined || perGib === undefined) return undefined;
  const gib = Number(settings.allocatedStorage ?? 0);
  const iops = Number(settings.iops ?? 0);
  const baseline = gp3Baseline(gib);
  const paidIops = type === 'gp3' ? Math.max(0, iops - baseline.iops) : iops;
  const one = perHour * hoursPerMonth + gib * perGib + paidIops * (iopsOf[type] ?? 0);
  const hasMoreThroughput = type === 'gp3' && Number(settings.storageThroughput ?? 0) > baseline.throughput;
  return {
    monthly: Math.round(settings.multiAz === true ? one * 2 : one),
    without: [
      ...(hasMoreThroughput ? ['throughput beyond the baseline'] : []),
      ...(settings.dedicatedLogVolume === true ? ['its log volume'] : []),
      ...(type === 'standard' ? ['I/O'] : []),
    ],
  };
}

/** A Multi-AZ DB cluster has no members of its own to count, and no price here. */
function costOfCluster(
  { settings }: Parameters<typeof monthlyCost>[0],
  members: readonly Settings[],
): MonthlyCost | undefined {
  if (members.length === 0) return undefined;
  const isIoOptimized = settings.storageType === 'aurora-iopt1';
  const smallest = minimumCapacity(settings);
  const hourly = members.map(({ class: size }) =>
    size === 'db.serverless' ? smallest && smallest.units * capacityUnit : aurora[String(size)],
  );
  let perHour = 0;
  for (const one of hourly) {
    if (one === undefined) return undefined;
    perHour += one;
  }
  const hasServerless = members.some(({ class: size }) => size === 'db.serverless');
  return {
    monthly: Math.round(perHour * hoursPerMonth * (isIoOptimized ? ioOptimized : 1)),
    // DescribeDBClusters does not tell how much an Aurora cluster stores.
    without: [
      isIoOptimized ? 'its storage' : 'its storage and I/O',
      ...(hasServerless ? ['what serverless members use beyond their minimum'] : []),
    ],
  };
}

function minimumCapacity({ serverlessCapacity }: Settings): { units: number } | undefined {
  const isKnown =
    typeof serverlessCapacity === 'object' && serverlessCapacity !== null && !Array.isArray(serverlessCapacity);
  return isKnown ? { units: Number(serverlessCapacity.min ?? 0) } : undefined;
}
