import { gmailErrorAnswer } from '../gmail/errors.js';
import type { Incoming } from '../http/incoming.js';
import { type Answer, googleErrorPage, type Reply } from '../http/reply.js';
import { oauthErrorAnswer } from '../oauth/errors.js';
import type { Fault } from '../types.js';
import { GMAIL_FAULTS } from './gmail-bodies.js';
import { TOKEN_FAULTS } from './token-bodies.js';

const DEFAULT_RETRY_SECONDS = 60;
/** A token that leads to the page it came with. */
const SAME_PAGE = '08812345678901234567';

/**
 * What the fault makes of a request. `right` gives the answer without the fault; it is not called when the fault stands
 * before it, so that a refused request changes nothing.
 */
export function faultyReply(
  fault: Fault,
  request: { incoming: Incoming; isOAuth: boolean; project: string; now: number },
  right: (incoming: Incoming) => Answer,
): Reply {
  const { incoming } = request;
  switch (fault.kind) {
    case 'hang':
    case 'reset':
      return { kind: fault.kind };
    case 'html502':
      return withRetryAfter(
        googleErrorPage(502, 'The server encountered a temporary error and could not complete your request.'),
        fault,
      );
    case 'slow':
      return right(incoming);
    case 'emptyBody':
      return { ...right(incoming), body: Buffer.alloc(0) };
    case 'truncatedJson': {
      const answer = right(incoming);
      return { ...answer, body: answer.body.subarray(0, Math.floor(answer.body.length / 2)) };
    }
    case 'unknownField':
      return rewritten(right(incoming), (value) => withUnknownField(value) as Record<string, unknown>);
    case 'repeatPageToken': {
      const query = new URLSearchParams(incoming.query);
      query.delete('pageToken');
      return rewritten(right({ ...incoming, query }), (page) => ({ ...page, nextPageToken: SAME_PAGE }));
    }
    default:
      return withRetryAfter(refusal(fault, request), fault);
  }
}

function refusal(fault: Fault, request: { isOAuth: boolean; project: string; now: number }): Answer {
  const retryAt = request.now + (fault.retryAfterSeconds ?? DEFAULT_RETRY_SECONDS) * 1000;
  const token = TOKEN_FAULTS[fault.kind];
  if (request.isOAuth && token !== undefined) return oauthErrorAnswer(token());
  const gmail = GMAIL_FAULTS[fault.kind];
  if (gmail === undefined) throw new Error(`no body for ${fault.kind}`);
  return gmailErrorAnswer(gmail({ retryAt, project: request.project }));
}

function withRetryAfter(answer: Answer, fault: Fault): Answer {
  if (fault.header !== true) return answer;
  const seconds = String(fault.retryAfterSeconds ?? DEFAULT_RETRY_SECONDS);
  return { ...answer, headers: { ...answer.headers, 'Retry-After': seconds } };
}

/** Changes the JSON of a good answer; an error stays as it is. */
function rewritten(answer: Answer, change: (body: Record<string, unknown>) => Record<string, unknown>): Answer {
  if (answer.status !== 200 || !answer.headers['Content-Type']?.startsWith('application/json')) return answer;
  const body = change(JSON.parse(answer.body.toString()) as Record<string, unknown>);
  return { ...answer, body: Buffer.from(JSON.stringify(body)) };
}

function withUnknownField(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnknownField);
  if (value === null || typeof value !== 'object') return value;
  const inner = Object.entries(value).map(([name, under]) => [name, withUnknownField(under)]);
  return { ...Object.fromEntries(inner), futureField: { kind: 'not known yet', values: [1, null] } };
}
