/**
 * The words that go over the wire, with their HTTP status where it is not 400. Some of them lack the suffix `Fault`
 * that the SDK's class carries: sent with it, the SDK would not recognise the error.
 * Source: the error shapes of the RDS API model, version 2014-10-31.
 */
const statuses = {
  AccessDenied: 403,
  CertificateNotFound: 404,
  DBClusterAlreadyExistsFault: 400,
  DBClusterEndpointAlreadyExistsFault: 400,
  DBClusterEndpointNotFoundFault: 400,
  DBClusterNotFoundFault: 404,
  DBClusterParameterGroupNotFound: 404,
  DBClusterQuotaExceededFault: 403,
  DBClusterRoleAlreadyExists: 400,
  DBClusterRoleNotFound: 404,
  DBClusterRoleQuotaExceeded: 400,
  DBClusterSnapshotAlreadyExistsFault: 400,
  DBClusterSnapshotNotFoundFault: 404,
  DBInstanceAlreadyExists: 400,
  DBInstanceAutomatedBackupNotFound: 404,
  DBInstanceNotFound: 404,
  DBInstanceRoleAlreadyExists: 400,
  DBInstanceRoleNotFound: 404,
  DBInstanceRoleQuotaExceeded: 400,
  DBParameterGroupNotFound: 404,
  DBProxyNotFoundFault: 404,
  DBProxyTargetAlreadyRegisteredFault: 400,
  DBProxyTargetGroupNotFoundFault: 404,
  DBProxyTargetNotFoundFault: 404,
  DBSnapshotAlreadyExists: 400,
  DBSnapshotNotFound: 404,
  DBSubnetGroupNotFoundFault: 404,
  DomainNotFoundFault: 404,
  InstanceQuotaExceeded: 400,
  InternalFailure: 500,
  InvalidAction: 400,
  InvalidClientTokenId: 403,
  InvalidDBClusterSnapshotStateFault: 400,
  InvalidDBClusterStateFault: 400,
  InvalidDBInstanceState: 400,
  InvalidDBSnapshotState: 400,
  InvalidParameterCombination: 400,
  InvalidParameterValue: 400,
  InvalidRestoreFault: 400,
  InvalidVPCNetworkStateFault: 400,
  KMSKeyNotAccessibleFault: 400,
  MissingAuthenticationToken: 403,
  MissingParameter: 400,
  NetworkTypeNotSupported: 400,
  OptionGroupNotFoundFault: 404,
  PointInTimeRestoreNotEnabled: 400,
  ResourceNotFoundFault: 404,
  SignatureDoesNotMatch: 403,
  SnapshotQuotaExceeded: 400,
  StorageQuotaExceeded: 400,
  StorageTypeNotSupported: 400,
  Throttling: 400,
} as const;
export type WireCode = keyof typeof statuses;

/** A refusal as the service words it. */
export class RdsError extends Error {
  readonly code: WireCode;
  readonly status: number;

  constructor(code: WireCode, message: string) {
    super(message);
    this.name = 'RdsError';
    this.code = code;
    this.status = statuses[code];
  }
}

export function invalidValue(message: string): RdsError {
  return new RdsError('InvalidParameterValue', message);
}

export function invalidCombination(message: string): RdsError {
  return new RdsError('InvalidParameterCombination', message);
}
