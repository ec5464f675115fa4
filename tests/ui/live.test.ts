import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { createLive, type Size } from '../../src/ui/live.js';

const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof import('@xterm/headless');

/** A terminal that draws what is written. */
function screen(on: boolean, columns = 20, rows = 8) {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  let drawn = Promise.resolve();
  let raw = '';
  const stream = Object.assign(new EventEmitter(), {
    columns,
    rows,
    write: (text: string) => {
      raw += text;
      drawn = new Promise((done) => terminal.write(text.replaceAll('\n', '\r\n'), done));
    },
  });
  return {
    live: createLive(stream, on),
    stream,
    raw: () => raw,
    resize: (to: Size) => {
      terminal.resize(to.columns, to.rows);
      Object.assign(stream, to).emit('resize');
    },
    /** What is in sight. */
    lines: async () => {
      await drawn;
      const { active } = terminal.buffer;
      const row = (at: number) => active.getLine(active.baseY + at)?.translateToString(true) ?? '';
      const all = Array.from({ length: terminal.rows }, (_, at) => row(at));
      return all.join('\n').trimEnd().split('\n');
    },
  };
}

describe('the live lines', () => {
  it('are replaced in place, cut to the terminal, and taken away', async () => {
    const { live, lines } = screen(true);
    live.show('one');
    live.show('a line that is longer than the terminal');
    expect(await lines()).toEqual(['a line that is lon…']);
    live.show(() => ['several', 'lines', 'of text']);
    expect(await lines()).toEqual(['several', 'lines', 'of text']);
    live.show('one again');
    expect(await lines()).toEqual(['one again']);
    live.show(null);
    live.show(null);
    expect(await lines()).toEqual(['']);
  });

  it('stay below what is written meanwhile', async () => {
    const { live, stream, lines } = screen(true);
    live.above(() => stream.write('first\n'));
    live.show(() => ['live', 'view']);
    live.above(() => stream.write('second\n'));
    live.above(() => stream.write('third\n'));
    expect(await lines()).toEqual(['first', 'second', 'third', 'live', 'view']);
  });

  it('are made anew for the room there is, and never more than there is', async () => {
    const { live, stream, lines, resize } = screen(true, 30, 10);
    live.above(() => stream.write('above\n'));
    live.show(({ columns, rows }) => [`${columns} x ${rows}`, 'a rather long line of text', ...Array(20).fill('more')]);
    expect((await lines()).filter((line) => line === 'more')).toHaveLength(7);
    // What was above has scrolled away, and is nothing that could be erased.
    resize({ columns: 16, rows: 6 });
    expect((await lines()).slice(-5)).toEqual(['16 x 6', 'a rather long …', 'more', 'more', 'more']);
    resize({ columns: 60, rows: 10 });
    live.show(null);
    expect((await lines()).filter((line) => line.includes(' x '))).toEqual([]);
    expect(stream.listenerCount('resize')).toBe(0);
  });

  it('are not there where they are off', () => {
    const { live, stream, raw } = screen(false);
    live.show('live');
    live.above(() => stream.write('text\n'));
    live.show(null);
    expect(raw()).toBe('text\n');
  });
});
