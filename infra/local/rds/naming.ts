import { createHash } from 'node:crypto';
import { invalidValue } from './errors';

export interface Place {
  region: string;
  accountId: string;
}

/** Stored in lower case. Source: ModifyDBInstance, NewDBInstanceIdentifier: 1 to 63 letters, digits or hyphens. */
export function instanceName(given: string, parameter: string): string {
  return checked(given, parameter, 63);
}

/** Source: CreateDBSnapshot, DBSnapshotIdentifier: 1 to 255 letters, digits or hyphens. */
export function snapshotName(given: string, parameter: string): string {
  return checked(given, parameter, 255);
}

function checked(given: string, parameter: string, limit: number): string {
  const wellFormed = /^[a-z](?:-?[a-z0-9])*$/i.test(given) && given.length <= limit;
  if (!wellFormed) {
    throw invalidValue(
      `The parameter ${parameter} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    );
  }
  return given.toLowerCase();
}

export type ArnKind =
  | 'db'
  | 'snapshot'
  | 'auto-backup'
  | 'cluster'
  | 'cluster-snapshot'
  | 'cluster-pg'
  | 'cluster-endpoint'
  | 'pg'
  | 'og'
  | 'subgrp'
  | 'db-proxy'
  | 'target-group';

export function rdsArn(place: Place, kind: ArnKind, name: string): string {
  return `arn:aws:rds:${place.region}:${place.accountId}:${kind}:${name}`;
}

/** The name that an identifier means, given as a name or as an ARN of this account and Region; else undefined. */
export function nameOf(place: Place, kind: ArnKind, given: string): string | undefined {
  if (!given.startsWith('arn:')) return given.toLowerCase();
  const prefix = rdsArn(place, kind, '');
  return given.startsWith(prefix) ? given.slice(prefix.length).toLowerCase() : undefined;
}

/** Every instance of an account and Region has the same part behind its name. */
export function endpointAddress(
  place: Place,
  name: string,
  role: '' | 'cluster-' | 'cluster-ro-' | 'cluster-custom-' = '',
) {
  const account = digest(`${place.accountId}/${place.region}`).slice(0, 12);
  return `${name}.${role}${account}.${place.region}.rds.amazonaws.com`;
}

/** The prefix and 26 capital letters or digits, as AWS forms them. */
export function resourceId(place: Place, prefix: 'db' | 'cluster', order: number): string {
  const hex = digest(`${place.accountId}/${place.region}/${prefix}/${order}`);
  return `${prefix}-${BigInt(`0x${hex}`).toString(36).toUpperCase().padStart(26, '0').slice(0, 26)}`;
}

export function uuid(seed: string): string {
  const hex = digest(seed);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

export function secretArn(place: Place, seed: string): string {
  const suffix = digest(`${seed}/suffix`).slice(0, 6);
  return `arn:aws:secretsmanager:${place.region}:${place.accountId}:secret:rds!db-${uuid(seed)}-${suffix}`;
}

/** A number from 0 to `below` - 1 that depends on the seed alone: for what AWS draws at random. */
export function pick(seed: string, below: number): number {
  return Number.parseInt(digest(seed).slice(0, 8), 16) % below;
}

/** RDS draws a 30-minute window for who names none. */
export function randomMaintenanceWindow(seed: string): string {
  const day = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'][pick(`${seed}/day`, 7)] ?? 'mon';
  const [from, to] = randomBackupWindow(`${seed}/maintenance`).split('-');
  return `${day}:${from}-${day}:${to}`;
}

export function randomBackupWindow(seed: string): string {
  const start = pick(`${seed}/backup`, 16) * 30;
  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  return `${clock(start)}-${clock(start + 30)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
