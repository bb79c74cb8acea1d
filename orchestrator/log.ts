/** One line of JSON for each thing worth knowing later. Never bodies, headers, tokens or secrets. */
export type Log = (level: 'info' | 'warn' | 'error', event: string, fields?: Record<string, unknown>) => void;

export const jsonLog: Log = (level, event, fields = {}) => {
  console.log(JSON.stringify({ level, event, ...fields }));
};

/** What is worth writing down of something that was thrown. */
export function failure(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  const cause = error.cause instanceof Error ? { cause: `${error.cause.name}: ${error.cause.message}` } : {};
  return { error: error.name, message: error.message, stack: error.stack, ...cause };
}
