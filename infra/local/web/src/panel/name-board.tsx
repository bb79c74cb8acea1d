import { type ReactNode, useRef } from 'react';
import type { Run } from '../sandbox/wire';
import { Status } from '../ui/status';
import { Members } from './members';
import { shortId, toneOf } from './tone';
import { useFlip } from './use-flip';
import { involved, subjectOf, type Whole } from './wholes';

interface Props {
  run: Run;
  all: readonly Whole[];
  renames: ReadonlyMap<string, string>;
}

/** Who answers under the name that everybody connects to, and who stands beside it: the swap is watched here. */
export function NameBoard({ run, all, renames }: Props): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  useFlip(frame);
  const name = subjectOf(run);
  const { original, copy, isReplaced } = involved(run, all);
  const ours = [original, copy].filter((one) => one !== undefined);
  const serving = ours.find((one) => one.name === name);
  const beside = ours.filter((one) => one !== serving);
  const roleOf = (one: Whole): Role => (one === copy ? 'copy' : isReplaced ? 'original' : 'source');
  const card = (database: Whole) => (
    <BoardCard key={database.resourceId} database={database} role={roleOf(database)} renames={renames} />
  );
  const isAnswered = serving?.answersByName === true;
  // A name that nobody has had yet is no outage.
  const isMissed = !isAnswered && (isReplaced || serving !== undefined);
  const nobody = isMissed ? 'Nobody answers under this name now' : 'Nobody has this name yet';

  return (
    <div className="board" ref={frame}>
      <div className={isMissed ? 'slot slot-name is-empty' : 'slot slot-name'}>
        <div className="slot-head">
          <code className="slot-title" title={name}>
            {name}
          </code>
          <span className="slot-note">{isAnswered ? 'is answered by' : nobody}</span>
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

type Role = 'original' | 'source' | 'copy';
const roles: Record<Role, string> = { original: 'The original', source: 'The source', copy: 'The copy' };

function BoardCard({
  database,
  role,
  renames,
}: {
  database: Whole;
  role: Role;
  renames: ReadonlyMap<string, string>;
}): ReactNode {
  const { name, resourceId, engine, engineVersion, status, answersByName, members } = database;
  const before = renames.get(resourceId);
  return (
    <div className={`board-card board-${role === 'copy' ? 'copy' : 'original'}`} data-flip={resourceId}>
      <div className="board-role">
        <span className="board-shape" aria-hidden="true" />
        {roles[role]}
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
      <Members members={members} renames={renames} />
    </div>
  );
}
