import { mistakeInCron } from '../../infra/cron';
import { parseOptions } from '../../infra/options';

const refusal = (context: Record<string, unknown>): string => {
  try {
    parseOptions(context);
    return 'taken';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
const nightly = { database: 'orders-staging', cron: '0 3 * * ? *', reason: 'nightly' };

describe('settings', () => {
  test.each([
    ['no e-mail at all, on the command line', { alertEmails: '' }, { alertEmails: [] }],
    [
      'an e-mail twice, which CloudFormation would refuse',
      { alertEmails: 'a@example.com, a@example.com' },
      { alertEmails: ['a@example.com'] },
    ],
    ['a comma too many', { identifierPatterns: 'orders-*,' }, { identifierPatterns: ['orders-*'] }],
    [
      'numbers as text',
      { logRetentionDays: '30', provisionedConcurrency: '2' },
      { logRetentionDays: 30, provisionedConcurrency: 2 },
    ],
    ['no tags', { tags: '{}' }, { tags: {} }],
    [
      'what the CDK keeps beside them',
      { 'acknowledged-issue-numbers': [1], 'aws:cdk:x': true },
      { stackName: 'Trapheus' },
    ],
  ])('%s', (_, context, parsed) => expect(parseOptions(context)).toMatchObject(parsed));

  test.each([
    [
      'subnets without security groups',
      { vpc: { subnetIds: ['subnet-0a1b2c3d'] } },
      'vpc.securityGroupIds: is missing',
    ],
    ['security groups without subnets', { vpc: { securityGroupIds: ['sg-0a1b2c3d'] } }, 'vpc.subnetIds: is missing'],
    ['JSON that is none', { vpc: '{' }, 'vpc: has to be an object; on the command line, as JSON, not “{”'],
    [
      'a key of a VPC that nobody knows',
      { vpc: { subnetIds: ['subnet-0a'], securityGroupIds: ['sg-0a'], zone: 1 } },
      'vpc: there is no zone in it',
    ],
    ['no pattern', { identifierPatterns: [] }, 'identifierPatterns: at least one pattern; * stands for every database'],
    [
      'a malformed e-mail',
      { alertEmails: 'oncall@example.com,oncall' },
      'alertEmails.1: an e-mail address, not “oncall”',
    ],
    ['a number where a list belongs', { alertEmails: 5 }, 'alertEmails: has to be a list'],
    [
      'a truth where a number belongs',
      { provisionedConcurrency: true },
      'provisionedConcurrency: a whole number from 0 to 100',
    ],
    ['a truth where days belong', { logRetentionDays: true }, 'logRetentionDays: one of the periods'],
    ['a tag that AWS would refuse', { tags: { team: 'a&b' } }, 'tags.team: a tag value'],
    ['a tag that is a number', { tags: { cost: 42 } }, 'tags.cost: has to be text'],
    ['hyphens in a name', { 'stack-name': 'X' }, 'stack-name: there is no such setting; did you mean stackName?'],
    [
      'underscores in a name',
      { log_retention: 30 },
      'log_retention: there is no such setting; did you mean logRetentionDays?',
    ],
    ['a word of a setting', { retention: 30 }, 'did you mean logRetentionDays?'],
    [
      'a schedule for a database that IAM keeps out of reach',
      { identifierPatterns: 'billing-*', schedules: [nightly] },
      'schedules.0.database: orders-staging fits none of identifierPatterns (billing-*)',
    ],
    [
      'a schedule without a reason',
      { schedules: [{ ...nightly, reason: undefined }] },
      'schedules.0.reason: is missing',
    ],
  ])('refused: %s', (_, context, words) => expect(refusal(context)).toContain(words));

  test('all mistakes at once', () => {
    const said = refusal({
      alertEmails: 'x',
      vpc: '{',
      tags: { a: 1 },
      schedules: [{ ...nightly, cron: 'daily' }],
      stackNme: 'Y',
    });

    for (const word of ['alertEmails.0', 'vpc', 'tags.a', 'schedules.0.cron', 'stackNme'])
      expect(said).toContain(`  ${word}: `);
  });
});

describe('a schedule’s six fields', () => {
  test.each([
    '0 3 * * ? *',
    '0/15 8-18 ? * MON-FRI 2027',
    '30 2 L * ? *',
    '0 0 1,15W * ? *',
    '5 4 ? JAN,jul 2#1 2027-2030',
    '*/5 * * * ? *',
  ])('%s', (cron) => expect(mistakeInCron(cron)).toBeUndefined());

  test.each([
    ['cron(0 3 * * ? *)', 'without cron( )'],
    ['rate(1 day)', 'six fields'],
    ['0 3 * * *', 'six fields'],
    ['0 3 * * * *', 'exactly one of day of month and day of week'],
    ['0 3 ? * ? *', 'exactly one of day of month and day of week'],
    ['60 3 * * ? *', 'minutes'],
    ['0 24 * * ? *', 'hours'],
    ['0 3 32 * ? *', 'day of month'],
    ['0 3 * 13 ? *', 'month'],
    ['0 3 ? * FUNDAY *', 'day of week'],
    ['0 3 * * ? 1969', 'year'],
    ['? 3 * * ? *', 'minutes'],
    ['0/0 3 * * ? *', 'minutes'],
  ])('%s is none', (cron, words) => expect(mistakeInCron(cron)).toContain(words));
});
