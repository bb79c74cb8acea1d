import type { Snapshot } from '../../orchestrator/ports';
import { code, escape, join, type Mrkdwn, md } from './mrkdwn';
import { age, moment } from './times';

/** One snapshot in a list: what people choose by. */
export function snapshotLine(snapshot: Snapshot, now: number): Mrkdwn {
  const { id, createdAt, sizeGib, engine, version, encrypted, type, isAvailable, status } = snapshot;
  const taken =
    createdAt === undefined ? md`time unknown` : md`${moment(createdAt)} (${escape(age(now - createdAt))} ago)`;
  const about = join(
    [
      taken,
      md`${sizeGib} GiB`,
      md`${escape(engine, 40)} ${escape(version, 40)}`,
      escape(encrypted ? 'encrypted' : 'not encrypted'),
      escape(type, 20),
      isAvailable ? undefined : md`*${escape(status, 30)}*`,
    ],
    ' · ',
  );
  return md`• ${code(id, 260)}\n    ${about}`;
}
