import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'plist';
import { BIN, type CliResult, runCli, temporaryFolder } from '../../support/cli.js';

/** A home, and in place of the machine's own programs ones that write down how they were called. */
let folder: ReturnType<typeof temporaryFolder>;
let home: string;
let bin: string;
let calls: string;
beforeEach(() => {
  folder = temporaryFolder();
  home = join(folder.path, 'a home');
  bin = join(folder.path, 'bin');
  calls = join(folder.path, 'calls');
  for (const path of [home, bin]) mkdirSync(path);
});
afterEach(() => folder.remove());

function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> '${calls}'\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** As cron's own: lists, takes from stdin, removes. */
function crontab(text?: string): string {
  const table = join(folder.path, 'crontab');
  if (text !== undefined) writeFileSync(table, text);
  program(
    'crontab',
    `case "$1" in
      -l) [ -f '${table}' ] && cat '${table}' || { echo "no crontab for you" >&2; exit 1; } ;;
      -r) rm '${table}' ;;
      -) cat > '${table}' ;;
    esac`,
  );
  return table;
}

function service(args: string[], env: Record<string, string> = {}, path = `${bin}:/usr/bin:/bin`): Promise<CliResult> {
  return runCli(['service', ...args], { env: { HOME: home, PATH: path, XDG_CONFIG_HOME: '', ...env } });
}

function called(): string[] {
  return existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [];
}

async function printed(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await service(['print', '--json', ...args], env);
  expect([code, stderr]).toEqual([0, '']);
  const { cron, files } = JSON.parse(stdout) as { cron: string; files: { path: string; content: string }[] };
  return { cron, files, file: (name: string) => files.find(({ path }) => path.endsWith(`/${name}`))?.content ?? '' };
}

/** Every line of a unit, by section: what is no section, comment, blank or KEY=VALUE fails. */
function unit(text: string): Record<string, [key: string, value: string][]> {
  const sections: Record<string, [string, string][]> = {};
  let current: [string, string][] | undefined;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, section] = /^\[([A-Z][a-z]+)\]$/.exec(line) ?? [];
    if (section !== undefined) {
      current = [];
      sections[section] = current;
      continue;
    }
    const [, key = '', value = ''] = /^([A-Z][A-Za-z]+)=(.+)$/.exec(line) ?? [];
    expect([line, key, current === undefined]).toEqual([line, expect.stringMatching(/./), false]);
    expect(current?.some(([known]) => known === key)).toBe(false);
    current?.push([key, value]);
  }
  return sections;
}

/** systemd's own word on it, where the machine has one. */
function verified(files: { path: string; content: string }[]): string {
  const units = join(folder.path, 'units');
  mkdirSync(units, { recursive: true });
  const paths = files.map(({ path, content }) => {
    const copy = join(units, path.slice(dirname(path).length + 1));
    writeFileSync(copy, content);
    return copy;
  });
  const env = { ...process.env, XDG_RUNTIME_DIR: folder.path };
  const said = spawnSync('systemd-analyze', ['verify', '--user', '--man=no', ...paths], { encoding: 'utf8', env });
  return said.error === undefined ? said.stderr + (said.status === 0 ? '' : `exit code ${said.status}`) : '';
}

