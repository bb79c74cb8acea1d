import { type RefusalReason, ServiceRefusal, unmarked } from '../errors';

/**
 * The one place that knows the services' error names. The SDK's `name` is the class name for modelled errors and the
 * wire code for the others (RDS API Reference, Common Errors; AWS SDK for JavaScript v3).
 */
const reasons: Record<string, RefusalReason> = {
  Throttling: 'transient',
  ThrottlingException: 'transient',
  RequestLimitExceeded: 'transient',
  TooManyRequestsException: 'transient',
  ProvisionedThroughputExceededException: 'transient',
  InternalFailure: 'transient',
  InternalServerError: 'transient',
  ServiceUnavailable: 'transient',
  TimeoutError: 'transient',
  AbortError: 'transient',
  ECONNRESET: 'transient',
  ECONNREFUSED: 'transient',
  EPIPE: 'transient',

  InvalidDBInstanceStateFault: 'busy',
  InvalidDBClusterStateFault: 'busy',
  InvalidDBSnapshotStateFault: 'busy',
  InvalidDBClusterSnapshotStateFault: 'busy',
  InvalidDBProxyStateFault: 'busy',

  DBInstanceAlreadyExistsFault: 'taken',
  DBClusterAlreadyExistsFault: 'taken',
  DBSnapshotAlreadyExistsFault: 'taken',
  DBClusterSnapshotAlreadyExistsFault: 'taken',

  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  UnauthorizedOperation: 'denied',
  InvalidClientTokenId: 'denied',
  ExpiredToken: 'denied',
  OptInRequired: 'denied',
  KMSKeyNotAccessibleFault: 'denied',
};

export function refusalOf(error: unknown): ServiceRefusal {
  if (error instanceof ServiceRefusal) return error;
  const { name, message, code, status } = facts(error);
  const reason = reasons[name] ?? (code ? reasons[code] : undefined) ?? byShape(name, status);
  return new ServiceRefusal(reason, name, unmarked(message), { cause: error });
}

/** Whether an error is one of these, by name. */
export function isNamed(error: unknown, ...names: string[]): boolean {
  return names.includes(facts(error).name);
}

/** Without an HTTP status nobody has answered: the connection broke, and the call may or may not have had its effect. */
function byShape(name: string, status: number | undefined): RefusalReason {
  if (status === undefined && !/^(Type|Range|Syntax|Reference)Error$/.test(name)) return 'transient';
  if (/NotFound(Fault)?$/.test(name)) return 'missing';
  if (/Quota.*Exceeded(Fault)?$/.test(name)) return 'quota';
  if (/^Insufficient|NotAvailable/.test(name)) return 'capacity';
  return status !== undefined && status >= 500 ? 'transient' : 'invalid';
}

function facts(error: unknown): {
  name: string;
  message: string;
  code: string | undefined;
  status: number | undefined;
} {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: undefined, status: undefined };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const metadata = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number } | undefined) : undefined;
  return { name: error.name, message: error.message, code, status: metadata?.httpStatusCode };
}
