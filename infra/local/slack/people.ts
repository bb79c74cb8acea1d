/** Who and what there is in the sandbox's workspace. Ids are fixed, so that a policy may name them. */
export interface Team {
  id: string;
  domain: string;
  name: string;
}

export interface AppIdentity {
  appId: string;
  botId: string;
  botUserId: string;
  /** The bot's user name. */
  name: string;
}

export interface Person {
  id: string;
  /** The handle, as in @ana. */
  name: string;
  realName: string;
  /** For the page: who this is and what he may do. */
  note: string;
  /** The team a stranger belongs to; default: this workspace. */
  teamId?: string;
  isBot?: boolean;
  /** As the IANA names it; default: UTC. */
  tz?: string;
  isAdmin?: boolean;
  deleted?: boolean;
  /** A multi-channel guest. */
  isRestricted?: boolean;
  /** A single-channel guest. */
  isUltraRestricted?: boolean;
  /** Of another workspace, met in a shared channel only. */
  isStranger?: boolean;
}

export interface Channel {
  id: string;
  /** Without the #; for a direct message the partner's name. */
  name: string;
  kind: 'public' | 'private' | 'im';
  members: string[];
  /** Shared with another workspace through Slack Connect. */
  isExtShared?: boolean;
  isArchived?: boolean;
}

export interface UserGroup {
  id: string;
  handle: string;
  name: string;
  users: string[];
}

export const team: Team = { id: 'T0SANDBOX1', domain: 'trapheus-sandbox', name: 'Trapheus Sandbox' };
export const app: AppIdentity = {
  appId: 'A0TRAPHEUS',
  botId: 'B0TRAPHEUS',
  botUserId: 'U0TRAPHEUS',
  name: 'trapheus',
};

export const users: Person[] = [
  { id: 'U0ANA00001', name: 'ana', realName: 'Ana Duarte', note: 'developer, asks for restores' },
  { id: 'U0BEN00001', name: 'ben', realName: 'Ben Okafor', note: 'database administrator, approves (dba group)' },
  {
    id: 'U0CHLOE001',
    name: 'chloe',
    realName: 'Chloé Martin',
    note: 'on-call lead, second approver (dba group), may freeze and break the glass',
  },
  { id: 'U0OMAR0001', name: 'omar', realName: 'Omar Haddad', note: 'of another department, has no rights' },
  { id: 'U0GINA0001', name: 'gina', realName: 'Gina Rossi', note: 'guest in some channels', isRestricted: true },
  {
    id: 'U0SAM00001',
    name: 'sam',
    realName: 'Sam Lee',
    note: 'stranger from a connected workspace',
    teamId: 'T0PARTNER1',
    isStranger: true,
  },
  { id: app.botUserId, name: app.name, realName: 'Trapheus', note: 'the bot', isBot: true },
];

const idOf = (name: string): string => users.find((user) => user.name === name)?.id ?? '';
const everybody = ['ana', 'ben', 'chloe', 'omar', 'gina'].map(idOf);

export const channels: Channel[] = [
  { id: 'C0DBOPS001', name: 'db-ops', kind: 'public', members: [...everybody, app.botUserId] },
  { id: 'C0ORDERS01', name: 'orders', kind: 'public', members: [...everybody, app.botUserId] },
  { id: 'C0RANDOM01', name: 'random', kind: 'public', members: everybody },
  {
    id: 'C0PARTNERS',
    name: 'partners',
    kind: 'public',
    members: [idOf('ana'), idOf('ben'), idOf('sam'), app.botUserId],
    isExtShared: true,
  },
  { id: 'D0ANA00001', name: 'ana', kind: 'im', members: [idOf('ana'), app.botUserId] },
];

export const userGroups: UserGroup[] = [
  { id: 'S0DBA00001', handle: 'dba', name: 'Database administrators', users: [idOf('ben'), idOf('chloe')] },
];
