import { command, JsonClient, type JsonClientConfig } from './aws-json';

const service = { id: 'DYNAMODB', name: 'dynamodb', target: 'DynamoDB_20120810', version: '1.0' } as const;

/** What is used of @aws-sdk/client-dynamodb. */
export class DynamoDBClient extends JsonClient {
  constructor(config: JsonClientConfig) {
    super(service, config, process.env);
  }
}

export const BatchGetItemCommand = command('BatchGetItem');
export const DeleteItemCommand = command('DeleteItem');
export const GetItemCommand = command('GetItem');
export const PutItemCommand = command('PutItem');
export const QueryCommand = command('Query');
export const UpdateItemCommand = command('UpdateItem');
