import type { ReactNode } from 'react';
import { useSandbox } from '../sandbox/store';
import type { Run, Snapshot } from '../sandbox/wire';
import { clockTime, shortDate } from '../text/date';
import { Status } from '../ui/status';
import { Members } from './members';
import { NameBoard } from './name-board';
import { shortId, toneOf } from './tone';
import { useRenames } from './use-renames';
import { involved, type Whole, wholes } from './wholes';

export function Databases({ run }: { run: Run | undefined }): ReactNode {
  const { databases, clusters, snapshots } = useSandbox().state;
  const all = wholes(databases, clusters);
  const renames = useRenames([...databases, ...clusters]);
  const { original, copy } = run === undefined ? {} : involved(run, all);
  const others = all.filter((one) => one !== original && one !== copy);
  return (
    <section className="panel-section" aria-labelledby="databases-title">
      <h2 className="panel-title" id="databases-title">
        Databases
      </h2>
      {run && <NameBoard run={run} all={all} renames={renames} />}
      <details className="fold" open={run === undefined}>
        <summary>
          {run ? 'Others' : 'In the account'} <span className="count-badge">{others.length}</span>
        </summary>
        <ul className="rows">
          {others.map((database) => (
            <DatabaseRow key={database.resourceId} database={database} renames={renames} />
          ))}
        </ul>
      </details>
      <details className="fold">
        <summary>
          Snapshots <span className="count-badge">{snapshots.length}</span>
        </summary>
        <ul className="rows">
          {newestFirst(snapshots).map((snapshot) => (
            <SnapshotRow
              key={snapshot.id}
              snapshot={snapshot}
              isOfRun={run !== undefined && snapshot.id.includes(run.id)}
            />
          ))}
        </ul>
      </details>
    </section>
  );
}

function DatabaseRow({ database, renames }: { database: Whole; renames: ReadonlyMap<string, string> }): ReactNode {
  const { name, resourceId, engine, engineVersion, status, answersByName, members } = database;
  const before = renames.get(resourceId);
  const about = [`${engine} ${engineVersion}`, database.class, resourceId].filter(Boolean).join(' · ');
  return (
    <li className={members.length > 0 ? 'row has-members' : 'row'}>
      <div className="row-main">
        <code key={name} className={before === undefined ? 'db-name' : 'db-name is-renamed'} title={name}>
          {name}
        </code>
        <span className="row-note" title={about}>
          {members.length > 0 && `${membersWord(members.length)} · `}
          {engine} {engineVersion} · {shortId(resourceId)}
          {before !== undefined && ` · was ${before}`}
          {!answersByName && ' · answers under no name'}
        </span>
      </div>
      <Status tone={toneOf(status)}>{status}</Status>
      <Members members={members} renames={renames} />
    </li>
  );
}

const membersWord = (count: number): string => `cluster of ${count}`;

function SnapshotRow({ snapshot, isOfRun }: { snapshot: Snapshot; isOfRun: boolean }): ReactNode {
  const { id, databaseName, type, status, createdAt } = snapshot;
  return (
    <li className="row">
      <div className="row-main">
        <code className={isOfRun ? 'db-name is-renamed' : 'db-name'} title={id}>
          {id}
        </code>
        <span className="row-note" title={databaseName}>
          of {databaseName} · {type}
          {createdAt !== undefined && ` · ${shortDate(createdAt)}, ${clockTime(createdAt)}`}
          {isOfRun && ' · made by this run'}
        </span>
      </div>
      <Status tone={toneOf(status)}>{status}</Status>
    </li>
  );
}

const newestFirst = (snapshots: readonly Snapshot[]): Snapshot[] =>
  [...snapshots].sort((a, b) => (b.createdAt ?? Number.MAX_VALUE) - (a.createdAt ?? Number.MAX_VALUE));
