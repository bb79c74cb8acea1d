/** One structured line per event: a static message, data in fields, never a token or a secret. */
export type Log = (line: Record<string, unknown>) => void;

export const jsonLog: Log = (line) => {
  console.log(JSON.stringify({ level: 'info', ...line }));
};
