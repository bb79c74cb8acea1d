import type { Problem } from './validate';

/** An `ok: false` answer of the Web API. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly messages: string[] = [],
  ) {
    super(code);
  }

  /** In the words of Slack's `response_metadata.messages`. */
  static of(code: string, problems: Problem[]): ApiError {
    return new ApiError(
      code,
      problems.map(({ pointer, message }) => `[ERROR] ${message} [json-pointer:${pointer}]`),
    );
  }
}
