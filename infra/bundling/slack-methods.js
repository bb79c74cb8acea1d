// In the place of @slack/web-api's methods.js, which binds all of Slack's methods, several hundred, for every client.
const { EventEmitter } = require('eventemitter3');

/** `client.chat.postMessage(…)` is `client.apiCall('chat.postMessage', …)`, and so is every method. */
class Methods extends EventEmitter {
  constructor() {
    super();
    for (const family of [
      'api',
      'assistant',
      'auth',
      'chat',
      'conversations',
      'functions',
      'usergroups',
      'users',
      'views',
    ])
      this[family] = methods(this, family);
  }
}

function methods(client, path) {
  return new Proxy(() => undefined, {
    get: (_, name) => (typeof name === 'string' ? methods(client, `${path}.${name}`) : undefined),
    apply: (_, __, options) => client.apiCall(path, ...options),
  });
}

module.exports = { Methods };
