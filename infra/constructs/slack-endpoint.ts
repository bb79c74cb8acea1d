import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FunctionUrlAuthType, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { accept } from '../accepted-findings';
import type { Options } from '../options';
import type { Keys } from './keys';

const path = '/slack/events';

export interface SlackEndpointProps {
  kind: Options['endpoint'];
  /** Slack's function. */
  whole: IFunction;
  /** The alias of it that Slack calls. */
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
  /** The longest that Slack waited for an answer in five minutes, cold starts included. */
  readonly latency: Metric;

  constructor(scope: Construct, id: string, props: SlackEndpointProps) {
    super(scope, id);
    const made = props.kind === 'function-url' ? this.#functionUrl(props) : this.#httpApi(props);
    this.url = made.url;
    this.latency = made.latency.with({ statistic: Stats.MAXIMUM, period: Duration.minutes(5) });
  }

  #functionUrl({ handler, whole }: SlackEndpointProps): { url: string; latency: Metric } {
    // Allows both lambda:InvokeFunctionUrl and, through the URL only, lambda:InvokeFunction: Lambda asks for the two.
    const { url } = handler.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    // By the function's name alone it is told for a URL of an alias too (Lambda: Monitoring function URLs).
    return { url: `${url}${path.slice(1)}`, latency: whole.metric('UrlRequestLatency') };
  }

  #httpApi({ handler, logRetentionDays, keys }: SlackEndpointProps): { url: string; latency: Metric } {
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
    return { url: `${api.apiEndpoint}${path}`, latency: api.metricLatency() };
  }
}
