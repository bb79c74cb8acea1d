import { type FetchFunction, type Logger, LogLevel, type WebClientOptions } from '@slack/web-api';
import type { Log } from '../orchestrator/log';

/** Slack's own libraries log through ours: what they warn of, and never what they were sent. */
export function quietLogger(log: Log): Logger {
  const written =
    (level: 'warn' | 'error') =>
    (...words: unknown[]) =>
      log(level, 'slack-library', { message: words.filter((word) => typeof word === 'string').join(' ') });
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: written('warn'),
    error: written('error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}

/**
 * How long one call may take, and no retries of the client's own: it would sleep through a Lambda's time, for half an
 * hour by default, and hold back all calls after a 429.
 */
export function clientOptions(apiUrl: string | undefined, timeoutMs: number, logger: Logger): WebClientOptions {
  const fetchInTime: FetchFunction = (url, init) =>
    fetch(url, { ...init, signal: init?.signal ?? AbortSignal.timeout(timeoutMs) });
  return {
    ...(apiUrl && { slackApiUrl: apiUrl }),
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    // Answers to a response_url go through it as well, and those have no time limit of their own.
    fetch: fetchInTime,
    logger,
  };
}
