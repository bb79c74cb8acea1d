import { type ReactNode, useRef } from 'react';
import type { Database, Run } from '../sandbox/wire';
import { Status } from '../ui/status';
import { shortId, toneOf } from './tone';
import { useFlip } from './use-flip';

interface Props {
  run: Run;
  databases: readonly Database[];
  renames: ReadonlyMap<string, string>;
}

/** Who answers under the name that everybody connects to, and who stands beside it: the swap is watched here. */
export function NameBoard({ run, databases, renames }: Props): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  useFlip(frame);
  const { database: name } = run.request;
  const { original, copy } = involved(run, databases);
  const ours = [original, copy].filter((one) => one !== undefined);
  const serving = ours.find((one) => one.name === name);
  const beside = ours.filter((one) => one !== serving);
  const card = (database: Database) => (
    <BoardCard
      key={database.resourceId}
      database={database}
      role={database === original ? 'original' : 'copy'}
      before={renames.get(database.resourceId)}
    />
  );
  const isAnswered = serving?.answersByName === true;

  return (
    <div className="board" ref={frame}>
      <div className={isAnswered ? 'slot slot-name' : 'slot slot-name is-empty'}>
        <div className="slot-head">
          <code className="slot-title" title={name}>
            {name}
          </code>
          <span className="slot-note">{isAnswered ? 'is answered by' : 'Nobody answers under this name now'}</span>
        </div>
        {serving && card(serving)}
      </div>
      {beside.length > 0 && (
        <div className="slot">
          <div className="slot-head">
            <span className="slot-note">Beside it</span>
          </div>
          {beside.map(card)}
        </div>
      )}
    </div>
  );
}

/** The two databases of a run, by resource id: names move. */
export function involved(
  run: Run,
  databases: readonly Database[],
): { original: Database | undefined; copy: Database | undefined } {
  const { facts, plan } = run;
  const byId = (id: string | undefined) => databases.find((database) => database.resourceId === id);
  const originalId = facts.original?.resourceId ?? plan?.target?.resourceId;
  const copy = byId(facts.copy?.resourceId) ?? databases.find(({ name }) => name === plan?.names?.copy);
  const original =
    originalId === undefined ? databases.find(({ name }) => name === run.request.database) : byId(originalId);
  return { original, copy };
}

function BoardCard({
  database,
  role,
  before,
}: {
  database: Database;
  role: 'original' | 'copy';
  before: string | undefined;
}): ReactNode {
  const { name, resourceId, engine, engineVersion, status, answersByName } = database;
  return (
    <div className={`board-card board-${role}`} data-flip={resourceId}>
      <div className="board-role">
        <span className="board-shape" aria-hidden="true" />
        {role === 'original' ? 'The original' : 'The copy'}
        <code className="board-id" title={resourceId}>
          {shortId(resourceId)}
        </code>
      </div>
      <div className="board-names">
        <code key={name} className={before === undefined ? 'db-name' : 'db-name is-renamed'} title={name}>
          {name}
        </code>
        {before !== undefined && (
          <span className="db-before" title={before}>
            was <code>{before}</code>
          </span>
        )}
      </div>
      <div className="board-foot">
        <Status tone={toneOf(status)}>{status}</Status>
        <span className="muted">
          {engine} {engineVersion}
          {answersByName ? '' : ' · found under no name yet'}
        </span>
      </div>
    </div>
  );
}
