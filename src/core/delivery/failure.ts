import { RefusedAddressError } from './connect.js';

const SENTENCES: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  UND_ERR_SOCKET: 'the connection was closed before the answer was complete',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the connection was closed before the answer was complete',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host is unreachable',
  ENETUNREACH: 'the network is unreachable',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too long',
  CERT_HAS_EXPIRED: 'the TLS certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the TLS certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the TLS certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the TLS certificate cannot be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the TLS certificate cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the TLS certificate is for another host',
};

const TIMEOUTS = new Set(['TimeoutError', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'ERR_SOCKET_CONNECTION_TIMEOUT']);

/** One short sentence for what went wrong on the way. Never the error's own text, but for a refused address: texts of others may quote a URL. */
export function failureSentence(error: unknown, timeoutSeconds: number): string {
  if (error instanceof RefusedAddressError) return error.message;
  const code = codeOf(error);
  if (TIMEOUTS.has(code)) return `no complete answer within ${timeoutSeconds} s`;
  if (code.startsWith('HPE_') || code === 'HTTPParserError') return 'the answer is not HTTP';
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return 'TLS failed: the other side may not speak https';
  return SENTENCES[code] ?? `the request failed (${code})`;
}

/** Read by its form: undici's errors, DOMExceptions and Node's own have no class in common. */
function codeOf(error: unknown): string {
  const { name, code, cause } = Object(error) as { name?: unknown; code?: unknown; cause?: unknown };
  if (name === 'TimeoutError') return name;
  if (typeof code === 'string' && code !== '') return code;
  if (cause !== undefined) return codeOf(cause);
  return typeof name === 'string' ? name : 'unknown';
}

/** The sentence for an answer that is not a success. */
export function statusSentence(status: number): string {
  if (status >= 300 && status < 400) return `HTTP ${status}: redirects are not followed`;
  if (status === 410) return 'HTTP 410: the receiver is gone';
  return `HTTP ${status}`;
}
