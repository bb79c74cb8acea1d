import { spawnSync } from 'node:child_process';
import { AssetHashType, DockerImage, Duration } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acceptWildcards } from '../accepted-findings';
import { policyFileName } from '../bundle';

/** Where a function finds the policy: beside its code, which Lambda unpacks here. */
export const policyFile = `/var/task/${policyFileName}`;

export interface HandlerProps {
  /** The entry that exports `handler`, from the root of the repository. */
  entry: `${string}.lambda.ts`;
  description: string;
  timeoutSeconds: number;
  memoryMb: number;
  logRetentionDays: RetentionDays;
  environment: Record<string, string>;
  /** Everything that it may do, besides writing its own log. */
  statements: PolicyStatement[];
}

/** One Lambda function with a role and a log of its own, and the policy beside its code. */
export class Handler extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: HandlerProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', { retention: props.logRetentionDays });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    for (const statement of props.statements) this.role.addToPolicy(statement);
    acceptWildcards(
      this.role,
      'Describe calls name no resource; executions are those of one machine.',
      props.statements,
    );

    this.function = new LambdaFunction(this, 'Function', {
      code: bundled(props.entry),
      handler: 'index.handler',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      role: this.role,
      logGroup,
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
    });
  }
}

/** Made by `npm run build`'s own means, in a process of its own: CDK waits for no promise. */
function bundled(entry: string): Code {
  const tryBundle = (folder: string): boolean => {
    const command = ['--import', 'tsx', 'infra/build.ts', entry, folder];
    const { status } = spawnSync(process.execPath, command, { stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) throw new Error(`${entry} cannot be bundled: see above.`);
    return true;
  };
  return Code.fromAsset('.', {
    assetHashType: AssetHashType.OUTPUT,
    // Never used: bundling is done here, or it fails.
    bundling: { image: DockerImage.fromRegistry('none'), local: { tryBundle } },
  });
}
