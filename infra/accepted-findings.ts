import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Accepts findings of cdk-nag on a construct and what is in it: a rule's id, and why it is all right here. */
export function accept(construct: Construct, reason: string, ...ids: string[]): void {
  for (const id of ids) Validations.of(construct).acknowledge({ id: `AwsSolutions-${id}`, reason });
}

/** Accepts exactly the wildcards that these statements contain, so that one more anywhere else is a finding again. */
export function acceptWildcards(construct: Construct, reason: string, statements: PolicyStatement[]): void {
  const stack = Stack.of(construct);
  const resources = statements.flatMap((statement) => statement.resources.map((arn) => spelled(stack.resolve(arn))));
  const wildcards = new Set(resources.filter((arn) => arn.includes('*')));
  accept(construct, reason, ...[...wildcards].map((arn) => `IAM5[Resource::${arn}]`));
}

/** An ARN as cdk-nag spells it: `<AWS::Region>` for a reference. */
export function spelled(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(spelled).join('');
  if (value === null || typeof value !== 'object') return '';
  if ('Ref' in value) return `<${spelled(value.Ref)}>`;
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) return `<${value['Fn::GetAtt'].join('.')}>`;
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) return spelled(value['Fn::Join'][1]);
  return '';
}
