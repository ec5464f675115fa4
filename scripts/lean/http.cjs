/** undici asks node:http for these two alone: what Node's own messages are made of, which are never sent here, and the limit. */
module.exports = { IncomingMessage: class IncomingMessage {}, maxHeaderSize: 16_384 };
