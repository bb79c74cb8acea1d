import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { FunctionUrlAuthType, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { accept } from '../accepted-findings';
import type { Options } from '../options';
import type { Keys } from './keys';

const path = '/slack/events';

export interface SlackEndpointProps {
  kind: Options['endpoint'];
  handler: IFunction;
  logRetentionDays: RetentionDays;
  keys: Keys;
}

/**
 * The one address that Slack calls. It is open to the internet; whoever calls proves to be Slack by signing the body,
 * which the function checks before it reads it. Both kinds hand over the same event (payload format 2.0).
 */
export class SlackEndpoint extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: SlackEndpointProps) {
    super(scope, id);
    this.url = props.kind === 'function-url' ? this.#functionUrl(props.handler) : this.#httpApi(props);
  }

  #functionUrl(handler: IFunction): string {
    // Allows both lambda:InvokeFunctionUrl and, through the URL only, lambda:InvokeFunction: Lambda asks for the two.
    const { url } = handler.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    return `${url}${path.slice(1)}`;
  }

  #httpApi({ handler, logRetentionDays, keys }: SlackEndpointProps): string {
    const api = new HttpApi(this, 'Api', { createDefaultStage: false });
    api.addRoutes({ path, methods: [HttpMethod.POST], integration: new HttpLambdaIntegration('Handler', handler) });
    accept(
      api,
      'Slack signs its requests and cannot authorise in another way; the function checks the signature.',
      'APIG4',
    );
    const destination = new LogGroupLogDestination(
      new LogGroup(this, 'AccessLog', {
        retention: logRetentionDays,
        removalPolicy: RemovalPolicy.DESTROY,
        ...keys.kept(),
      }),
    );
    new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destination, format: AccessLogFormat.clf() },
    });
    return `${api.apiEndpoint}${path}`;
  }
}
