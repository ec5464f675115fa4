import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readJson } from '../../src/core/json-text.js';

describe('JSON as people save it', () => {
  it.each<[string, string, string]>([
    ['nothing', '', 'it is empty'],
    ['blanks', ' \n ', 'it is empty'],
    ['a trailing comma', '{"a": 1,}', 'line 1, column 9: a name in double quotes is expected (no comma before'],
    ['a trailing comma in a list', '[1,\n 2,\n]', 'line 3, column 1: a value is expected'],
    ['a missing comma', '{"a": 1\n "b": 2}', 'line 2, column 2: a comma or the closing bracket is expected'],
    ['a missing colon', '{"a" 1}', 'line 1, column 6: a colon is expected'],
    ['single quotes', "{'a': 1}", 'line 1, column 2: a name in double quotes or } is expected'],
    ['a bare word', '{"a": yes}', 'line 1, column 7: a value is expected'],
    ['the wrong bracket', '[1}', 'line 1, column 3: a comma or the closing bracket is expected'],
    ['two values', '{} {}', 'line 1, column 4: nothing more is expected'],
    ['a comma too early', '[,1]', 'line 1, column 2: a value or ] is expected'],
    ['an unknown escape', '{"a": "\\q and more"}', 'line 1, column 8: a character or escape'],
    ['a line break in a text', '{"a": "b\nc"}', 'line 1, column 9: a character or escape'],
    ['a cut object', '{"a": 1', 'it ends too early, at line 1'],
    ['a cut text', '{"a":\n "bcd', 'it ends too early, at line 2'],
    ['a cut escape', '{"a": "\\u00', 'it ends too early'],
    ['a cut list', '[1, 2,', 'it ends too early'],
  ])('%s', (_name, text, fault) => {
    expect(readJson(text)).toEqual({ fault: expect.stringContaining(fault) });
  });

  it('drops a byte order mark', () => {
    expect(readJson('\uFEFF{"a": 1}')).toEqual({ value: { a: 1 } });
  });

  it('reads what is JSON, and finds a place in everything that is not', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), fc.string({ maxLength: 3 }), (value, at, noise) => {
        const text = JSON.stringify(value, null, 1);
        const spoilt = text.slice(0, at % (text.length + 1)) + noise + text.slice((at * 7) % (text.length + 1));
        const read = readJson(spoilt);
        let parsed: { value: unknown } | null = null;
        try {
          parsed = { value: JSON.parse(spoilt) };
        } catch {}
        if (parsed !== null) expect(read).toEqual(parsed);
        else
          expect(read).toEqual({
            fault: expect.stringMatching(/^(line \d+, column \d+: |it ends too early|it is empty)/),
          });
      }),
      { numRuns: 500 },
    );
  });

  it('finds a fault at the end of a large text in no time, however deep it is', () => {
    const started = performance.now();
    expect(readJson(`${'['.repeat(500_000)}`)).toEqual({ fault: expect.stringContaining('ends too early') });
    expect(readJson(`{"a": "${'x'.repeat(900_000)}`)).toEqual({ fault: expect.stringContaining('ends too early') });
    expect(readJson(`{"a": "${'x'.repeat(900_000)}" oops`)).toEqual({
      fault: expect.stringContaining('line 1, column'),
    });
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('never shows the text around a fault', () => {
    const read = readJson('{"oauth.api.secret": "S3CRET" S3CRET}');
    expect(JSON.stringify(read)).not.toContain('S3CRET');
  });
});
