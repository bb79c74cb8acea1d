import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RDSClient } from '@aws-sdk/client-rds';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { RdsDatabases } from '../../orchestrator/aws/databases';
import { type Problem, problem, type Told, told } from './step';

/** The account as whoever sets Trapheus up sees it, with his own credentials. */
export interface Cloud {
  identity(): Promise<Told<{ account: string; arn: string; region: string }>>;
  /** The outputs of a stack by their names; undefined: there is no such stack. */
  outputs(stackName: string): Promise<Told<Record<string, string> | undefined>>;
  readSecret(id: string): Promise<Told<string>>;
  /** The value before this one stays readable as AWSPREVIOUS (Secrets Manager: PutSecretValue). */
  putSecret(id: string, value: string): Promise<Told<undefined>>;
  tableStatus(name: string): Promise<Told<string>>;
  machineStatus(arn: string): Promise<Told<string>>;
  /** Instances and clusters. */
  databaseNames(): Promise<Told<string[]>>;
}

/** The clients take Region, credentials and endpoints where the AWS CLI and the CDK take them. */
export class AwsCloud implements Cloud {
  readonly #cloudFormation = new CloudFormationClient();
  readonly #dynamodb = new DynamoDBClient();
  readonly #rds = new RDSClient();
  readonly #secrets = new SecretsManagerClient();
  readonly #sfn = new SFNClient();
  readonly #sts = new STSClient();

  identity(): Promise<Told<{ account: string; arn: string; region: string }>> {
    return attempt(async () => {
      const { Account = '', Arn = '' } = await this.#sts.send(new GetCallerIdentityCommand());
      return { account: Account, arn: Arn, region: await this.#sts.config.region() };
    });
  }

  outputs(stackName: string): Promise<Told<Record<string, string> | undefined>> {
    return attempt(async () => {
      const { Stacks = [] } = await this.#cloudFormation
        .send(new DescribeStacksCommand({ StackName: stackName }))
        .catch((error: unknown) => {
          // CloudFormation has no name of its own for this (DescribeStacks: "a ValidationError is returned").
          const isMissing = error instanceof Error && /does not exist/.test(error.message);
          if (isMissing) return { Stacks: [] };
          throw error;
        });
      const [stack] = Stacks;
      return (
        stack &&
        Object.fromEntries(
          (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
        )
      );
    });
  }

  readSecret(id: string): Promise<Told<string>> {
    return attempt(async () => {
      const { SecretString = '' } = await this.#secrets.send(new GetSecretValueCommand({ SecretId: id }));
      return SecretString;
    });
  }

  putSecret(id: string, value: string): Promise<Told<undefined>> {
    return attempt(async () => {
      await this.#secrets.send(new PutSecretValueCommand({ SecretId: id, SecretString: value }));
      return undefined;
    });
  }

  tableStatus(name: string): Promise<Told<string>> {
    return attempt(async () => {
      const { Table } = await this.#dynamodb.send(new DescribeTableCommand({ TableName: name }));
      return Table?.TableStatus ?? 'unknown';
    });
  }

  machineStatus(arn: string): Promise<Told<string>> {
    return attempt(async () => {
      const { status } = await this.#sfn.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
      return status ?? 'unknown';
    });
  }

  databaseNames(): Promise<Told<string[]>> {
    return attempt(async () => {
      const databases = await new RdsDatabases(this.#rds, { now: Date.now }).all();
      return databases.map(({ name }) => name);
    });
  }
}

async function attempt<T>(call: () => Promise<T>): Promise<Told<T>> {
  try {
    return told(await call());
  } catch (error) {
    return refused(error);
  }
}

const signIn = 'Sign in as for the AWS CLI (aws sso login, or AWS_PROFILE), then try again.';
/** By name, as the SDK throws them. */
const known: Record<string, (said: string) => Problem> = {
  CredentialsProviderError: () => problem('No AWS credentials were found.', signIn),
  ExpiredToken: () => problem('The AWS credentials have expired.', signIn),
  ExpiredTokenException: () => problem('The AWS credentials have expired.', signIn),
  UnrecognizedClientException: () => problem('AWS does not know these credentials.', signIn),
  InvalidClientTokenId: () => problem('AWS does not know these credentials.', signIn),
  AccessDenied: (said) => problem(`AWS refused: ${said}`, 'Use credentials that may do this.'),
  AccessDeniedException: (said) => problem(`AWS refused: ${said}`, 'Use credentials that may do this.'),
  ResourceNotFoundException: (said) =>
    problem(`AWS does not find it: ${said}`, 'Deploy again: npm run setup -- deploy'),
  StateMachineDoesNotExist: (said) => problem(`AWS does not find it: ${said}`, 'Deploy again: npm run setup -- deploy'),
};

function refused(error: unknown): Problem {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (/region is missing/i.test(message))
    return problem('No AWS Region is chosen.', 'Set AWS_REGION, or a Region in your AWS profile.');
  return known[name]?.(message) ?? problem(`AWS did not answer as expected: ${message}`, 'Try this step again.');
}
