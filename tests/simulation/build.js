import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFileSync } from '@swc/core';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The product and its simulation as JavaScript in a folder of their own, made from the sources as they are. */
export function build() {
  const folder = mkdtempSync(join(tmpdir(), 'gmail-events-simulation-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  for (const room of ['src', 'tests/simulation']) {
    for (const name of readdirSync(join(root, room), { recursive: true }).map(String)) {
      if (name.endsWith('.ts') && !name.endsWith('.test.ts')) compile(join(room, name), folder);
    }
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function compile(name, folder) {
  const target = join(folder, name.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(target), { recursive: true });
  const { code } = transformFileSync(join(root, name), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  });
  writeFileSync(target, code);
}
