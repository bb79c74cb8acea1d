import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  type DBCluster,
  type DBClusterEndpoint,
  type DBInstance,
  DescribeDBClusterEndpointsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  StartDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { clusterAttributes, type Fate, instanceAttributes } from '../../orchestrator/aws/attributes';
import { Drive } from './drive';
import { quick } from './quick';

/**
 * Every database that stands in the account is restored, all at the same time, and an AWS client that is not ours reads
 * what is there before and after. Which databases there are is asked of the account: one that is added is restored too.
 */
jest.setTimeout(600_000);
let drive: Drive;
beforeAll(async () => {
  drive = await Drive.start({
    ...quick,
    policyFile: resolve(__dirname, 'policy-all.yml'),
    knobs: {
      ...quick.knobs,
      clusterRestoreSeconds: 60,
      memberCreateSeconds: 40,
      clusterRenameSeconds: 30,
      quotaInstances: 200,
    },
  });
});
afterAll(() => drive.close());

interface Account {
  instances: DBInstance[];
  clusters: DBCluster[];
  members: DBInstance[];
  endpoints: DBClusterEndpoint[];
}

async function account(): Promise<Account> {
  const rds = drive.rds();
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({ MaxRecords: 100 }));
  const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({ MaxRecords: 100 }));
  const { DBClusterEndpoints = [] } = await rds.send(new DescribeDBClusterEndpointsCommand({}));
  return {
    instances: DBInstances.filter((one) => one.DBClusterIdentifier === undefined),
    clusters: DBClusters,
    members: DBInstances.filter((one) => one.DBClusterIdentifier !== undefined),
    endpoints: DBClusterEndpoints,
  };
}

/** What RDS would not do, or names that nobody outside the account could have. */
const refusals: Record<string, RegExp> = {
  'catalog-prod-replica': /read replica of catalog-prod/,
  'accounts-prod': /global database accounts-global/,
};

type Described = Readonly<Record<string, unknown>>;

/** Without the order of its members, nor that of their fields. */
const asSet = (values: readonly object[]): string[] =>
  values.map((one) => JSON.stringify(Object.fromEntries(Object.entries(one).sort()))).sort();

