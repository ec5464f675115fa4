/** undici asserts all along, and hardly ever fails to: node:assert is loaded to say so when it does. */
module.exports = function assert(value, message) {
  if (!value) require('node:assert')(value, message);
};
