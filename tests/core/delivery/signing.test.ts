import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { elementsSignature, standardSignature } from '../../../src/core/delivery/signing.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('elementsSignature', () => {
  it("is the old service's own example", () => {
    const body = bytes('<INSERT_EVENT_NOTIFICATION_RESPONSE_BODY>');
    expect(elementsSignature('MySecretEventSignatureKey', body)).toBe(
      'sha256=jHdbRx5EZAsOfTwAPJOGkNUzQMVVdu5VJlxcsk+G6jQ=',
    );
  });
});

describe('standardSignature', () => {
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  const other = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
  const body = bytes('{"a":"ü"}');
  const now = Math.floor(Date.now() / 1000);

  function verify(by: string, signature: string, id = 'n1'): unknown {
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(now), 'webhook-signature': signature };
    return new Webhook(by).verify(Buffer.from(body).toString('utf8'), headers);
  }

  it('verifies with the independent library', () => {
    expect(verify(secret, standardSignature([secret], 'n1', now, body))).toEqual({ a: 'ü' });
  });

  it('verifies with either secret during a rotation', () => {
    const signature = standardSignature([secret, other], 'n1', now, body);
    expect(verify(secret, signature)).toEqual({ a: 'ü' });
    expect(verify(other, signature)).toEqual({ a: 'ü' });
  });

  it('does not verify for another id or another secret', () => {
    const signature = standardSignature([secret], 'n1', now, body);
    expect(() => verify(secret, signature, 'n2')).toThrow();
    expect(() => verify(other, signature)).toThrow();
  });

  it('is what the independent library signs', () => {
    const theirs = new Webhook(secret).sign('n1', new Date(now * 1000), Buffer.from(body).toString('utf8'));
    expect(standardSignature([secret], 'n1', now, body)).toBe(theirs);
  });
});