describe('service print', () => {
  it('is a cron line with the fields of one, absolute paths and what cron needs escaped', async () => {
    const { cron } = await printed(['--kind', 'cron'], { GMAIL_EVENTS_HOME: join(home, '100%') });
    expect(cron.startsWith('* * * * * ')).toBe(true);
    const command = cron.slice('* * * * * '.length);
    expect(command).toBe(`GMAIL_EVENTS_HOME='${home}/100\\%' ${process.execPath} ${BIN} poll --due --quiet`);
    // As cron hands it to the shell.
    const words = `printf '%s\\n' ${command.replaceAll('\\%', '%').replace(/^GMAIL_EVENTS_HOME=/, '')}`;
    const { stdout } = spawnSync('sh', ['-c', words], { encoding: 'utf8' });
    expect(stdout.split('\n')).toEqual([join(home, '100%'), process.execPath, BIN, 'poll', '--due', '--quiet', '']);
  });

  it('is systemd units that systemd accepts, hardened, that end for good where a person is needed', async () => {
    const store = join(home, 'the $tore "100%"');
    const { files, file } = await printed(['--kind', 'systemd'], { GMAIL_EVENTS_HOME: store });
    expect(files.map(({ path }) => path)).toEqual(
      ['gmail-events.service', 'gmail-events-poll.service', 'gmail-events-poll.timer'].map((name) =>
        join(home, '.config/systemd/user', name),
      ),
    );
    expect(verified(files)).toBe('');
    const watch = unit(file('gmail-events.service'));
    expect(Object.keys(watch)).toEqual(['Unit', 'Service', 'Install']);
    const settings = Object.fromEntries(watch['Service'] ?? []);
    expect(settings).toMatchObject({
      ExecStart: `${process.execPath} ${BIN} watch`,
      Environment: `"GMAIL_EVENTS_HOME=${store.replaceAll('%', '%%').replaceAll('"', '\\"')}"`,
      ReadWritePaths: `"-${store.replaceAll('%', '%%').replaceAll('"', '\\"')}"`,
      Restart: 'on-failure',
      RestartPreventExitStatus: '2 4 5',
      SuccessExitStatus: '130 143',
      NoNewPrivileges: 'yes',
      PrivateTmp: 'yes',
      ProtectSystem: 'strict',
      UMask: '0077',
    });
    const poll = unit(file('gmail-events-poll.service'));
    expect(Object.fromEntries(poll['Service'] ?? [])).toMatchObject({
      Type: 'oneshot',
      ExecStart: `${process.execPath} ${BIN} poll --due --quiet`,
      SuccessExitStatus: '75',
    });
    expect(Object.fromEntries(unit(file('gmail-events-poll.timer'))['Timer'] ?? [])).toMatchObject({
      OnCalendar: 'minutely',
      Unit: 'gmail-events-poll.service',
    });
  });

  it('names a file with secrets, and holds none itself', async () => {
    const secrets = join(home, 'secrets.env');
    writeFileSync(secrets, "GMAIL_EVENTS_ENCRYPTION_KEY='of the test'\n", { mode: 0o600 });
    const env = { GMAIL_EVENTS_ENCRYPTION_KEY: 'of the test', GMAIL_EVENTS_CLIENT_SECRET: 'of the test' };
    const files = ['--environment-file', secrets];
    const systemd = await printed(['--kind', 'systemd', ...files], env);
    expect(systemd.file('gmail-events.service')).toContain(`\nEnvironmentFile=${secrets}\n`);
    expect(verified(systemd.files)).toBe('');
    const launchd = await printed(['--kind', 'launchd', ...files], env);
    expect(JSON.stringify([systemd, launchd])).not.toContain('of the test');
    // The shell of cron and launchd reads it, and hands it on.
    const shown = `${process.execPath} -p process.env.GMAIL_EVENTS_ENCRYPTION_KEY`;
    for (const command of [systemd.cron.slice('* * * * * '.length), String(arguments_(launchd).at(-1))]) {
      const script = command.replace(/exec env .*$/, `exec env ${shown}`);
      expect(spawnSync('sh', ['-c', script], { encoding: 'utf8', env: {} }).stdout).toBe('of the test\n');
    }
    const missing = await service(['print', '--environment-file', join(home, 'none')]);
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('is no file') });
    const told = await service(['print'], env);
    expect(told.stderr).toContain('GMAIL_EVENTS_ENCRYPTION_KEY is set here and will not be there');
  });

  function arguments_({ file }: { file(name: string): string }): string[] {
    return (parse(file('gmail-events.plist')) as { ProgramArguments: string[] }).ProgramArguments;
  }

  it('is a launchd agent that starts again after a failure', async () => {
    const store = join(home, 'a < b & c');
    const launchd = await printed(['--kind', 'launchd'], { GMAIL_EVENTS_HOME: store });
    expect(launchd.files.map(({ path }) => path)).toEqual([join(home, 'Library/LaunchAgents/gmail-events.plist')]);
    expect(parse(launchd.file('gmail-events.plist'))).toEqual({
      Label: 'gmail-events',
      ProgramArguments: [process.execPath, BIN, 'watch'],
      EnvironmentVariables: { GMAIL_EVENTS_HOME: store },
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      ThrottleInterval: 10,
      ExitTimeOut: 30,
      ProcessType: 'Background',
      Umask: 0o077,
      StandardErrorPath: join(home, 'Library/Logs/gmail-events.log'),
    });
  });

  it('shows a person the cron line first, then the units', async () => {
    program('systemctl', 'exit 0');
    const { stdout } = await service(['print']);
    expect(stdout).toMatch(/^# crontab -e: .*\n\* \* \* \* \* \/.* poll --due --quiet\n\n# .*gmail-events\.service\n/);
    expect(await service(['print', '--kind', 'upstart'])).toMatchObject({ code: 2 });
  });
});

