import type { Socket } from 'node:net';

/** What Node's HTTP parser makes of a request that it gives up. */
interface BrokenRequest extends Error {
  code?: string;
}

const ANSWERS = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: '408 Request Timeout', message: 'the request did not come in time' }],
  ['HPE_HEADER_OVERFLOW', { status: '431 Request Header Fields Too Large', message: 'the headers are too large' }],
]);
const BROKEN = { status: '400 Bad Request', message: 'this is no HTTP request' };

/**
 * Answers a request that never reached a route, in the form of every other error, and ends its connection. Nothing of it is
 * logged: the raw bytes may hold secrets.
 */
export function answerBrokenRequest(error: BrokenRequest, socket: Socket, requestId: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, message } = ANSWERS.get(error.code ?? '') ?? BROKEN;
  const body = JSON.stringify({ message, requestId });
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Elements-Request-Id: ${requestId}`,
    'Elements-Error: true',
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // Once that is out: a slow client would keep its half open.
  socket.destroySoon();
}
