/** What the product uses of undici; what a proxy needs is loaded when there is one. */
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');

Object.assign(Dispatcher.prototype, { request: require('undici/lib/api/api-request.js') });

module.exports = {
  Agent: require('undici/lib/dispatcher/agent.js'),
  buildConnector: require('undici/lib/core/connect.js'),
  get EnvHttpProxyAgent() {
    return require('undici/lib/dispatcher/env-http-proxy-agent.js');
  },
};
