import { seedClusters } from '../../infra/local/rds/seed-clusters';
import { RdsDatabases } from '../../orchestrator/aws/databases';
import { monthlyCost } from '../../orchestrator/prices';
import { membersOf } from '../../orchestrator/settings';
import { openAccount } from '../infra/local/rds/harness';

test('a month of every seeded database, as the price list of the month has it, and never a guess', async () => {
  const account = await openAccount();
  seedClusters(account.simulator);
  const all = await new RdsDatabases(account.client, account.clock).all();
  await account.close();

  const costs = Object.fromEntries(
    all.map((one) => [one.name, monthlyCost(one, Object.values(membersOf(one.settings)))]),
  );
  const unknown = Object.entries(costs).flatMap(([name, cost]) => (cost === undefined ? [name] : []));
  // A Multi-AZ DB cluster is not in the tables.
  expect(unknown).toEqual(['warehouse-staging']);
  expect(costs).toMatchObject({
    // 2 × (0.45 × 730 + 500 GiB × 0.115 + 2,000 IOPS beyond 12,000 × 0.02)
    'orders-prod': { monthly: 852, without: ['throughput beyond the baseline'] },
    // 0.129 × 730 + 100 GiB × 0.115
    'orders-staging': { monthly: 106, without: [] },
    // 0.171 × 730 + 400 GiB × 0.125 + 4,000 IOPS × 0.1
    'analytics-staging': { monthly: 575, without: ['its log volume'] },
    // (0.26 + 0.519) × 730 × 1.3; the serverless member may pause
    'payments-prod': { monthly: 739, without: ['its storage', 'what serverless members use beyond their minimum'] },
    // 2 × 0.26 × 730 × 1.3
    'tickets-staging': { monthly: 493, without: ['its storage'] },
  });
});

test.each([
  ['an engine with a licence', { engine: 'sqlserver-se', class: 'db.m5.large' }],
  ['a class that is not in the table', { engine: 'postgres', class: 'db.x2g.16xlarge' }],
  ['a storage type that is not in the table', { engine: 'postgres', class: 'db.m5.large', storageType: 'gp9' }],
])('%s has no price', (_, { engine, class: size, storageType = 'gp3' }: Record<string, string>) => {
  const settings = { storageType, allocatedStorage: 100 };
  expect(monthlyCost({ kind: 'instance', engine: engine ?? '', class: size ?? '', settings }, [])).toBeUndefined();
});
