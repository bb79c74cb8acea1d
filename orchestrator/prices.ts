import type { Database } from './ports';

/** When the prices below were read off aws.amazon.com/rds/pricing: on demand, US East (N. Virginia), Single-AZ. */
export const pricesAsOf = '2026-06';

const hoursPerMonth = 730;

/** US dollars an hour for open-source engines; other engines and Regions cost more, which “about” has to cover. */
const hourly: Readonly<Record<string, number>> = {
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
  'db.m7g.large': 0.168,
  'db.m7g.xlarge': 0.337,
  'db.r5.large': 0.25,
  'db.r6g.large': 0.225,
  'db.r6g.xlarge': 0.45,
  'db.r6g.2xlarge': 0.899,
  'db.r7g.large': 0.239,
  'db.r7g.xlarge': 0.478,
};

/** US dollars for a GiB and month of storage. */
const storage: Readonly<Record<string, number>> = { gp2: 0.115, gp3: 0.115, io1: 0.125, io2: 0.125, standard: 0.1 };

/** About how many US dollars a month one more database like this costs; undefined where no price is known here, as of clusters. */
export function monthlyDollars(database: Pick<Database, 'kind' | 'class' | 'settings'>): number | undefined {
  const perHour = database.kind === 'cluster' ? undefined : hourly[database.class];
  if (perHour === undefined) return undefined;
  const { multiAz, allocatedStorage, storageType } = database.settings;
  const perGib = storage[typeof storageType === 'string' ? storageType : 'gp3'] ?? 0.115;
  const single = perHour * hoursPerMonth + Number(allocatedStorage ?? 0) * perGib;
  return Math.round(multiAz === true ? single * 2 : single);
}
