import type { AsyncInvocations } from './async-invocations';
import { uuid } from './ids';
import { checkKey, parseBody, ServiceError } from './json';
import type { Answer, Incoming, Protocol, RefusalKind } from './service';

const path = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;

/** Lambda's own API, of which operators need one thing: to hand an event to a function once more (Invoke, Event). */
export class LambdaApi implements Protocol {
  readonly service = 'lambda';
  readonly #accessKeyId: string;
  readonly #functions: Readonly<Record<string, AsyncInvocations>>;
  #requests = 0;

  /** @param functions Those that take events, by their names. */
  constructor(accessKeyId: string, functions: Readonly<Record<string, AsyncInvocations>>) {
    this.#accessKeyId = accessKeyId;
    this.#functions = functions;
  }

  operation({ method, path: called }: Incoming): string {
    return method === 'POST' && path.test(called) ? 'Invoke' : 'unknown';
  }

  async answer(incoming: Incoming, operation: string): Promise<Answer> {
    try {
      checkKey(incoming, this.#accessKeyId);
      if (operation !== 'Invoke') throw new ServiceError('UnknownOperationException', '', 404);
      const name = decodeURIComponent(path.exec(incoming.path)?.[1] ?? '').replace(/^arn:.*:function:/, '');
      const invocations = Object.hasOwn(this.#functions, name) ? this.#functions[name] : undefined;
      if (invocations === undefined)
        throw new ServiceError('ResourceNotFoundException', `Function not found: ${name}`, 404);
      if (incoming.headers['x-amz-invocation-type'] !== 'Event')
        throw new ServiceError(
          'InvalidParameterValueException',
          'The sandbox takes events only: InvocationType Event.',
        );
      invocations.accept(parsed(incoming.body));
      return this.#answer(202, {});
    } catch (error) {
      if (error instanceof ServiceError) return this.#failure(error);
      throw error;
    }
  }

  refusal(kind: RefusalKind): Answer {
    return this.#failure(refusals[kind]());
  }

  /** REST: the error's type stands in a header. */
  #failure({ type, message, status }: ServiceError): Answer {
    const answer = this.#answer(status, { Type: 'User', Message: message });
    return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': type.split('#').at(-1) ?? type } };
  }

  #answer(status: number, body: object): Answer {
    this.#requests += 1;
    return {
      status,
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': uuid(`lambda request ${this.#requests}`) },
      body: status === 202 ? '' : JSON.stringify(body),
    };
  }
}

function parsed(body: string): unknown {
  try {
    return parseBody(body);
  } catch {
    throw new ServiceError('InvalidRequestContentException', 'Could not parse request body into json.');
  }
}

const refusals: Record<RefusalKind, () => ServiceError> = {
  throttle: () => new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429),
  '5xx': () => new ServiceError('ServiceException', 'Internal error', 500),
  'access-denied': () =>
    new ServiceError('AccessDeniedException', 'not authorized to perform: lambda:InvokeFunction', 403),
  'not-found': () => new ServiceError('ResourceNotFoundException', 'Function not found', 404),
  'wrong-state': () => new ServiceError('ResourceConflictException', 'The function is being updated.', 409),
  quota: () => new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429),
};
