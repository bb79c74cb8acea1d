/** One line of JSON for each thing worth knowing later. Never bodies, headers, tokens or secrets. */
export type Log = (level: 'info' | 'warn' | 'error', event: string, fields?: Record<string, unknown>) => void;

/** Where Lambda's runtime keeps the ids of the invocation at hand (@aws/lambda-invoke-store). */
interface Runtime {
  awslambda?: { InvokeStore?: { getRequestId(): string; getXRayTraceId(): string | undefined } };
}

/**
 * The lines of Powertools' logger, for the two functions that have no room for it (aws/telemetry.ts): the same words
 * for the same things. Not by `console`, before whose lines Lambda puts words of its own.
 */
export const jsonLog: Log = (level, event, { message: detail, ...fields } = {}) => {
  const store = (globalThis as Runtime).awslambda?.InvokeStore;
  const ids = store && { function_request_id: store.getRequestId(), xray_trace_id: store.getXRayTraceId() };
  const line = { level: level.toUpperCase(), message: event, ...ids, ...fields, detail };
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

/** What is worth writing down of something that was thrown. */
export function failure(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  const cause = error.cause instanceof Error ? { cause: `${error.cause.name}: ${error.cause.message}` } : {};
  return { error: error.name, message: error.message, stack: error.stack, ...cause };
}
