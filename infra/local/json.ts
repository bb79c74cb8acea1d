import type { z } from 'zod';
import type { ServiceName } from './faults';
import { uuid } from './ids';
import type { Answer, Incoming, Protocol, RefusalKind } from './service';

/** A refusal in the service's own words: `{"__type": "<namespace>#<type>", "message"}` with its status. */
export class ServiceError extends Error {
  readonly type: string;
  readonly status: number;
  /** Value of x-amzn-query-error (SQS), which gives clients of the older protocol the code that they know. */
  readonly queryError: string | undefined;

  constructor(type: string, message: string, status = 400, queryError?: string) {
    super(message);
    this.type = type;
    this.status = status;
    this.queryError = queryError;
  }
}

export interface Dialect {
  /** Before the dot of X-Amz-Target. */
  target: string;
  version: '1.0' | '1.1';
  /** Before the # of __type. */
  namespace: string;
}

export type Operation = (body: unknown, incoming: Incoming) => object | Promise<object>;

/** As the protocol writes it: bytes in base64. */
export function wireText(value: object): string {
  return JSON.stringify(value, (_, one: unknown) =>
    one instanceof Uint8Array ? Buffer.from(one).toString('base64') : one,
  );
}

/** An operation whose parameters are checked first; one that the sandbox does not know is refused, never ignored. */
export function operation<T extends z.ZodType>(
  parameters: T,
  run: (input: z.output<T>, incoming: Incoming) => object | Promise<object>,
): Operation {
  return (body, incoming) => {
    const parsed = parameters.safeParse(body);
    if (!parsed.success) throw new ServiceError('ValidationException', problems(parsed.error));
    return run(parsed.data, incoming);
  };
}

/** What the AWS JSON protocols 1.0 and 1.1 have in common: target header, key check, shapes of answers and errors. */
export abstract class JsonService implements Protocol {
  abstract readonly service: ServiceName;
  protected abstract readonly dialect: Dialect;
  protected abstract readonly operations: Readonly<Record<string, Operation>>;
  readonly #accessKeyId: string;
  #requests = 0;

  constructor(accessKeyId: string) {
    this.#accessKeyId = accessKeyId;
  }

  protected abstract refuse(kind: RefusalKind, operation: string): ServiceError;

  operation(incoming: Incoming): string {
    return targetOperation(incoming);
  }

  async answer(incoming: Incoming, operation: string): Promise<Answer> {
    try {
      checkKey(incoming, this.#accessKeyId);
      const known = incoming.headers['x-amz-target'] === `${this.dialect.target}.${operation}`;
      const run = known && Object.hasOwn(this.operations, operation) ? this.operations[operation] : undefined;
      if (run === undefined) throw unknownOperation();
      return jsonAnswer(this.dialect, 200, await run(parseBody(incoming.body), incoming), this.#requestId());
    } catch (error) {
      if (error instanceof ServiceError) return this.#failure(error);
      throw error;
    }
  }

  refusal(kind: RefusalKind, operation: string): Answer {
    return this.#failure(this.refuse(kind, operation));
  }

  #failure(error: ServiceError): Answer {
    return errorAnswer(this.dialect, error, this.#requestId());
  }

  #requestId(): string {
    this.#requests += 1;
    return uuid(`${this.service} request ${this.#requests}`);
  }
}

export function jsonAnswer(dialect: Dialect, status: number, body: object, requestId: string): Answer {
  return {
    status,
    headers: { 'content-type': `application/x-amz-json-${dialect.version}`, 'x-amzn-requestid': requestId },
    body: JSON.stringify(body),
  };
}

export function errorAnswer(dialect: Dialect, error: ServiceError, requestId: string): Answer {
  const __type = error.type.includes('#') ? error.type : `${dialect.namespace}#${error.type}`;
  const answer = jsonAnswer(dialect, error.status, { __type, message: error.message }, requestId);
  if (error.queryError === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'x-amzn-query-error': error.queryError } };
}

/** AWS: "The security token included in the request is invalid", which clients never try again. */
export function checkKey(incoming: Incoming, accessKeyId: string, status = 403): void {
  const authorization = String(incoming.headers.authorization ?? '');
  const given = /Credential=([^/,\s]+)\//.exec(authorization)?.[1];
  if (given === undefined)
    throw new ServiceError(
      'com.amazon.coral.service#MissingAuthenticationTokenException',
      'Request is missing Authentication Token',
      status,
    );
  if (given !== accessKeyId)
    throw new ServiceError(
      'com.amazon.coral.service#UnrecognizedClientException',
      'The security token included in the request is invalid.',
      status,
    );
}

/** The operation that X-Amz-Target names. */
export function targetOperation(incoming: Incoming): string {
  return /\.([^.]*)$/.exec(String(incoming.headers['x-amz-target'] ?? ''))?.[1] ?? 'unknown';
}

function unknownOperation(): ServiceError {
  return new ServiceError('com.amazon.coral.service#UnknownOperationException', '', 400);
}

export function parseBody(body: string): unknown {
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch {
    throw new ServiceError('com.amazon.coral.service#SerializationException', 'The request is not valid JSON.');
  }
}

function problems(error: z.ZodError): string {
  const each = error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`);
  return `${each.length} validation error${each.length === 1 ? '' : 's'} detected: ${each.join('; ')}`;
}

/** Dates of the JSON protocols are seconds since the epoch. */
export function seconds(ms: number): number {
  return ms / 1000;
}
