// In the place of @slack/web-api's instrument.js: who calls, without what only a workstation has to tell.
const { name, version } = require('@slack/web-api/package.json');

module.exports = {
  addAppMetadata: () => undefined,
  getUserAgent: () => `${name.replace('/', ':')}/${version} node/${process.version.slice(1)} ${process.platform}`,
};
