import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { table, timeToLiveAttribute } from '../table';
import type { Keys } from './keys';

const attributeTypes = { S: AttributeType.STRING, N: AttributeType.NUMBER };

/** Runs, their waits and cards, locks: kept when the stack goes, since they say what became of databases. */
export class Records extends Construct {
  readonly table: ITable;

  constructor(scope: Construct, id: string, { keys }: { keys: Keys }) {
    super(scope, id);
    const created = new Table(this, 'Table', {
      partitionKey: attribute(table.KeySchema[0].AttributeName),
      billingMode: BillingMode[table.BillingMode],
      stream: StreamViewType[table.StreamSpecification.StreamViewType],
      timeToLiveAttribute,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      ...keys.table(),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const { IndexName, KeySchema, Projection } of table.GlobalSecondaryIndexes) {
      const [hash, range] = KeySchema;
      created.addGlobalSecondaryIndex({
        indexName: IndexName,
        partitionKey: attribute(hash.AttributeName),
        sortKey: attribute(range.AttributeName),
        projectionType: ProjectionType[Projection.ProjectionType],
        ...('NonKeyAttributes' in Projection && { nonKeyAttributes: [...Projection.NonKeyAttributes] }),
      });
    }
    // The library is not written for exactOptionalPropertyTypes: a Table is an ITable all the same.
    this.table = created as ITable;
  }
}

function attribute(name: string) {
  const definition = table.AttributeDefinitions.find((one) => one.AttributeName === name);
  if (definition === undefined) throw new Error(`infra/table.ts uses the attribute ${name} without defining it.`);
  return { name, type: attributeTypes[definition.AttributeType] };
}