/** Without what is not there: on the wire nobody sees a field that is undefined. */
const given = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** One attribute as two databases can be compared by it: what makes it this very one, and the order of a set, left out. */
function comparable(attribute: string, database: Described): unknown {
  const value = database[attribute];
  if (attribute === 'MasterUserSecret') {
    const { KmsKeyId, SecretStatus } = (value ?? {}) as { KmsKeyId?: string; SecretStatus?: string };
    return { KmsKeyId, SecretStatus };
  }
  // AWS puts both halves where it likes.
  if (attribute === 'AvailabilityZone' && database.MultiAZ === true) return undefined;
  return Array.isArray(value) ? asSet(value) : given(value);
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/** For each attribute whether it was the same everywhere, and whether anybody had it. */
class Proof {
  readonly equal = new Set<string>();
  readonly different = new Map<string, string[]>();
  readonly #fates: Record<string, Fate>;

  constructor(fates: Record<string, Fate>) {
    this.#fates = fates;
  }

  /** What comes back, and what nobody here has. */
  unseen(): string[] {
    const settings = Object.keys(this.#fates).filter((attribute) => this.#fates[attribute]?.kind === 'setting');
    return settings.filter((attribute) => !this.equal.has(attribute));
  }

  add(name: string, before: Described, after: Described): void {
    for (const [attribute, fate] of Object.entries(this.#fates)) {
      if (fate.kind !== 'setting') continue;
      const [was, is] = [comparable(attribute, before), comparable(attribute, after)];
      if (!isDeepStrictEqual(was, is)) this.different.set(attribute, [...(this.different.get(attribute) ?? []), name]);
      else if (!isEmpty(was)) this.equal.add(attribute);
    }
  }
}

/** A member's own: beside what an instance has, its place in the cluster. */
const memberAttributes: Record<string, Fate> = {
  ...instanceAttributes,
  DBClusterIdentifier: { kind: 'setting', key: 'members' },
  PromotionTier: { kind: 'setting', key: 'promotionTier' },
};

const byName = (name: string) => (one: DBInstance) => one.DBInstanceIdentifier === name;

test('every database of the account comes back whole', async () => {
  await drive.rds().send(new StartDBInstanceCommand({ DBInstanceIdentifier: 'inventory-dev' }));
  await drive.settle(900);
  const before = await account();
  const names = [
    ...before.instances.map((one) => one.DBInstanceIdentifier ?? ''),
    ...before.clusters.map((one) => one.DBClusterIdentifier ?? ''),
  ];
  expect(names.length).toBeGreaterThanOrEqual(14);

  const runs = new Map<string, string>();
  for (const name of names) {
    const ana = drive.as('ana');
    await ana.command(`restore ${name}`);
    const says = refusals[name];
    if (says !== undefined) {
      expect(JSON.stringify(await ana.tryRestore({ reason: 'every one of them' }))).toMatch(says);
      continue;
    }
    const run = await ana.fillRestore({ reason: 'every one of them' });
    await drive.until(run, 'waiting', 1);
    await drive.click('ben', run, 'approve');
    runs.set(name, run);
  }
  for (const run of runs.values())
    await drive.until(run, (one) => one.finishedAt !== undefined || one.stop !== undefined, 12);

  const after = await account();
  const proofs = {
    instance: new Proof(instanceAttributes),
    cluster: new Proof(clusterAttributes),
    member: new Proof(memberAttributes),
  };
  for (const [name, run] of runs) {
    const { facts, status } = drive.run(run);
    expect({ name, status }).toEqual({ name, status: 'succeeded' });
    expect({ name, unequal: facts.report?.filter((row) => row.verdict !== 'equal') }).toEqual({ name, unequal: [] });
    const was = before.instances.find(byName(name));
    const is = after.instances.find(byName(name));
    if (was && is) {
      expect(is.DbiResourceId).toBe(facts.copy?.resourceId);
      proofs.instance.add(name, { ...was }, { ...is });
      continue;
    }
    const [wasCluster, isCluster] = [before, after].map(({ clusters }) =>
      clusters.find((one) => one.DBClusterIdentifier === name),
    );
    expect(isCluster?.DbClusterResourceId).toBe(facts.copy?.resourceId);
    const aside = after.clusters.find((one) => one.DBClusterIdentifier === `${name}-old-${run}`);
    expect(aside?.DbClusterResourceId).toBe(wasCluster?.DbClusterResourceId);
    // Two renames of a cluster, and what a failover or an only member's restart adds.
    const { startedAt = 0, answeredAt = 0, interruptions = [] } = facts.swap ?? {};
    const further = interruptions.reduce((sum, { from, to = from }) => sum + to - from, 0);
    expect(facts.outageSeconds).toBe(Math.round((answeredAt - startedAt + further) / 1000));
    const hasOwnMembers = wasCluster?.Engine?.startsWith('aurora') === true;
    expect({ name, further: further > 0, times: interruptions.length }).toEqual({
      name,
      further: hasOwnMembers,
      times: hasOwnMembers ? 1 : 0,
    });
    proofs.cluster.add(name, { ...wasCluster }, { ...isCluster });
    const [wasMembers = [], isMembers = []] = [before, after].map(({ members }) =>
      members.filter((one) => one.DBClusterIdentifier === name),
    );
    expect(isMembers).toHaveLength(wasMembers.length);
    for (const member of wasMembers) {
      const own = member.DBInstanceIdentifier ?? '';
      proofs.member.add(own, { ...member }, { ...isMembers.find(byName(own)) });
    }
    const endpointsOf = ({ endpoints }: Account) =>
      asSet(
        endpoints
          .filter((one) => one.DBClusterIdentifier === name)
          .map(({ DBClusterEndpointResourceIdentifier: _, ...endpoint }) => endpoint),
      );
    expect(endpointsOf(after)).toEqual(endpointsOf(before));
  }

  const different = Object.entries(proofs).map(([kind, proof]) => [kind, Object.fromEntries(proof.different)]);
  expect(Object.fromEntries(different)).toEqual({ instance: {}, cluster: {}, member: {} });
  const counted = Object.entries(proofs).map(([kind, proof]) => [kind, proof.equal.size]);
  expect(Object.fromEntries(counted)).toEqual({ instance: 46, cluster: 46, member: 38 });
  expect(proofs.instance.unseen()).toEqual([
    // Of Oracle and SQL Server.
    ...['CharacterSetName', 'NcharCharacterSetName', 'Timezone', 'ProcessorFeatures'],
    // What cannot come back, and is reported so.
    ...['ActivityStreamMode', 'DBInstanceAutomatedBackupsReplications', 'DBCapacityReservationIdentifier'],
  ]);
  expect(proofs.cluster.unseen()).toEqual([
    ...['CharacterSetName', 'ActivityStreamMode'],
    // Of Aurora PostgreSQL with express configuration.
    ...['VPCNetworkingEnabled', 'InternetAccessGatewayEnabled'],
  ]);
});
