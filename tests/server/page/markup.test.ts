import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plain, plainLines, shortened } from '../../../src/server/page/hostile-text.js';
import { Html, html } from '../../../src/server/page/html.js';
import { axisEnd, ticks } from '../../../src/server/page/plots/scale.js';
import { Session, Sessions } from '../../../src/server/page/security/sessions.js';
import { relative } from '../../../src/server/page/time.js';
import { sentence } from '../../../src/server/page/words.js';

describe('markup', () => {
  it('escapes what is put into it, but not markup', () => {
    const text = `<b title="x" id='y'>&amp;</b>`;
    expect(html`<p>${text}</p>`.toString()).toBe(
      '<p>&#60;b title&#61;&#34;x&#34; id&#61;&#39;y&#39;&#62;&#38;amp;&#60;/b&#62;</p>',
    );
    expect(html`<ul>${['<a>', '<b>'].map((each) => html`<li>${each}</li>`)}</ul>`.toString()).toBe(
      '<ul><li>&#60;a&#62;</li><li>&#60;b&#62;</li></ul>',
    );
    expect(html`${null}${undefined}${false}${0}${''}`.toString()).toBe('0');
  });

  it('escapes behind an exclamation mark as well', () => {
    expect(html`Hello!${'<b>'}`.toString()).toBe('Hello!&#60;b&#62;');
  });

  it('never lets a character of markup through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}${[text]}`.toString()).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('is made by the template alone', () => {
    const Made = Html as unknown as new (symbol: symbol, markup: string) => Html;
    expect(() => new Made(Symbol('made by html'), '<script>')).toThrow();
  });
});

describe('the text of strangers', () => {
  it('shows what could not be seen', () => {
    expect(plain('a\u202Eb\u2066c\u200Bd\u0000e\u001b[31m\nf')).toBe(
      'a\\u202eb\\u2066c\\u200bd\\u0000e\\u001b[31m\\u000af',
    );
    expect(plainLines('a\n\tb\u202E')).toBe('a\n\tb\\u202e');
    expect(plain('مرحبا 😀 日本')).toBe('مرحبا 😀 日本');
  });

  it('is shortened between characters', () => {
    expect(shortened('😀😀😀', 3)).toBe('😀😀😀');
    expect(shortened('😀😀😀😀', 3)).toBe('😀😀…');
  });
});

describe('words', () => {
  it.each([
    ['the receiver fails', 'The receiver fails.'],
    ['Already so.', 'Already so.'],
    [' why? ', 'Why?'],
  ])('%p is the sentence %p', (text, whole) => expect(sentence(text)).toBe(whole));

  it.each([
    [0, 'now'],
    [-999, 'now'],
    [-61_000, '1 min ago'],
    [7_200_000, 'in 2 h'],
    [-3 * 86_400_000, '3 d ago'],
  ])('%p ms away is %p', (away, text) => expect(relative(1e12 + away, 1e12)).toBe(text));
});

describe('an axis', () => {
  it.each([
    [0, 4, 4],
    [4, 4, 4],
    [5, 4, 5],
    [6, 4, 10],
    [11, 4, 20],
    [21, 4, 50],
    [99, 4, 100],
    [100, 4, 100],
    [101, 4, 200],
    [0.5, 10, 10],
  ])('of at most %p (%p at least) ends at %p', (most, least, end) => expect(axisEnd(most, least)).toBe(end));

  it('has its middle where that is a whole number', () => {
    expect(ticks(10)).toEqual([0, 5, 10]);
    expect(ticks(5)).toEqual([0, 5]);
  });
});

describe('sessions', () => {
  const signIn = (state: string) => ({
    signIn: { state, verifier: '', clientId: '', clientSecret: null, redirectUri: '', scope: '' },
    instanceId: null,
    begunAt: 0,
  });

  it('keep a few consents that were begun, each good for one answer', () => {
    const session = new Session('id', 'token', 0);
    for (let at = 0; at < 11; at++) session.addSignIn(signIn(`state ${at}`));
    expect(session.takeSignIn('state 0', 1)).toBeNull();
    expect(session.takeSignIn(null, 1)).toBeNull();
    expect(session.takeSignIn('state 10', 1)).not.toBeNull();
    expect(session.takeSignIn('state 10', 1)).toBeNull();
    expect(session.takeSignIn('state 9', 15 * 60_000)).toBeNull();
  });

  it('compare the token of a form whole', () => {
    const session = new Session('id', 'token', 0);
    expect(['token', 'toke', 'tokem', '', null].map((given) => session.isFormToken(given))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('are not without number: the oldest give way', () => {
    let count = 0;
    const bytes = () => Buffer.from(`secret ${count++}`);
    const sessions = new Sessions({
      clock: { now: () => 0, sleep: async () => {} },
      random: { bytes, unit: () => 0, uuid: () => '' },
    });
    const [first, ...others] = Array.from({ length: 201 }, () => sessions.begin());
    expect(sessions.find(first?.id)).toBeNull();
    expect(others.every(({ id }) => sessions.find(id) !== null)).toBe(true);
    expect(sessions.find(undefined)).toBeNull();
  });
});
