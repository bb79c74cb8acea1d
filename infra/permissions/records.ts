import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IndexName } from '../table';

const readItem = ['dynamodb:GetItem', 'dynamodb:BatchGetItem'];
const writeItem = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];

/** Items are told apart by how their key begins, for example `run#`. */
export function readItems(table: ITable, ...keys: string[]): PolicyStatement {
  return items(table, readItem, keys);
}

export function useItems(table: ITable, ...keys: string[]): PolicyStatement {
  return items(table, [...readItem, ...writeItem], keys);
}

/** What a wait is made of before a token is in it: what `create` and `lookAt` of orchestrator/aws/run-table.ts write. */
const waitAttributes = [
  ...['pk', 'kind', 'run', 'due', 'nextLookAt', 'retry', 'entered', 'beatenAt', 'leaseUntil'],
  // Until when nothing new can be found: whoever wants a look now takes it off.
  'rest',
];

/**
 * Waits hold task tokens. This lets somebody say when to look next without ever seeing, testing or changing a token:
 * no read, no value handed back, and no attribute but these, not even in a condition.
 */
export function scheduleLooks(table: ITable): PolicyStatement {
  const statement = items(table, writeItem, ['wait#*']);
  statement.addCondition('ForAllValues:StringEquals', { 'dynamodb:Attributes': waitAttributes });
  // The key is absent when the caller leaves ReturnValues out, which means NONE.
  statement.addCondition('StringEqualsIfExists', { 'dynamodb:ReturnValues': 'NONE' });
  return statement;
}

export function queryIndexes(table: ITable, ...indexes: IndexName[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['dynamodb:Query'],
    resources: indexes.map((index) => `${table.tableArn}/index/${index}`),
  });
}

function items(table: ITable, actions: string[], keys: string[]): PolicyStatement {
  return new PolicyStatement({
    actions,
    resources: [table.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
  });
}
