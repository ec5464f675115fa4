import { describe, expect, it } from '@jest/globals';
import type { Command, CommanderError } from 'commander';
import { buildProgram } from '../../src/cli/program.js';

/** Commands that take a client-secret file. */
const OF_A_CLIENT = ['auth', 'auth url', 'create-instance', 'instances update'];

/** The whole tree, by what is typed. */
function tree(program = buildProgram(() => {})): [string, Command][] {
  const walk = (command: Command, path: string): [string, Command][] => [
    [path, command],
    ...command.commands.flatMap((child) => walk(child, `${path} ${child.name()}`.trim())),
  ];
  return walk(program, '');
}

function withChildren(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withChildren)];
}

/** What a command line comes to before any command runs: the help it prints, or commander's complaint. */
async function said(line: string): Promise<{ help: string; error: CommanderError }> {
  let help = '';
  const program = buildProgram(() => {});
  for (const command of withChildren(program)) {
    command.configureOutput({ writeOut: (text) => (help += text) });
  }
  const error = await program.parseAsync(line.split(' ').filter(Boolean), { from: 'user' }).then(
    () => {
      throw new Error(`"${line}" ran`);
    },
    (thrown: CommanderError) => thrown,
  );
  return { help, error };
}

describe('help', () => {
  it.each(tree().map(([path, command]) => [path === '' ? 'gmail-events' : path, path, command] as const))(
    '%s says what it does, what each flag does, and has an example',
    async (_name, path, command) => {
      const { help, error } = await said(`${path} --help`);
      expect(error.exitCode).toBe(0);
      expect(help).toMatch(/\nExamples:\n {2}(\$|\* \* \* \* \*) gmail-events/);
      expect(command.description()).toMatch(/[.?]$/);
      for (const option of command.options) expect([option.flags, option.description]).not.toContain('');
      for (const argument of command.registeredArguments) expect(argument.description).not.toBe('');
    },
  );

  it("shows a group's flags with those commands alone that have them", async () => {
    for (const [path] of tree()) {
      const { help } = await said(`${path} --help`);
      expect([path, help.includes('--client-secret-file <file>')]).toEqual([path, OF_A_CLIENT.includes(path)]);
    }
  });

  it.each([
    ['help', 'Usage: gmail-events [options]'],
    ['help poll', 'Usage: gmail-events poll'],
    ['help auth url', 'Usage: gmail-events auth url'],
    ['--json help instances update', 'Usage: gmail-events instances update'],
  ])('%s', async (line, usage) => {
    const { help, error } = await said(line);
    expect(error.exitCode).toBe(0);
    expect(help.startsWith(usage)).toBe(true);
  });

  it.each([
    ['auth lst', 'list'],
    ['auth lst --help', 'list'],
    ['instances sow --help', 'show'],
    ['help polll', 'poll'],
    ['help events shw', 'show'],
    ['stats --help', 'status'],
  ])('%s has none, but a suggestion', async (line, suggestion) => {
    const { help, error } = await said(line);
    expect([help, error.code]).toEqual(['', 'commander.unknownCommand']);
    expect(error.message).toContain(`Did you mean ${suggestion}?`);
  });

  it.each(['auth list --manual', 'auth --manual list', 'auth check --client-id x', 'auth revoke a@b --no-browser'])(
    "%s: a group's flags mean nothing to its subcommands",
    async (line) => {
      expect((await said(line)).error.code).toBe('commander.unknownOption');
    },
  );
});
