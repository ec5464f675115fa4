import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const src = join(root, 'src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** Which rooms each room may import from, besides itself. `version` is a leaf that anyone may read. */
const ALLOWED: Record<string, string[]> = {
  cli: ['commands', 'core', 'ui'],
  commands: ['core', 'ui', 'sandbox', 'server', 'store/errors', 'store/port', 'gmail/errors'],
  core: ['gmail', 'store'],
  gmail: [],
  store: [],
  ui: [],
  sandbox: [],
  server: ['core'],
  version: [],
};

/** Packages that only these rooms may load. */
const PACKAGE_ROOMS: Record<string, string[]> = {
  commander: ['cli'],
  inquirer: ['ui'],
  chalk: ['ui'],
  'fast-string-truncated-width': ['ui'],
  'fast-wrap-ansi': ['ui'],
  libsql: ['store'],
  conf: ['store'],
  pino: ['ui'],
};

function roomOf(file: string): string {
  const room = file.split('/')[0] ?? '';
  return room.endsWith('.ts') ? room.slice(0, -3) : room;
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

describe('the house', () => {
  it('has files to look at', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it('has arrows that point one way', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(src, resolve(src, dirname(file), name)))
        .filter((target) => !target.startsWith('..'))
        .filter((target) => {
          const [from, to] = [roomOf(file), target.replace(/\.js$/, '')];
          const room = to.split('/')[0] ?? '';
          if (room === from || room === 'version') return false;
          return !(ALLOWED[from] ?? []).some((allowed) => to === allowed || to.startsWith(`${allowed}/`));
        })
        .map((target) => `${file} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the terminal, the store and the command line in their rooms', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((name) => name in PACKAGE_ROOMS && !PACKAGE_ROOMS[name]?.includes(roomOf(file)))
        .map((name) => `${file} -> ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has one idea a file: none above 300 lines', () => {
    const long = files
      .map((file) => ({ file, lines: readFileSync(join(src, file), 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  it('has index files that only re-export', () => {
    const wrong = files
      .filter((file) => file.endsWith('index.ts') && statSync(join(src, file)).isFile())
      .filter((file) => {
        const code = readFileSync(join(src, file), 'utf8')
          .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
          .replace(/export\s+(?:type\s+)?(?:\{[^}]*\}|\*)\s+from\s+'[^']+';/g, '');
        return code.trim() !== '';
      });
    expect(wrong).toEqual([]);
  });
});
