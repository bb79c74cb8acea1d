// In the place of @slack/logger, whose console nobody writes to: our functions bring a logger (bot/slack-client.ts).
module.exports = { LogLevel: { ERROR: 'error', WARN: 'warn', INFO: 'info', DEBUG: 'debug' } };
