import { spawnSync } from 'node:child_process';
import { AssetHashType, DockerImage, Duration, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { accept, acceptWildcards } from '../accepted-findings';
import { policyFileName } from '../bundle';
import type { Options } from '../options';
import type { Keys } from './keys';
import { minute, ring } from './ring';

/** Where a function finds the policy: beside its code, which Lambda unpacks here. */
export const policyFile = `/var/task/${policyFileName}`;

export interface HandlerProps {
  /** The entry that exports `handler`, from the root of the repository. */
  entry: `${string}.lambda.ts`;
  description: string;
  timeoutSeconds: number;
  memoryMb: number;
  logRetentionDays: RetentionDays;
  keys: Keys;
  vpc: Options['vpc'];
  environment: Record<string, string>;
  /** Everything that it may do, besides writing its own log. */
  statements: PolicyStatement[];
}

/** One Lambda function with a role and a log of its own, and the policy beside its code. */
export class Handler extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, props: HandlerProps) {
    super(scope, id);
    this.log = new LogGroup(this, 'Log', { retention: props.logRetentionDays, ...props.keys.kept() });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.log.grantWrite(this.role);
    const statements = [...props.statements, ...props.keys.use()];
    acceptWildcards(
      this.role,
      'Lists of databases are authorised on every name of their type; executions are those of one machine.',
      statements,
    );
    const everywhere = [trace(), ...(props.vpc ? inNetwork() : [])];
    const why = 'X-Ray knows no resources, and Lambda asks for the rights to network interfaces on every resource.';
    acceptWildcards(this.role, why, everywhere);
    for (const statement of [...statements, ...everywhere]) this.role.addToPolicy(statement);

    const useOfKey = ['IAM5[Action::kms:GenerateDataKey*]', 'IAM5[Action::kms:ReEncrypt*]'];
    accept(this.role, 'The library’s grant of the one key that the queues have.', ...useOfKey);

    this.function = new LambdaFunction(this, 'Function', {
      code: bundled(props.entry),
      handler: 'index.handler',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      role: this.role,
      logGroup: this.log,
      tracing: Tracing.ACTIVE,
      environment: {
        ...props.environment,
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: id.toLowerCase(),
        // Several stacks of an account keep their figures apart.
        POWERTOOLS_METRICS_NAMESPACE: Stack.of(this).stackName,
      },
    });
    // By their ids alone: the library wants to know the whole network, and would have to ask AWS for it.
    if (props.vpc) (this.function.node.defaultChild as CfnFunction).vpcConfig = props.vpc;
    ring(this, 'Failing', 'function-failing', { metric: this.function.metricErrors(minute), periods: 2 });
  }
}

/** X-Ray: "AWSXRayDaemonWriteAccess"; it knows no resources. */
function trace(): PolicyStatement {
  return new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] });
}

/**
 * Lambda: "Giving Lambda functions access to resources in an Amazon VPC". The service needs these rights, and our code
 * never does: so it is denied them.
 */
function inNetwork(): PolicyStatement[] {
  const actions = [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ];
  return [
    new PolicyStatement({ actions, resources: ['*'] }),
    new PolicyStatement({
      effect: Effect.DENY,
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
      conditions: { ArnLike: { 'lambda:SourceFunctionArn': '*' } },
    }),
  ];
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
    bundling: {
      // Never used: bundling is done here, or it fails.
      image: DockerImage.fromRegistry('none'),
      local: { tryBundle },
      // The CDK bundles anew only what it can tell apart, and it leaves functions out of that: without this every function
      // of the stack would be given the code of the first.
      command: [entry],
    },
  });
}
