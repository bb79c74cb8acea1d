// In the place of @slack/web-api's index.js, which hands on everything there is; this is what Bolt and we use of it.
module.exports = {
  ...require('@slack/web-api/dist/errors'),
  ...require('@slack/web-api/dist/WebClient'),
  ...require('./slack-instrument.js'),
  LogLevel: require('@slack/logger').LogLevel,
};
