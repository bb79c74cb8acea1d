// In the place of p-retry: our Slack clients repeat nothing (bot/slack-client.ts).
class AbortError extends Error {
  constructor(reason) {
    super(reason instanceof Error ? reason.message : reason);
    this.name = 'AbortError';
    this.originalError = reason instanceof Error ? reason : new Error(reason);
  }
}

/** As p-retry without retries: what was thrown, or what an AbortError carries. */
async function once(work) {
  try {
    return await work(1);
  } catch (error) {
    throw error instanceof AbortError ? error.originalError : error;
  }
}

module.exports = { __esModule: true, default: once, AbortError };
