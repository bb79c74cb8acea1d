import {
  DBInstanceAlreadyExistsFault,
  DBInstanceNotFoundFault,
  InstanceQuotaExceededFault,
  InsufficientDBInstanceCapacityFault,
  InvalidDBInstanceStateFault,
  RDSServiceException,
} from '@aws-sdk/client-rds';
import { refusalOf } from '../../../orchestrator/aws/refusal';

const at = (httpStatusCode: number) => ({ message: 'as RDS says it', $metadata: { httpStatusCode } });
const named = (name: string, status = 400) => new RDSServiceException({ name, $fault: 'client', ...at(status) });
const broken = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

test.each([
  ['another call is in the way', new InvalidDBInstanceStateFault(at(400)), 'busy'],
  ['the name is taken', new DBInstanceAlreadyExistsFault(at(400)), 'taken'],
  ['it is not there', new DBInstanceNotFoundFault(at(404)), 'missing'],
  ['a quota', new InstanceQuotaExceededFault(at(400)), 'quota'],
  ['no capacity', new InsufficientDBInstanceCapacityFault(at(400)), 'capacity'],
  ['throttled, with the wire’s code as its name', named('Throttling'), 'transient'],
  ['throttled, in the newer spelling', named('ThrottlingException'), 'transient'],
  ['an internal error', named('InternalFailure', 500), 'transient'],
  ['an error of theirs that nobody has named yet', named('SomethingNew', 503), 'transient'],
  ['not allowed', named('AccessDenied', 403), 'denied'],
  ['a parameter that does not fit', named('InvalidParameterCombination'), 'invalid'],
  ['a broken connection: it may have had its effect', broken, 'transient'],
  ['a mistake of ours', new TypeError('x is not a function'), 'invalid'],
] as const)('%s', (_, error, reason) => {
  const refusal = refusalOf(error);

  expect(refusal.reason).toBe(reason);
  expect(refusal.cause).toBe(error);
});

test('a text that names another error changes nothing: errors are told by their name', () => {
  expect(refusalOf(named('InvalidParameterValue')).reason).toBe('invalid');
  expect(
    refusalOf(Object.assign(named('InvalidParameterValue'), { message: 'Rate exceeded: Throttling' })).reason,
  ).toBe('invalid');
});
