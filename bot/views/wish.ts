import type { PlannedSource } from '../../orchestrator/plan/plan';
import { isSetAsideFirst, type Source, subjectOf, type Wish } from '../../orchestrator/wish';
import { code, escape, type Mrkdwn, md } from './mrkdwn';
import { moment } from './times';

type Asked = Pick<Wish, 'database' | 'target'>;

/** “The restore of orders-staging”: what a run is called in a sentence. */
export function runWords({ database, target }: Asked): Mrkdwn {
  const name = escape(database, 80);
  switch (target.kind) {
    case 'replace':
      return md`The restore of ${name}`;
    case 'new':
      return md`The clone ${escape(target.name, 80)} of ${name}`;
    case 'onto':
      return md`The restore of ${name} onto ${escape(target.name, 80)}`;
    case 'back':
      return md`The restore of ${name}, which is gone,`;
    case 'none':
      return md`The snapshot of ${name}`;
  }
}

/** What a run is about, in a heading. Plain text. */
export function headingWords({ database, target }: Asked): string {
  return target.kind === 'new' || target.kind === 'onto'
    ? `${database} → ${subjectOf({ database, target })}`
    : database;
}

/** Under which name the data answers in the end. */
export function targetWords({ database, target }: Asked): Mrkdwn {
  switch (target.kind) {
    case 'replace':
      return md`${code(database)}, in place`;
    case 'new':
      return md`${code(target.name)}, a clone for a while`;
    case 'onto':
      return md`${code(target.name)}, whose settings stay`;
    case 'back':
      return md`${code(database)}, which is gone: it comes back`;
    case 'none':
      return md`none: only a snapshot is taken`;
  }
}

/** The source as somebody asked for it. */
export function sourceWords(source: Source): Mrkdwn {
  switch (source.kind) {
    case 'snapshot':
      return code(source.snapshot);
    case 'newest':
      return md`the newest available`;
    case 'now':
      return isSetAsideFirst(source) ? md`a fresh snapshot, keeping every write` : md`a fresh snapshot`;
    case 'clone':
      return md`an Aurora clone`;
    case 'time':
      return md`the data as of ${moment(source.at)}`;
  }
}

/** The source as the plan has resolved it. */
export function plannedSourceWords(source: PlannedSource): Mrkdwn {
  switch (source.kind) {
    case 'snapshot':
      return md`${code(source.snapshot)}\ntaken ${moment(source.createdAt)}`;
    case 'now':
      return source.keepsWrites
        ? md`a fresh snapshot, ${code(source.snapshot)}, keeping every write`
        : md`a fresh snapshot, ${code(source.snapshot)}`;
    case 'clone':
      return md`an Aurora clone of ${code(source.database)}`;
    case 'time':
      return md`the data as of ${moment(source.at)}`;
  }
}
