import type { ReactNode } from 'react';
import { Status } from '../ui/status';
import { shortId, toneOf } from './tone';
import type { Part } from './wholes';

interface Props {
  members: readonly Part[];
  renames: ReadonlyMap<string, string>;
}

/** The instances of a cluster, each with the name that it has now. */
export function Members({ members, renames }: Props): ReactNode {
  if (members.length === 0) return null;
  return (
    <ul className="members" aria-label="Members">
      {members.map(({ name, resourceId, role, status, ...member }) => {
        const before = renames.get(resourceId);
        return (
          <li className="member" key={resourceId}>
            <div className="row-main">
              <code key={name} className={before === undefined ? 'db-name' : 'db-name is-renamed'} title={name}>
                {name}
              </code>
              <span className="row-note" title={`${member.class} · ${resourceId}`}>
                {role} · {member.class} · {shortId(resourceId)}
                {before !== undefined && ` · was ${before}`}
              </span>
            </div>
            <Status tone={toneOf(status)}>{status}</Status>
          </li>
        );
      })}
    </ul>
  );
}
