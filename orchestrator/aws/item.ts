import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall as fromItem, marshall as toItem } from '@aws-sdk/util-dynamodb';

export type { AttributeValue };

/** Plain data to a DynamoDB item; undefined fields are left out. */
export function marshall(data: Record<string, unknown>): Record<string, AttributeValue> {
  return toItem(data, { removeUndefinedValues: true });
}

export function unmarshall(item: Record<string, AttributeValue>): Record<string, unknown> {
  return fromItem(item);
}
