import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ServiceRefusal } from '../errors';
import { isNamed, refusalOf } from './refusal';

/** `send` with every trouble but a failed condition in our words: the table passes, like RDS. */
export function tableSend(client: DynamoDBClient): DynamoDBClient['send'] {
  // The same signature: the SDK's own cannot be written down once more.
  return (async (command: Parameters<DynamoDBClient['send']>[0]) => {
    try {
      return await client.send(command);
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) throw error;
      const { code, message } = refusalOf(error);
      throw new ServiceRefusal('transient', code, message, { cause: error });
    }
  }) as DynamoDBClient['send'];
}
