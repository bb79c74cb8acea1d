import { DescribeDBInstancesCommand, DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import { VirtualClock } from '../../../../infra/local/clock';
import { Faults } from '../../../../infra/local/faults';
import { Lambda } from '../../../../infra/local/lambda';
import type { Knobs } from '../../../../infra/local/rds/knobs';
import { seedDatabases } from '../../../../infra/local/rds/seed';
import { RdsSimulator } from '../../../../infra/local/rds/simulator';
import type { RdsEvent } from '../../../../infra/local/rds/world';
import { Front } from '../../../../infra/local/service';

export const start = Date.parse('2026-03-02T09:00:00Z');
export const accessKeyId = 'AKIATESTTESTTESTTEST';

/** A seeded account, and the real SDK client that talks to it over HTTP. */
export async function openAccount(knobs: Partial<Knobs> = {}) {
  const clock = new VirtualClock({ start });
  const faults = new Faults();
  const events: RdsEvent[] = [];
  const simulator = new RdsSimulator({
    clock,
    faults,
    region: 'eu-west-1',
    accountId: '123456789012',
    accessKeyId,
    knobs,
    emit: (event) => events.push(event),
  });
  seedDatabases(simulator);
  const front = new Front({ clock, faults, lambda: new Lambda(clock, faults) });
  const endpoint = await front.listen(simulator);
  const client = clientFor(endpoint, accessKeyId);

  /** One database by name. */
  const database = async (name: string) => {
    const { DBInstances } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
    return DBInstances?.[0] ?? {};
  };
  /** One database by resource id; undefined when there is none. */
  const byResource = async (id: string | undefined) => {
    const filter = { Name: 'dbi-resource-id', Values: [id ?? ''] };
    const { DBInstances } = await client.send(new DescribeDBInstancesCommand({ Filters: [filter] }));
    return DBInstances?.[0];
  };
  const snapshot = async (id: string) => {
    const { DBSnapshots } = await client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id }));
    return DBSnapshots?.[0] ?? {};
  };
  return {
    clock,
    faults,
    events,
    simulator,
    client,
    endpoint,
    database,
    byResource,
    snapshot,
    seconds: (count: number) => clock.advance(count * 1000),
    close: async () => {
      client.destroy();
      await front.close();
    },
  };
}
export type Account = Awaited<ReturnType<typeof openAccount>>;

export function clientFor(endpoint: string, keyId: string, region = 'eu-west-1'): RDSClient {
  return new RDSClient({
    endpoint,
    region,
    credentials: { accessKeyId: keyId, secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
}

/** The error that a call is refused with, by the name that callers catch. */
export async function refused(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message };
    throw error;
  }
  throw new Error('The call was accepted.');
}
