import { command, JsonClient, type JsonClientConfig } from './aws-json';

const service = { id: 'SECRETS_MANAGER', name: 'secretsmanager', target: 'secretsmanager', version: '1.1' } as const;

/** What is used of @aws-sdk/client-secrets-manager. */
export class SecretsManagerClient extends JsonClient {
  constructor(config: JsonClientConfig) {
    super(service, config, process.env);
  }
}

export const GetSecretValueCommand = command('GetSecretValue');
