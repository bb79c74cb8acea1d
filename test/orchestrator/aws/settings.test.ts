import {
  compareSettings,
  instanceSettings,
  modifyParameters,
  restoreParameters,
} from '../../../orchestrator/aws/settings';

const wanted = { engine: 'postgres', storageType: 'gp3', allocatedStorage: 410, iops: 13_000, storageThroughput: 600 };

describe('gp3', () => {
  // RDS User Guide, gp3 storage: below 400 GiB IOPS and throughput are fixed, and naming them is refused.
  test('IOPS go by the volume that the restore makes, not by the original’s', () => {
    const made = restoreParameters(wanted, { snapshotGib: 390 });

    expect(made).toMatchObject({ StorageType: 'gp3' });
    expect(made).not.toHaveProperty('Iops');
    expect(made).not.toHaveProperty('StorageThroughput');
  });

  test('a volume that grows by a tenth is made as large as the original', () => {
    expect(restoreParameters({ ...wanted, allocatedStorage: 500 }, { snapshotGib: 410 })).toMatchObject({
      AllocatedStorage: 500,
      Iops: 13_000,
      StorageThroughput: 600,
    });
  });

  test('limits that follow from another size are on purpose, and not fought over', () => {
    const actual = { ...wanted, allocatedStorage: 390, iops: 3000, storageThroughput: 125 };

    expect(compareSettings(wanted, actual).filter((row) => row.verdict === 'different')).toEqual([]);
    expect(modifyParameters(wanted, actual).titles).toEqual([]);
  });
});

test('a setting that a later version knows, and the record does not, is neither compared nor changed', () => {
  const recorded = { engine: 'postgres' };
  const actual = { engine: 'postgres', dedicatedLogVolume: true, autoMinorVersionUpgrade: true };

  expect(compareSettings(recorded, actual).map((row) => row.setting)).toEqual(['engine']);
  expect(modifyParameters(recorded, actual).titles).toEqual([]);
});

test('what belongs to the data differs on purpose, with its reason', () => {
  const [row] = compareSettings({ engineVersion: '16.6' }, { engineVersion: '16.4' });

  expect(row).toMatchObject({ verdict: 'on-purpose', why: 'the snapshot decides the version' });
});

test.each([
  ['missing', {}, 'different'],
  ['changed', { Team: 'billing' }, 'different'],
  ['joined by somebody else’s', { Team: 'orders', 'created-by': 'tagger' }, 'on-purpose'],
] as const)('a tag that is %s', (_, tags, verdict) => {
  expect(compareSettings({ tags: { Team: 'orders' } }, { tags })[0]?.verdict).toBe(verdict);
});

test('the order in which a map comes back from the table is no difference', () => {
  const [row] = compareSettings(
    { monitoring: { interval: 15, role: 'arn:1' } },
    { monitoring: { role: 'arn:1', interval: 15 } },
  );

  expect(row?.verdict).toBe('equal');
});

test('one change brings everything that differs', () => {
  const { titles, input } = modifyParameters(
    {
      maintenanceWindow: 'sun:04:00-sun:04:30',
      monitoring: { interval: 15, role: 'arn:1' },
      logExports: ['postgresql'],
    },
    { maintenanceWindow: 'mon:01:00-mon:01:30', monitoring: { interval: 0, role: null }, logExports: ['upgrade'] },
  );

  expect(titles).toEqual(['Log exports', 'Maintenance window', 'Enhanced monitoring']);
  expect(input).toEqual({
    PreferredMaintenanceWindow: 'sun:04:00-sun:04:30',
    MonitoringInterval: 15,
    MonitoringRoleArn: 'arn:1',
    CloudwatchLogsExportConfiguration: { EnableLogTypes: ['postgresql'], DisableLogTypes: ['upgrade'] },
  });
});

test('the table: one row a setting, each with a title, and only protection, roles and tags come by other calls', () => {
  const keys = instanceSettings.map((row) => row.key);
  const other = instanceSettings
    .filter((row) => !row.fromData && !row.impossible && !row.restore && !row.modify)
    .map((row) => row.key);

  expect(new Set(keys).size).toBe(keys.length);
  expect(instanceSettings.every((row) => row.title.length > 3)).toBe(true);
  expect(other).toEqual(['roles', 'tags', 'deletionProtection']);
});
