import type { RdsError } from './errors';

const namespace = 'http://rds.amazonaws.com/doc/2014-10-31/';

/**
 * The element that stands for one entry of a list, by the list's name; `member` where RDS declares none.
 * Source: the `locationName` traits of the RDS API model, version 2014-10-31.
 */
const entryNames: Readonly<Record<string, string>> = {
  AccountQuotas: 'AccountQuota',
  AvailabilityZones: 'AvailabilityZone',
  DBClusterMembers: 'DBClusterMember',
  DBClusterParameterGroups: 'DBClusterParameterGroup',
  DBClusterSnapshots: 'DBClusterSnapshot',
  DBClusterEndpoints: 'DBClusterEndpointList',
  DBClusterOptionGroupMemberships: 'DBClusterOptionGroup',
  DBClusters: 'DBCluster',
  DBEngineVersions: 'DBEngineVersion',
  DBInstanceAutomatedBackups: 'DBInstanceAutomatedBackup',
  DBInstanceAutomatedBackupsReplications: 'DBInstanceAutomatedBackupsReplication',
  DBInstances: 'DBInstance',
  DBParameterGroups: 'DBParameterGroup',
  DBSecurityGroups: 'DBSecurityGroup',
  DBSnapshots: 'DBSnapshot',
  DBSubnetGroups: 'DBSubnetGroup',
  DomainMemberships: 'DomainMembership',
  EventCategories: 'EventCategory',
  Events: 'Event',
  IopsToStorageRatio: 'DoubleRange',
  OptionGroupMemberships: 'OptionGroupMembership',
  OptionGroupsList: 'OptionGroup',
  Options: 'Option',
  PendingMaintenanceActionDetails: 'PendingMaintenanceAction',
  PendingMaintenanceActions: 'ResourcePendingMaintenanceActions',
  ProcessorFeatures: 'ProcessorFeature',
  ProvisionedIops: 'Range',
  ProvisionedStorageThroughput: 'Range',
  ReadReplicaDBClusterIdentifiers: 'ReadReplicaDBClusterIdentifier',
  ReadReplicaDBInstanceIdentifiers: 'ReadReplicaDBInstanceIdentifier',
  ReadReplicaIdentifiers: 'ReadReplicaIdentifier',
  Storage: 'ValidStorageOptions',
  StorageSize: 'Range',
  StorageThroughputToIopsRatio: 'DoubleRange',
  Subnets: 'Subnet',
  TagList: 'Tag',
  ValidUpgradeTarget: 'UpgradeTarget',
  VpcSecurityGroups: 'VpcSecurityGroupMembership',
};

/** Lists of one name whose entries are called differently in different structures. */
const entryNamesWithin: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DBInstance: { AssociatedRoles: 'DBInstanceRole', StatusInfos: 'DBInstanceStatusInfo' },
  DBCluster: { AssociatedRoles: 'DBClusterRole', StatusInfos: 'DBClusterStatusInfo' },
};

/** What a structure holds, without its own element: written down once, when somebody reads it. */
export class Encoded {
  /** The members as they are. */
  readonly value: object;
  readonly #members: object;
  readonly #within: string;
  readonly #first: Encoded | undefined;
  #xml: string | undefined;

  /** `first`: members that stand before these and are written down already. */
  constructor(members: object, within: string, first?: Encoded) {
    this.value = { ...first?.value, ...members };
    this.#members = members;
    this.#within = within;
    this.#first = first;
  }

  get xml(): string {
    this.#xml ??= (this.#first?.xml ?? '') + encodeMembers(this.#members, this.#within);
    return this.#xml;
  }
}

/** What stands between an element's tags. Absent members are left out, an empty list is an empty element. */
export function encodeMembers(structure: object, within: string): string {
  let xml = '';
  const members: [string, unknown][] = Object.entries(structure);
  for (const [name, value] of members) xml += encode(name, value, within);
  return xml;
}

function encode(name: string, value: unknown, within: string): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Encoded) return `<${name}>${value.xml}</${name}>`;
  if (value instanceof Date) return `<${name}>${value.toISOString()}</${name}>`;
  if (Array.isArray(value)) {
    const entry = entryNamesWithin[within]?.[name] ?? entryNames[name] ?? 'member';
    let xml = '';
    for (const each of value) xml += encode(entry, each, entry);
    return `<${name}>${xml}</${name}>`;
  }
  if (typeof value === 'object') return `<${name}>${encodeMembers(value, name)}</${name}>`;
  return `<${name}>${escapeText(String(value))}</${name}>`;
}

/** `result` undefined: the operation has no result element at all, as AddTagsToResource. */
export function encodeAnswer(action: string, result: object | undefined, requestId: string): string {
  const inner =
    result === undefined ? '' : `<${action}Result>${encodeMembers(result, `${action}Result`)}</${action}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return `<${action}Response xmlns="${namespace}">${inner}${metadata}</${action}Response>`;
}

export function encodeError(error: RdsError, requestId: string): string {
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  const words = `<Type>${type}</Type><Code>${error.code}</Code><Message>${escapeText(error.message)}</Message>`;
  return `<ErrorResponse xmlns="${namespace}"><Error>${words}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => entities[character] ?? character);
}
