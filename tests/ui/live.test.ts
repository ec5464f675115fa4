import { describe, expect, it } from '@jest/globals';
import { createLive } from '../../src/ui/live.js';

function screen(on: boolean, columns = 20) {
  let text = '';
  const stream = { columns, write: (more: string) => (text += more) };
  return { live: createLive(stream, on), stream, text: () => text };
}

describe('the live line', () => {
  it('is replaced in place, cut to the terminal, and taken away', () => {
    const { live, text } = screen(true);
    live.show('one');
    live.show('a line that is longer than the terminal');
    live.show(null);
    live.show(null);
    expect(text()).toBe('one\r\u001b[Ka line that is long\r\u001b[K');
  });

  it('stays below what is written meanwhile', () => {
    const { live, stream, text } = screen(true);
    live.above(() => stream.write('first\n'));
    live.show('live');
    live.above(() => stream.write('second\n'));
    expect(text()).toBe('first\nlive\r\u001b[Ksecond\nlive');
  });

  it('is not there where it is off', () => {
    const { live, stream, text } = screen(false);
    live.show('live');
    live.above(() => stream.write('text\n'));
    live.show(null);
    expect(text()).toBe('text\n');
  });
});
