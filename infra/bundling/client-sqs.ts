import { command, JsonClient, type JsonClientConfig } from './aws-json';

const service = { id: 'SQS', name: 'sqs', target: 'AmazonSQS', version: '1.0' } as const;

/** What is used of @aws-sdk/client-sqs. */
export class SQSClient extends JsonClient {
  constructor(config: JsonClientConfig) {
    super(service, config, process.env);
  }
}

export const SendMessageBatchCommand = command('SendMessageBatch');
