import type { DBClusterParameterGroup, DBParameterGroup, DBSubnetGroup, OptionGroup } from '@aws-sdk/client-rds';
import { invalidCombination, invalidValue, RdsError } from './errors';
import { type Place, rdsArn } from './naming';

export interface EngineVersion {
  engine: string;
  version: string;
  family: string;
  major: string;
}

const versions: readonly [engine: string, family: string, major: string, versions: readonly string[]][] = [
  ['postgres', 'postgres13', '13', ['13.18', '13.20']],
  ['postgres', 'postgres14', '14', ['14.15', '14.17']],
  ['postgres', 'postgres15', '15', ['15.10', '15.12']],
  ['postgres', 'postgres16', '16', ['16.4', '16.6', '16.8']],
  ['postgres', 'postgres17', '17', ['17.2', '17.4']],
  ['mysql', 'mysql8.0', '8.0', ['8.0.39', '8.0.40', '8.0.41']],
  ['mysql', 'mysql8.4', '8.4', ['8.4.3', '8.4.4']],
  ['mariadb', 'mariadb10.11', '10.11', ['10.11.9', '10.11.10']],
  ['mariadb', 'mariadb11.4', '11.4', ['11.4.3', '11.4.4']],
  ['aurora-postgresql', 'aurora-postgresql15', '15', ['15.8', '15.10']],
  ['aurora-postgresql', 'aurora-postgresql16', '16', ['16.4', '16.6', '16.8']],
  ['aurora-mysql', 'aurora-mysql8.0', '8.0', ['8.0.mysql_aurora.3.07.1', '8.0.mysql_aurora.3.08.0']],
];

const logTypes: Readonly<Record<string, readonly string[]>> = {
  postgres: ['postgresql', 'upgrade', 'iam-db-auth-error'],
  mysql: ['audit', 'error', 'general', 'slowquery', 'iam-db-auth-error'],
  mariadb: ['audit', 'error', 'general', 'slowquery', 'iam-db-auth-error'],
  'aurora-postgresql': ['postgresql', 'instance', 'iam-db-auth-error'],
  'aurora-mysql': ['audit', 'error', 'general', 'slowquery', 'instance', 'iam-db-auth-error'],
};

export const defaultVpc = 'vpc-0a1b2c3d4e5f60718';
/** The group that an instance gets when none is named: not the one that lets the application in. */
export const defaultSecurityGroup = 'sg-0default00000001';

