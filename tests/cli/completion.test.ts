import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { forReadline, typedLine } from '../../src/cli/completion/line.js';
import { BIN, runCli } from '../support/cli.js';
import { Pty } from '../support/pty.js';
import { SECRET_MARK, startWorld, type World } from '../support/setup.js';

const BREAKS = ' \t\n"\'><=;|&(:@';
const NAME = 'Events of $(touch pwned) & "co"';

/** bash is on every machine that has these tests; the others are tried where they are. */
const SHELLS = [
  { shell: 'bash', args: ['--norc', '--noprofile', '-i'], setup: 'PS1="% "; set +o history' },
  {
    shell: 'zsh',
    args: ['-f', '-i'],
    setup: 'PS1="%% "; unsetopt PROMPT_SP; unset zle_bracketed_paste; autoload -Uz compinit; compinit -u -D',
  },
  { shell: 'fish', args: ['--no-config', '-i'], setup: 'function fish_prompt; echo -n "% "; end' },
].filter(({ shell }) => shell === 'bash' || spawnSync(shell, ['--version']).status === 0);

let world: World;
let env: Record<string, string>;
beforeAll(async () => {
  world = await startWorld();
  const signature = { configuration: { 'event.notification.signature.key': `${SECRET_MARK}-key` } };
  await world.create({ name: 'inbox', ...signature });
  await world.create({ name: NAME, ...signature });
  // In the place of the program one that completes as it does, and else says what it was called with.
  const bin = join(dirname(world.home), 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'gmail-events'),
    `#!/bin/sh
case "$1" in __complete|completion) exec '${process.execPath}' '${BIN}' "$@" ;; esac
printf '%s\\n' "called$(printf ' <%s>' "$@")"
`,
  );
  chmodSync(join(bin, 'gmail-events'), 0o755);
  writeFileSync(join(bin, 'body of mine.json'), '{}');
  env = { GMAIL_EVENTS_HOME: world.home, PATH: `${bin}:${process.env['PATH']}`, HOME: bin };
}, 60_000);
afterAll(() => world.close());

describe.each(SHELLS)('completion in $shell', ({ shell, args, setup }) => {
  let pty: Pty;
  beforeAll(async () => {
    pty = new Pty(args, { file: shell, env, cwd: env['HOME'] ?? '', columns: 160 });
    const load =
      shell === 'fish' ? 'gmail-events completion fish | source' : `eval "$(gmail-events completion ${shell})"`;
    pty.type(`${setup}\r${load}\recho loa''ded\r`);
    await pty.until(/^loaded$/m);
  }, 30_000);
  afterAll(() => pty.close());

  it.each<[string, string, string[]]>([
    ['commands', 'gmail-events instan\tli\t', ['instances', 'list']],
    ['flags', 'gmail-events poll --no-del\t', ['poll', '--no-deliver']],
    ['an id', 'gmail-events instances show 2\t', ['instances', 'show', '2']],
    ['a name, whatever it holds', 'gmail-events poll Ev\t', ['poll', NAME]],
    ['a second name', 'gmail-events poll 1 inb\t', ['poll', '1', 'inbox']],
    ['a mailbox', 'gmail-events auth check ann@exa\t', ['auth', 'check', 'ann@example.com']],
    ['a value of a flag', 'gmail-events events list --state pen\t', ['events', 'list', '--state', 'pending']],
    ['a value behind =', 'gmail-events events list --state=pen\t', ['events', 'list', '--state=pending']],
    ['a file', 'gmail-events create-instance --body bo\t', ['create-instance', '--body', 'body of mine.json']],
  ])('completes %s', async (_name, typed, words) => {
    const before = (await pty.text()).length;
    pty.type(typed);
    // However the shell writes its quotes.
    const rest = /[a-z0-9-]*\W*$/.exec(words.at(-1) ?? '')?.[0].replace(/\W+$/, '') ?? '';
    // The shell has put it in; only then is it run.
    await pty.until((text) => text.slice(before).includes(rest));
    pty.type('\r');
    const text = await pty.until((text) => /^called.*$/m.test(text.slice(before)));
    expect(/^called.*$/m.exec(text.slice(before))?.[0]).toBe(`called ${words.map((word) => `<${word}>`).join(' ')}`);
    expect(existsSync(join(env['HOME'] ?? '', 'pwned'))).toBe(false);
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])('%s: prints a script', async (shell) => {
    const { code, stdout, stderr } = await runCli(['completion', shell]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('gmail-events __complete');
  });

  it('knows no other shell', async () => {
    expect(await runCli(['completion', 'csh'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('one of bash, zsh, fish, powershell is accepted'),
    });
  });

  const complete = (words: string[], more: Record<string, string> = {}) =>
    runCli(['__complete', '--', ...words], { env: { ...env, ...more } });

  it('tells ids with their names, and no secret', async () => {
    const { stdout } = await complete(['trigger', '']);
    expect(stdout).toBe(`1\tinbox\n2\t${NAME}\ninbox\tinstance\n${NAME}\tinstance\n`);
    expect(stdout).not.toContain(SECRET_MARK);
    const elsewhere = { GMAIL_EVENTS_HOME: join(dirname(world.home), 'none') };
    for (const home of [['--home', world.home], [`--home=${world.home}`]]) {
      const { stdout: named } = await complete(['instances', 'show', ...home, ''], elsewhere);
      expect([home, named]).toEqual([home, expect.stringContaining('1\tinbox\n')]);
    }
  });

  it('hides itself, and is silent where the store cannot be read', async () => {
    expect((await complete([''])).stdout).not.toContain('__complete');
    const file = join(dirname(world.home), 'a file');
    writeFileSync(file, '');
    const nothing = { code: 0, stdout: '', stderr: '' };
    expect(await complete(['trigger', ''], { GMAIL_EVENTS_HOME: file })).toMatchObject(nothing);
    expect(await complete(['trigger', ''], { GMAIL_EVENTS_HOME: join(file, 'none') })).toMatchObject(nothing);
    expect(existsSync(join(dirname(world.home), 'none'))).toBe(false);
    expect(await complete(['no', 'such', 'command', '--flag', ''])).toMatchObject(nothing);
  });
});

describe('a line for readline', () => {
  it.each<[string, string[], string]>([
    ['gmail-events poll a', ['poll'], 'a'],
    ['gmail-events poll ', ['poll'], ''],
    ['gmail-events poll "a b" \'c', ['poll', 'a b'], 'c'],
    ['gmail-events poll a\\ b', ['poll'], 'a b'],
    ['gmail-events poll "a \\" b', ['poll'], 'a " b'],
    ["gmail-events poll '' x", ['poll', ''], 'x'],
  ])('%s', (line, words, current) => {
    expect(typedLine(line)).toMatchObject({ words, current });
  });

  it.each<[string, string, string]>([
    ['gmail-events poll ', 'a b', 'a\\ b'],
    ['gmail-events poll "a', 'a $b', 'a \\$b'],
    ["gmail-events poll 'a", 'a $b', 'a $b'],
    ['gmail-events auth check me@', 'me@gmail.com', '@gmail.com'],
    ['gmail-events events list --state=', '--state=dead', 'dead'],
    ['gmail-events poll ü', 'ünter', 'ünter'],
  ])('%s', (line, value, put) => {
    expect(forReadline(value, typedLine(line), BREAKS)).toBe(put);
  });
});
