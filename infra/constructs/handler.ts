import { Duration } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acceptWildcards } from '../accepted-findings';
import { aliases, mainFields } from '../bundle';

/** Where a function finds policy.yml: beside its code, which Lambda unpacks here. */
export const policyFile = '/var/task/policy.yml';

export interface HandlerProps {
  /** The entry that exports `handler`, from the root of the repository. */
  entry: `${string}.lambda.ts`;
  description: string;
  timeoutSeconds: number;
  memoryMb: number;
  environment: Record<string, string>;
  /** Everything that it may do, besides writing its own log. */
  statements: PolicyStatement[];
}

/** One Lambda function with a role and a log of its own, and policy.yml beside its code. */
export class Handler extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: HandlerProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', { retention: RetentionDays.SIX_MONTHS });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    for (const statement of props.statements) this.role.addToPolicy(statement);
    acceptWildcards(
      this.role,
      'Describe calls name no resource; executions are those of one machine.',
      props.statements,
    );

    this.function = new NodejsFunction(this, 'Function', {
      entry: props.entry,
      depsLockFilePath: 'package-lock.json',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      role: this.role,
      logGroup,
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
      bundling: {
        format: OutputFormat.CJS,
        mainFields,
        esbuildArgs: Object.fromEntries(Object.entries(aliases).map(([name, to]) => [`--alias:${name}`, to])),
        minify: true,
        sourceMap: true,
        sourcesContent: false,
        // The SDK that the tests ran with, not the one that the runtime happens to bring.
        bundleAwsSDK: true,
        commandHooks: {
          beforeBundling: () => [],
          beforeInstall: () => [],
          afterBundling: (input, output) => [`cp ${input}/policy.yml ${output}/policy.yml`],
        },
      },
    });
  }
}
