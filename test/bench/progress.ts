/** How far it is, for who waits; on stderr, so that stdout keeps its bytes. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
