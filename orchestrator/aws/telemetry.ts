import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Log } from '../log';
import type { Meter } from '../measures';

export interface Telemetry {
  log: Log;
  meter: Meter;
  /** Every line from here on carries this invocation's request id, and whether the function has just started. */
  begin(context: unknown): void;
}

/**
 * Logs and figures by AWS Lambda Powertools: one line of JSON each, with the service, the request and the trace, and
 * figures in CloudWatch's Embedded Metric Format, which costs no call. The service and the namespace are those of
 * POWERTOOLS_SERVICE_NAME and POWERTOOLS_METRICS_NAMESPACE (Powertools for AWS Lambda: Environment variables).
 */
export function telemetry(): Telemetry {
  const logger = new Logger();
  const metrics = new Metrics();
  return {
    // `message` is the event's own field in a line of Powertools.
    log: (level, event, { message, ...fields } = {}) =>
      logger[level](event, { ...fields, ...(message !== undefined && { detail: message }) }),
    meter: (measures) => {
      for (const { name, unit, value, dimensions } of measures) {
        const single = metrics.singleMetric();
        for (const [key, word] of Object.entries(dimensions)) single.addDimension(key, word);
        single.addMetric(name, unit, value);
      }
    },
    // Lambda hands every invocation its context.
    begin: (context) => logger.addContext(context as Context),
  };
}

/** A handler that is made when it is first called, with its telemetry; every call begins with its own context. */
export function watched<Event, Context, Answer>(
  make: (telemetry: Telemetry) => (event: Event, context: Context) => Answer,
): (event: Event, context: Context) => Answer {
  let made: { telemetry: Telemetry; handler: ReturnType<typeof make> } | undefined;
  return (event, context) => {
    if (made === undefined) {
      const own = telemetry();
      made = { telemetry: own, handler: make(own) };
    }
    made.telemetry.begin(context);
    return made.handler(event, context);
  };
}
