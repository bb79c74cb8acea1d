import { DBCluster$, DBInstance$ } from '@aws-sdk/client-rds';
import { clusterAttributes, type Fate, instanceAttributes } from '../../../orchestrator/aws/attributes';
import { instanceSettings } from '../../../orchestrator/aws/settings';
import { clusterSettings } from '../../../orchestrator/aws/settings-cluster';

/** The SDK describes a structure by [kind, namespace, name, traits, member names, member shapes]. */
const membersOf = (schema: readonly unknown[]): string[] => [...(schema[4] as string[])].sort();

const tables: [string, Record<string, Fate>, readonly unknown[], readonly { key: string }[], number][] = [
  ['DBInstance', instanceAttributes, DBInstance$, instanceSettings, 94],
  ['DBCluster', clusterAttributes, DBCluster$, clusterSettings, 88],
];

describe.each(tables)('%s', (_, table, schema, rows, count) => {
  test('every attribute that the SDK knows has a fate, and no other', () => {
    expect(Object.keys(table).sort()).toEqual(membersOf(schema));
    expect(Object.keys(table)).toHaveLength(count);
  });

  test('what is handled is handled by a row that exists, and every row handles something', () => {
    const handled = new Set(Object.values(table).flatMap((fate) => (fate.kind === 'setting' ? [fate.key] : [])));
    const keys = rows.map(({ key }) => key);
    // Who writes is told by the members' list.
    expect(keys.filter((key) => key !== 'writer' && !handled.has(key))).toEqual([]);
    expect([...handled].filter((key) => !keys.includes(key))).toEqual([]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('what does not come back says why', () => {
    for (const fate of Object.values(table)) if (fate.kind !== 'setting') expect(fate.why.length).toBeGreaterThan(5);
  });
});
