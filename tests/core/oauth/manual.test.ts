import { describe, expect, it } from '@jest/globals';
import { readRedirectedUrl } from '../../../src/core/oauth/manual.js';

async function* input(...chunks: (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* chunks;
}

async function read(...chunks: (string | Uint8Array)[]) {
  const notes: string[] = [];
  const found = await readRedirectedUrl(input(...chunks), 's', (note) => notes.push(note));
  return { found, notes };
}

describe('the URL that a person pastes', () => {
  it.each([
    ['the whole URL', 'http://127.0.0.1/?state=s&code=4%2F0A&scope=x\n'],
    ['without a line’s end', 'http://127.0.0.1/?state=s&code=4/0A'],
    ['its query', '?state=s&code=4/0A\r\n'],
    ['its parameters', 'state=s&code=4/0A\n'],
    ['in quotes, after empty lines', '\n\n  "http://127.0.0.1/?state=s&code=4/0A"\n'],
    ['with a fragment', 'http://127.0.0.1/?state=s&code=4/0A#\n'],
  ])('%s', async (_, text) => {
    expect((await read(text)).found).toEqual({ kind: 'code', code: '4/0A' });
  });

  it('is put together from pieces', async () => {
    const bytes = new TextEncoder().encode('http://127.0.0.1/?state=s&code=c\n');
    expect((await read(bytes.slice(0, 9), bytes.slice(9, 20), bytes.slice(20))).found).toMatchObject({ code: 'c' });
  });

  it('may follow others that are wrong, each of which is told', async () => {
    const { found, notes } = await read(
      '4/0Abarecode\n',
      'http://127.0.0.1/?state=x&code=c\nhttp://127.0.0.1/?state=s&code=c\n',
    );
    expect(found).toMatchObject({ code: 'c' });
    expect(notes).toHaveLength(2);
    expect(notes[1]).toContain('its state is not that of this sign-in');
  });

  it('carries a denial', async () => {
    expect((await read('http://127.0.0.1/?error=access_denied&state=s\n')).found).toMatchObject({ kind: 'refused' });
  });

  it.each([
    ['nothing', [], /nothing came/],
    ['a bare code', ['4/0Abarecode\n'], /no state/],
    ['a wrong state', ['?code=c&state=other\n'], /state is not/],
    ['a line without end', ['x'.repeat(30_000)], /too long/],
  ])('is refused with %s', async (_, chunks, message) => {
    await expect(read(...chunks)).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(message) });
  });
});
