import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, type PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acceptWildcards, spelled } from '../accepted-findings';
import { changeDatabases, type DatabaseScope, makeCopies } from '../permissions/databases';

/** IAM User Guide, “IAM and AWS STS quotas”: the characters of a managed policy, and how many of them a role may have. */
const maxCharacters = 6144;
const maxPolicies = 10;
const room = maxCharacters - JSON.stringify({ Version: '2012-10-17', Statement: [] }).length;

export interface DatabaseRightsProps {
  scope: DatabaseScope;
  roles: Role[];
}

/** What worker and watcher may do to databases: in as many policies as the configured names take. */
export class DatabaseRights extends Construct {
  /** @throws Error when the configured names are more than IAM takes. */
  constructor(parent: Construct, id: string, { scope, roles }: DatabaseRightsProps) {
    super(parent, id);
    const stack = Stack.of(this);
    const policies = packed(stack, [...makeCopies(stack, scope), ...changeDatabases(stack, scope)]);
    if (policies.length > maxPolicies) throw tooMany();
    policies.forEach((statements, index) => {
      const policy = new ManagedPolicy(this, `Policy${index + 1}`, { statements, roles });
      const [anywhere, named] = [true, false].map((isAnywhere) =>
        statements.filter(({ resources }) => resources.includes('*') === isAnywhere),
      );
      acceptWildcards(policy, 'Looking at the account and its networks has no resource type.', anywhere ?? []);
      const why =
        'Writes are limited to the configured names and to a run’s own forms; lists are of every name of a type.';
      acceptWildcards(policy, why, named ?? []);
    });
  }
}

function packed(stack: Stack, statements: readonly PolicyStatement[]): PolicyStatement[][] {
  const policies: { statements: PolicyStatement[]; left: number }[] = [];
  for (const statement of statements) {
    // One more for the comma.
    const characters = charactersOf(stack, statement) + 1;
    if (characters > room) throw tooMany();
    const policy = policies.find(({ left }) => left >= characters);
    if (policy === undefined) policies.push({ statements: [statement], left: room - characters });
    else {
      policy.statements.push(statement);
      policy.left -= characters;
    }
  }
  return policies.map(({ statements }) => statements);
}

/** A reference counts as it is spelled, `<AWS::Partition>`: no shorter, for a whole ARN, than what it stands for. */
function charactersOf(stack: Stack, statement: PolicyStatement): number {
  const isReference = (value: unknown) => typeof value === 'object' && value !== null && 'Fn::Join' in value;
  return JSON.stringify(stack.resolve(statement.toStatementJson()), (_, value: unknown) =>
    isReference(value) ? spelled(value) : value,
  ).length;
}

function tooMany(): Error {
  return new Error(
    'The CDK context has a mistake:\n  identifierPatterns, databaseRoles: more names than an IAM policy holds (6,144 characters); ' +
      'say more with fewer patterns, such as orders-*',
  );
}
