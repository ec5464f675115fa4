import { isObject } from './body.js';

/** What an error answer of Gmail says, wherever it says it: errors[] and details[] are each missing at times. */
export interface ErrorBody {
  /** errors[].reason, ErrorInfo.reason of details[], and the status text. */
  reasons: string[];
  message: string;
  /** Where the API can be switched on; only Google's own address. */
  activationUrl: string | null;
}

/** null when the text is no error of Gmail's: a proxy's page, say, whose 404 must not pass for an expired history. */
export function readErrorBody(text: string): ErrorBody | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  const error = isObject(body) ? body['error'] : null;
  if (!isObject(error)) return null;
  const errors = objects(error['errors']);
  const infos = objects(error['details']).filter((detail) => /ErrorInfo$/.test(String(detail['@type'])));
  const reasons = [...errors.map(({ reason }) => reason), ...infos.map(({ reason }) => reason), error['status']];
  const message = [error['message'], ...errors.map((inner) => inner['message'])].find(isText) ?? '';
  const metadata = infos.map((info) => info['metadata']).filter(isObject);
  const activation = metadata.map(({ activationUrl }) => activationUrl).find(isText) ?? '';
  return {
    reasons: [...new Set(reasons.filter(isText))],
    message,
    activationUrl: /^https:\/\/console\.(developers|cloud)\.google\.com\/\S+$/.test(activation) ? activation : null,
  };
}

function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
