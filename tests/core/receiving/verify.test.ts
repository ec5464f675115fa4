import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { elementsSignature, standardSignature } from '../../../src/core/delivery/index.js';
import { type ReceiverSecrets, verify } from '../../../src/core/receiving/index.js';

const NOW = Date.UTC(2026, 10, 24, 3);
const SECONDS = NOW / 1000;
const body = Buffer.from('{"id":"n1","subject":"Grüße"}');
const [NEW, OLD] = [1, 2].map((byte) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`) as [string, string];

function check(headers: Record<string, string>, secrets: Partial<ReceiverSecrets>, bytes: Uint8Array = body) {
  return verify({
    headers,
    body: bytes,
    secrets: { signatureKey: null, signingSecrets: [], ...secrets },
    now: NOW,
    toleranceSeconds: 300,
  });
}

/** Signed by the independent library. */
function standard(secret: string, at = SECONDS, id = 'n1'): Record<string, string> {
  const signature = new Webhook(secret).sign(id, new Date(at * 1000), body.toString());
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature };
}

describe('the Elements signature', () => {
  it('holds for the vector of the old documentation', () => {
    const vector = {
      key: 'MySecretEventSignatureKey',
      bytes: Buffer.from('<INSERT_EVENT_NOTIFICATION_RESPONSE_BODY>'),
      headers: { 'elements-webhook-signature': 'sha256=jHdbRx5EZAsOfTwAPJOGkNUzQMVVdu5VJlxcsk+G6jQ=' },
    };
    const verdict = check(vector.headers, { signatureKey: vector.key }, vector.bytes);
    expect(verdict).toEqual({
      verified: true,
      elements: { result: 'valid', reason: null },
      standard: { result: 'unchecked', reason: null },
    });
    expect(check(vector.headers, { signatureKey: `${vector.key}x` }, vector.bytes).verified).toBe(false);
    expect(
      check(vector.headers, { signatureKey: vector.key }, Buffer.concat([vector.bytes, Buffer.from('\n')])),
    ).toMatchObject({ verified: false });
  });

  const right = elementsSignature('key', body);
  const hex = Buffer.from(right.slice(7), 'base64').toString('hex');
  it.each([
    ['is absent', undefined, 'missing', 'there is no'],
    ['is empty', ' ', 'missing', 'there is no'],
    ['lacks its prefix', right.slice(7), 'invalid', 'begin with sha256='],
    ['is hexadecimal', `sha256=${hex}`, 'invalid', 'hexadecimal'],
    ['is cut', right.slice(0, -1), 'invalid', 'not that of this body'],
    ['has letters beyond ASCII', right.replace('=', 'é'), 'invalid', 'sha256='],
    ['comes twice', `${right}, ${right}`, 'invalid', 'not that of this body'],
  ])('does not hold when it %s', (_what, given, result, reason) => {
    const headers = given === undefined ? {} : { 'elements-webhook-signature': given };
    const verdict = check(headers, { signatureKey: 'key' });
    expect(verdict).toMatchObject({ verified: false, elements: { result, reason: expect.stringContaining(reason) } });
    expect(JSON.stringify(verdict)).not.toContain(right.slice(7, 20));
  });
});

describe('the signature of Standard Webhooks', () => {
  it.each([
    ['signed by the library', standard(NEW), [NEW]],
    ['with the older of two secrets', standard(OLD), [NEW, OLD]],
    ['signed with two, of which one is known', twice([NEW, OLD]), [OLD]],
    [
      'beside a signature of another version',
      { ...standard(NEW), 'webhook-signature': `v1a,xyz ${standard(NEW)['webhook-signature']}` },
      [NEW],
    ],
    ['five minutes old', standard(NEW, SECONDS - 300), [NEW]],
    ['five minutes ahead', standard(NEW, SECONDS + 300), [NEW]],
  ])('holds %s', (_what, headers, signingSecrets) => {
    expect(check(headers, { signingSecrets })).toMatchObject({
      verified: true,
      elements: { result: 'unchecked' },
      standard: { result: 'valid', reason: null },
    });
  });

  it.each([
    ['is by another secret', standard(OLD), 'invalid', 'not that of this'],
    ['is of another id', { ...standard(NEW), 'webhook-id': 'n2' }, 'invalid', 'not that of this'],
    [
      'is of another time',
      { ...standard(NEW), 'webhook-timestamp': String(SECONDS + 1) },
      'invalid',
      'not that of this',
    ],
    ['has no time', { ...standard(NEW), 'webhook-timestamp': '' }, 'missing', 'no webhook-timestamp'],
    ['has no id', { ...standard(NEW), 'webhook-id': '' }, 'missing', 'no webhook-id'],
    ['is absent', { 'webhook-id': 'n1', 'webhook-timestamp': String(SECONDS) }, 'missing', 'no webhook-signature'],
    ['has a time that is none', { ...standard(NEW), 'webhook-timestamp': '1e9' }, 'invalid', 'no whole number'],
    ['lacks its version', { ...standard(NEW), 'webhook-signature': bare() }, 'invalid', 'not that of this'],
    ['is too old', standard(NEW, SECONDS - 301), 'invalid', '301 s old'],
    ['is too far ahead', standard(NEW, SECONDS + 301), 'invalid', '301 s ahead'],
  ])('does not hold when it %s', (_what, headers, result, reason) => {
    const verdict = check(headers, { signingSecrets: [NEW] });
    expect(verdict).toMatchObject({ verified: false, standard: { result, reason: expect.stringContaining(reason) } });
  });
});

describe('both', () => {
  const elements = { 'elements-webhook-signature': elementsSignature('key', body) };
  it.each([
    ['nothing to check by', {}, { ...elements, ...standard(NEW) }, null],
    ['both hold', { signatureKey: 'key', signingSecrets: [NEW] }, { ...elements, ...standard(NEW) }, true],
    ['one is missing', { signatureKey: 'key', signingSecrets: [NEW] }, elements, false],
    ['one is wrong', { signatureKey: 'key', signingSecrets: [NEW] }, { ...elements, ...standard(OLD) }, false],
    ['one is wrong that is not checked', { signatureKey: 'key' }, { ...elements, ...standard(OLD) }, true],
  ])('%s', (_what, secrets, headers, verified) => {
    expect(check(headers, secrets).verified).toBe(verified);
  });
});

function twice(secrets: string[]): Record<string, string> {
  return { ...standard(NEW), 'webhook-signature': standardSignature(secrets, 'n1', SECONDS, body) };
}

function bare(): string {
  return standard(NEW)['webhook-signature']?.replace('v1,', '') ?? '';
}