describe('service install and uninstall', () => {
  const others = '# mine\n0 5 * * * backup --all\n';

  it.each([others, undefined])('cron: only between lines of its own (%j)', async (before) => {
    const table = crontab(before);
    const shown = await service(['install', '--kind', 'cron', '--dry-run']);
    expect([shown.code, existsSync(table)]).toEqual([0, before !== undefined]);
    // Twice: the second takes the place of the first.
    for (const _ of [1, 2]) expect(await service(['install', '--kind', 'cron'])).toMatchObject({ code: 0, stderr: '' });
    const lines = readFileSync(table, 'utf8').split('\n');
    const { cron } = await printed(['--kind', 'cron']);
    expect(lines).toEqual([
      ...(before ?? '').split('\n').slice(0, -1),
      expect.stringMatching(/^# gmail-events: begin/),
      cron,
      '# gmail-events: end',
      '',
    ]);
    expect((await service(['uninstall', '--kind', 'cron'])).code).toBe(0);
    expect(existsSync(table) ? readFileSync(table, 'utf8') : undefined).toBe(before);
    expect(await service(['uninstall', '--kind', 'cron'])).toMatchObject({ code: 0 });
  });

  it('cron: leaves a crontab alone that it cannot read, and says so where there is none', async () => {
    program('crontab', 'echo "crontab: you may not use this program" >&2; exit 1');
    expect(await service(['install', '--kind', 'cron'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('may not'),
    });
    expect(called()).toEqual(['crontab -l']);
    const nothing = await service(['install', '--kind', 'cron'], {}, '/nowhere');
    expect(nothing).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no crontab on this machine') });
  });

  it('systemd: writes the unit and starts it, changes to the timer, and takes away what it made', async () => {
    program('systemctl', 'exit 0');
    const units = join(home, '.config/systemd/user');
    const dry = await service(['install', '--dry-run']);
    expect([dry.code, existsSync(units)]).toEqual([0, false]);
    expect(await service(['install'])).toMatchObject({ code: 0, stdout: expect.stringContaining('It runs.') });
    expect(readdirSync(units)).toEqual(['gmail-events.service']);
    expect(called().slice(-2)).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable --now gmail-events.service',
    ]);
    expect((await service(['install', '--timer'])).code).toBe(0);
    expect(readdirSync(units)).toEqual(['gmail-events-poll.service', 'gmail-events-poll.timer']);
    expect(called().at(-1)).toBe('systemctl --user enable --now gmail-events-poll.timer');
    writeFileSync(join(units, 'another.service'), '[Unit]\n');
    expect((await service(['uninstall'])).code).toBe(0);
    expect(readdirSync(units)).toEqual(['another.service']);
    expect(called().at(-1)).toBe('systemctl --user daemon-reload');
  });

  it('systemd: says the commands where they cannot be run, and which one failed', async () => {
    const none = await service(['install', '--kind', 'systemd'], {}, bin);
    expect(none).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('systemctl --user enable --now gmail-events.service'),
    });
    program('systemctl', 'echo "Failed to connect to bus" >&2; exit 1');
    const failed = await service(['install', '--kind', 'systemd']);
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('Failed to connect to bus') });
  });

  it('leaves a file of the same name alone that it has not written', async () => {
    program('launchctl', 'exit 0');
    const agents = join(home, 'Library/LaunchAgents');
    mkdirSync(agents, { recursive: true });
    const path = join(agents, 'gmail-events.plist');
    writeFileSync(path, '<plist/>');
    expect(await service(['install', '--kind', 'launchd'])).toMatchObject({ code: 1 });
    expect(await service(['uninstall', '--kind', 'launchd'])).toMatchObject({ code: 0 });
    expect(readFileSync(path, 'utf8')).toBe('<plist/>');
    expect(called()).toEqual([]);
  });

  it('launchd: loads the agent, and unloads it', async () => {
    program('launchctl', 'exit 0');
    const path = join(home, 'Library/LaunchAgents/gmail-events.plist');
    expect((await service(['install', '--kind', 'launchd'])).code).toBe(0);
    expect(existsSync(path)).toBe(true);
    expect((await service(['uninstall', '--kind', 'launchd'])).code).toBe(0);
    expect(existsSync(path)).toBe(false);
    const target = `gui/${process.getuid?.()}`;
    expect(called()).toEqual([`launchctl bootstrap ${target} ${path}`, `launchctl bootout ${target}/gmail-events`]);
  });
});
