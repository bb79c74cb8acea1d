import { createHash } from 'node:crypto';

const head = 'AQCkAAAAKgAAAAMAAAAA';

/** Task tokens are opaque to their holders; ours carry the execution and a number, and a digest against typing errors. */
export function makeToken(executionArn: string, number: number): string {
  const text = `${executionArn}|${number}`;
  return head + Buffer.from(`${text}|${digest(text)}`).toString('base64');
}

/** The execution of a token, or undefined for what was never a token. */
export function executionOf(token: string): string | undefined {
  if (!token.startsWith(head)) return undefined;
  const text = Buffer.from(token.slice(head.length), 'base64').toString('utf8');
  const [arn, number, check] = text.split('|');
  return arn !== undefined && check === digest(`${arn}|${number}`) ? arn : undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
