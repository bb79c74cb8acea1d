import { RdsError } from './errors';
import type { InstanceView } from './instance';
import { rdsArn } from './naming';
import { page } from './paging';
import type { Query } from './query';
import type { World } from './world';

const day = 86_400_000;

/** Source: DescribeDBInstanceAutomatedBackups. Those of living instances, and the retained ones of deleted instances. */
export function describeAutomatedBackups(world: World, query: Query): object {
  const id = query.text('DbiResourceId');
  const name = query.text('DBInstanceIdentifier');
  const living = [...world.instances.values()].map(({ view }) => ({ view, status: 'active' }));
  const retained = [...world.retained.values()].map((view) => ({ view, status: 'retained' }));
  const found = [...living, ...retained].filter(
    ({ view }) =>
      view.BackupRetentionPeriod > 0 &&
      (id === undefined || view.DbiResourceId === id) &&
      (name === undefined || view.DBInstanceIdentifier === name),
  );
  if (id !== undefined && found.length === 0)
    throw new RdsError('DBInstanceAutomatedBackupNotFound', `No automated backup found for ${id}.`);
  const { entries, ...marker } = page(query, found, ({ view }) => view.DbiResourceId);
  return { ...marker, DBInstanceAutomatedBackups: entries.map(({ view, status }) => backupView(world, view, status)) };
}

function backupView(world: World, view: InstanceView, Status: string): object {
  const { DBInstanceIdentifier, DbiResourceId, DBInstanceArn, Engine, EngineVersion, BackupRetentionPeriod } = view;
  return {
    DBInstanceArn,
    DbiResourceId,
    DBInstanceIdentifier,
    DBInstanceAutomatedBackupsArn: rdsArn(world, 'auto-backup', `ab-${DbiResourceId.slice(3).toLowerCase()}`),
    Engine,
    EngineVersion,
    BackupRetentionPeriod,
    Status,
    RestoreWindow: window(world, view),
  };
}

/** Nothing before the first backup, and nothing that is past the retention. */
function window(world: World, view: InstanceView): { EarliestTime: Date; LatestTime: Date } | undefined {
  const first = view.LatestRestorableTime?.getTime();
  if (first === undefined) return undefined;
  const created = view.InstanceCreateTime?.getTime() ?? first;
  const earliest = Math.max(created, world.clock.now() - view.BackupRetentionPeriod * day);
  return { EarliestTime: new Date(earliest), LatestTime: new Date(world.latestRestorable(first)) };
}
