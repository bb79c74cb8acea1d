import { command, JsonClient, type JsonClientConfig } from './aws-json';

const service = { id: 'SFN', name: 'states', target: 'AWSStepFunctions', version: '1.0' } as const;

/** What is used of @aws-sdk/client-sfn. */
export class SFNClient extends JsonClient {
  constructor(config: JsonClientConfig) {
    super(service, config, process.env);
  }
}

export const DescribeExecutionCommand = command('DescribeExecution');
export const SendTaskFailureCommand = command('SendTaskFailure');
export const SendTaskHeartbeatCommand = command('SendTaskHeartbeat');
export const SendTaskSuccessCommand = command('SendTaskSuccess');
export const StartExecutionCommand = command('StartExecution');
