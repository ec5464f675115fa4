import { describe, expect, it } from '@jest/globals';
import { createUi, type GlobalFlags } from '../../src/ui/output.js';

function speak(flags: GlobalFlags, tty = false, env: Record<string, string> = {}) {
  const said = { stdout: '', stderr: '' };
  const ui = createUi(
    flags,
    {
      stdin: { isTTY: tty },
      stdout: { isTTY: tty, columns: 80, write: (text) => (said.stdout += text) },
      stderr: { isTTY: tty, write: (text) => (said.stderr += text) },
    },
    env,
  );
  ui.data({ a: 1 });
  ui.text('text');
  ui.table(['id'], [['1']]);
  ui.note('note');
  ui.warn('warn');
  return { ...said, ui };
}

describe('a ui', () => {
  it.each<[string, GlobalFlags, string, string]>([
    ['for a person', {}, 'text\nID\n1\n', 'note\nwarn\n'],
    ['with --json', { json: true }, '{"a":1}\n', 'note\nwarn\n'],
    ['with --quiet', { quiet: true }, '', 'warn\n'],
    ['with --json and --quiet', { json: true, quiet: true }, '{"a":1}\n', 'warn\n'],
  ])('%s', (_name, flags, stdout, stderr) => {
    expect(speak(flags)).toMatchObject({ stdout, stderr });
  });

  it.each<[string, GlobalFlags, boolean, Record<string, string>, boolean]>([
    ['on a terminal', {}, true, {}, true],
    ['in a pipe', {}, false, {}, false],
    ['with --no-color', { color: false }, true, {}, false],
    ['with NO_COLOR', {}, true, { NO_COLOR: '1' }, false],
    ['with an empty NO_COLOR', {}, true, { NO_COLOR: '' }, true],
    ['on a dumb terminal', {}, true, { TERM: 'dumb' }, false],
  ])('%s', (_name, flags, tty, env, coloured) => {
    expect(speak(flags, tty, env).stdout.includes('\u001b[')).toBe(coloured);
  });

  it.each<[string, GlobalFlags, boolean, Record<string, string>, boolean]>([
    ['on a terminal', {}, true, {}, true],
    ['in a pipe', {}, false, {}, false],
    ['with --quiet', { quiet: true }, true, {}, false],
    ['on a dumb terminal', {}, true, { TERM: 'dumb' }, false],
  ])('has a live line %s: %j', (_name, flags, tty, env, lively) => {
    const { ui } = speak(flags, tty, env);
    expect(ui.lively).toBe(lively);
  });

  it('asks only on a terminal, and never with --no-input', () => {
    expect(speak({}, true).ui.interactive).toBe(true);
    expect(speak({ input: false }, true).ui.interactive).toBe(false);
    expect(speak({}, false).ui.interactive).toBe(false);
  });
});
