import type { DatabaseSettings } from '../policy';
import type { Database } from '../ports';
import { takesName } from '../wish';
import type { Choice } from './choice';
import type { Model } from './model';

/**
 * Whether the first backup may wait, and what people should know. Without backups RDS has neither a mirror of SQL Server
 * nor read replicas (RDS User Guide, Backup retention period; ModifyDBInstance), and a cluster keeps one day at least.
 */
export function firstBackupOf(
  { target }: Choice,
  keeping: DatabaseSettings,
  { kind, engine, settings }: Model,
  holder: Database | undefined,
): { isAfter: boolean; says?: string } {
  const isAsked = keeping.firstBackup === 'after' && takesName(target) && Number(settings.backupRetention ?? 0) > 0;
  if (!isAsked) return { isAfter: false };
  const why = [
    kind === 'cluster' && 'a cluster keeps backups for one day at least',
    engine.startsWith('sqlserver') && settings.multiAz === true && 'SQL Server with Multi-AZ needs backups',
    (holder?.replicas.length ?? 0) > 0 && 'read replicas need backups of their source',
  ].find((reason) => reason !== false);
  return why === undefined
    ? {
        isAfter: true,
        says: 'Its first backup is made after the swap: AWS documents a second outage for switching automated backups on, and until it is finished there is no point in time to restore to.',
      }
    : {
        isAfter: false,
        says: `policy.yml lets the first backup wait until after the swap, but ${why}: the swap waits for it.`,
      };
}
