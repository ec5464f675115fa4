import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accountKey, isAccountKey, mailboxOfKey } from '../../src/store/documents/names.js';

describe('the name of an account’s file', () => {
  it.each([
    ['a.b@x.com', '12-abc.apps.googleusercontent.com', 'a.b@x.com~12-abc.apps.googleusercontent.com'],
    ['a_b@x.com', 'c', 'a_5fb@x.com~c'],
    ['A.B@X.com', 'c', 'a.b@x.com~c'],
    ['a+b@x.com', 'C', 'a_2bb@x.com~_43'],
    ['.a@x.com', '..', '_2ea@x.com~_2e.'],
    ['../../etc/passwd', '/', '_2e._2f.._2fetc_2fpasswd~_2f'],
    ['ü@x.com', 'c~d', '_c3_bc@x.com~c_7ed'],
    ['', '', '~'],
  ])('%s through %s is %s', (email, clientId, name) => {
    expect(accountKey(email, clientId)).toBe(name);
  });

  it.each([
    ['a.b@x.com', 'a_b@x.com'],
    ['ab@x.com', 'a.b@x.com'],
    ['a+b@x.com', 'ab@x.com'],
    ['a_2bb@x.com', 'a+b@x.com'],
  ])('of %s is not that of %s', (one, other) => {
    expect(accountKey(one, 'c')).not.toBe(accountKey(other, 'c'));
  });

  it('tells mailbox and client apart wherever the border is', () => {
    expect(accountKey('a~b', 'c')).not.toBe(accountKey('a', 'b~c'));
    expect(accountKey('ab', 'c')).not.toBe(accountKey('a', 'bc'));
  });

  it('of long ones is short, and still another for each', () => {
    const long = 'x'.repeat(400);
    const names = [accountKey(long, 'c'), accountKey(`${long}y`, 'c'), accountKey(long, 'd'), accountKey('a', long)];
    expect(new Set(names).size).toBe(4);
    for (const name of names) {
      expect(name.length).toBeLessThanOrEqual(100);
      expect(isAccountKey(name)).toBe(true);
    }
  });

  it('is injective, safe everywhere, and the same on a file system without upper case', () => {
    const part = fc.oneof(fc.string({ maxLength: 60 }), fc.stringMatching(/^[A-Ca-c._~@-]{0,6}$/));
    const pairs = fc.tuple(part, part);
    fc.assert(
      fc.property(pairs, pairs, ([email, client], [otherEmail, otherClient]) => {
        const name = accountKey(email, client);
        const other = accountKey(otherEmail, otherClient);
        const same = email.toLowerCase() === otherEmail.toLowerCase() && client === otherClient;
        expect(name.toLowerCase() === other.toLowerCase()).toBe(same);
        expect(isAccountKey(name) || name.startsWith('~')).toBe(true);
      }),
    );
  });

  it.each(['a.b@x.org', 'a_b+c@x.org', 'grüße@example.com', '.dot@x.org', 'A@X.ORG'])(
    'tells the mailbox %s again',
    (email) => {
      expect(mailboxOfKey(accountKey(email, 'client-1.apps'))).toBe(email.toLowerCase());
    },
  );

  it('tells the beginning of a mailbox too long for a name', () => {
    const email = `${'x'.repeat(300)}@example.com`;
    expect(email.startsWith(mailboxOfKey(accountKey(email, 'c')))).toBe(true);
  });
});