/** What an account holds beside its databases: names that exist, so that the others are refused. */
export class Lookups {
  readonly engineVersions: readonly EngineVersion[];
  readonly parameterGroups = new Map<string, DBParameterGroup>();
  readonly clusterParameterGroups = new Map<string, DBClusterParameterGroup>();
  readonly optionGroups = new Map<string, OptionGroup>();
  readonly subnetGroups = new Map<string, DBSubnetGroup>();
  /** VPC by security group. */
  readonly securityGroups = new Map<string, string>();
  readonly kmsKeys = new Set<string>();
  readonly domains = new Set<string>();
  readonly certificates = new Map<string, Date>();
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
    this.engineVersions = versions.flatMap(([engine, family, major, all]) =>
      all.map((version) => ({ engine, family, major, version })),
    );
    for (const [engine, family, major] of versions) {
      this.addParameterGroup(`default.${family}`, family, `Default parameter group for ${family}`);
      // MariaDB has no clusters.
      if (engine !== 'mariadb') this.addClusterParameterGroup(`default.${family}`, family);
      this.addOptionGroup(`default:${engine}-${major.replace('.', '-')}`, engine, major);
    }
    this.securityGroups.set(defaultSecurityGroup, defaultVpc);
    this.addSubnetGroup('default', defaultVpc, ['IPV4']);
    this.certificates.set('rds-ca-rsa2048-g1', new Date('2061-05-25T00:00:00Z'));
    this.certificates.set('rds-ca-rsa4096-g1', new Date('2121-05-25T00:00:00Z'));
    this.certificates.set('rds-ca-ecc384-g1', new Date('2121-05-25T00:00:00Z'));
    for (const alias of ['alias/aws/rds', 'alias/aws/secretsmanager']) this.kmsKeys.add(this.keyArn(alias));
  }

  addParameterGroup(name: string, family: string, description = name): void {
    this.parameterGroups.set(name, {
      DBParameterGroupName: name,
      DBParameterGroupFamily: family,
      Description: description,
      DBParameterGroupArn: rdsArn(this.#place, 'pg', name),
    });
  }

  addClusterParameterGroup(name: string, family: string): void {
    this.clusterParameterGroups.set(name, {
      DBClusterParameterGroupName: name,
      DBParameterGroupFamily: family,
      Description: name,
      DBClusterParameterGroupArn: rdsArn(this.#place, 'cluster-pg', name),
    });
  }

  addOptionGroup(name: string, engine: string, major: string): void {
    this.optionGroups.set(name, {
      OptionGroupName: name,
      OptionGroupDescription: `${engine} ${major}`,
      EngineName: engine,
      MajorEngineVersion: major,
      Options: [],
      AllowsVpcAndNonVpcInstanceMemberships: true,
      OptionGroupArn: rdsArn(this.#place, 'og', name),
    });
  }

  addSubnetGroup(name: string, vpcId: string, networkTypes: ('IPV4' | 'DUAL')[]): void {
    this.subnetGroups.set(name, {
      DBSubnetGroupName: name,
      DBSubnetGroupDescription: `Subnets of ${vpcId}`,
      VpcId: vpcId,
      SubnetGroupStatus: 'Complete',
      Subnets: ['a', 'b', 'c'].map((zone) => ({
        SubnetIdentifier: `subnet-${name.replace(/[^a-z0-9]/g, '').slice(0, 16)}${zone}`,
        SubnetAvailabilityZone: { Name: `${this.#place.region}${zone}` },
        SubnetOutpost: {},
        SubnetStatus: 'Active',
      })),
      DBSubnetGroupArn: rdsArn(this.#place, 'subgrp', name),
      SupportedNetworkTypes: networkTypes,
    });
  }

  keyArn(key: string): string {
    return `arn:aws:kms:${this.#place.region}:${this.#place.accountId}:${key}`;
  }

  /** @throws InvalidParameterCombination when RDS does not offer the version. */
  engineVersion(engine: string, version: string | undefined): EngineVersion {
    const offered = this.engineVersions.filter((each) => each.engine === engine);
    if (offered.length === 0) throw invalidValue(`Invalid DB engine: ${engine}`);
    const exact = offered.find((each) => each.version === version);
    if (exact) return exact;
    const newest = offered.filter((each) => version === undefined || each.major === version).at(-1);
    if (newest) return newest;
    throw invalidCombination(`Cannot find version ${version} for ${engine}`);
  }

  logTypes(engine: string): readonly string[] {
    return logTypes[engine] ?? [];
  }

  /** @throws DBParameterGroupNotFound, or InvalidParameterCombination for a group of another family. */
  parameterGroup(given: string, version: EngineVersion): string {
    const group = this.parameterGroups.get(given.toLowerCase());
    if (group === undefined) throw new RdsError('DBParameterGroupNotFound', `DBParameterGroup not found: ${given}`);
    if (group.DBParameterGroupFamily !== version.family) {
      throw invalidCombination(
        `The Parameter Group ${given} with DBParameterGroupFamily ${group.DBParameterGroupFamily} can't be used for this instance. Please use a Parameter Group with DBParameterGroupFamily ${version.family}`,
      );
    }
    return given.toLowerCase();
  }

  /** @throws DBClusterParameterGroupNotFound, or InvalidParameterCombination for a group of another family. */
  clusterParameterGroup(given: string, version: EngineVersion): string {
    const group = this.clusterParameterGroups.get(given.toLowerCase());
    if (group === undefined) {
      throw new RdsError('DBClusterParameterGroupNotFound', `DBClusterParameterGroup not found: ${given}`);
    }
    if (group.DBParameterGroupFamily !== version.family) {
      throw invalidCombination(
        `The Parameter Group ${given} with DBParameterGroupFamily ${group.DBParameterGroupFamily} can't be used for this cluster. Please use a Parameter Group with DBParameterGroupFamily ${version.family}`,
      );
    }
    return given.toLowerCase();
  }

  /** @throws OptionGroupNotFoundFault, or InvalidParameterCombination for a group of another engine. */
  optionGroup(given: string, version: EngineVersion): string {
    const group = this.optionGroups.get(given.toLowerCase());
    if (group === undefined)
      throw new RdsError('OptionGroupNotFoundFault', `Specified OptionGroupName: ${given} not found.`);
    if (group.EngineName !== version.engine || group.MajorEngineVersion !== version.major) {
      throw invalidCombination(
        `The option group ${given} is for ${group.EngineName} ${group.MajorEngineVersion} and cannot be used with ${version.engine} ${version.version}.`,
      );
    }
    return given.toLowerCase();
  }

  /** @throws DBSubnetGroupNotFoundFault */
  subnetGroup(given: string): DBSubnetGroup {
    const group = this.subnetGroups.get(given.toLowerCase());
    if (group === undefined)
      throw new RdsError('DBSubnetGroupNotFoundFault', `DB subnet group '${given}' does not exist.`);
    return group;
  }

  /** @throws InvalidParameterValue, InvalidParameterCombination for a group of another VPC. */
  checkSecurityGroups(given: readonly string[], vpcId: string | undefined): void {
    for (const id of given) {
      const vpc = this.securityGroups.get(id);
      if (vpc === undefined) throw invalidValue(`Invalid security group , groupId= ${id}, groupName=.`);
      if (vpc !== vpcId) {
        throw invalidCombination(
          `The DB instance and EC2 security group are in different VPCs. The DB instance is in ${vpcId} and the EC2 security group is in ${vpc}`,
        );
      }
    }
  }

  /** Takes the ARN, the id or the alias of a key. @throws KMSKeyNotAccessibleFault */
  kmsKey(given: string): string {
    const arn = [given, this.keyArn(given), this.keyArn(`key/${given}`)].find((each) => this.kmsKeys.has(each));
    if (arn === undefined) {
      throw new RdsError(
        'KMSKeyNotAccessibleFault',
        `The specified KMS key [${given}] does not exist, is not enabled or you do not have permissions to access it.`,
      );
    }
    return arn;
  }

  /** @throws CertificateNotFound */
  certificate(given: string): { CAIdentifier: string; ValidTill: Date } {
    const validTill = this.certificates.get(given);
    if (validTill === undefined) throw new RdsError('CertificateNotFound', `CertificateIdentifier ${given} not found.`);
    return { CAIdentifier: given, ValidTill: validTill };
  }

  /** @throws InvalidParameterCombination */
  checkLogTypes(given: readonly string[], version: EngineVersion): void {
    const unknown = given.filter((type) => !this.logTypes(version.engine).includes(type));
    if (unknown.length > 0) {
      throw invalidCombination(
        `You cannot use the log types '${unknown.join(', ')}' with engine version ${version.engine} ${version.version}. For supported log types, see the documentation.`,
      );
    }
  }
}
