import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CliResult, ROOT, temporaryFolder } from '../support/cli.js';
import { changedRepeats, told } from '../support/notifications.js';
import { remains } from './remains.js';
import { settle } from './settle.js';
import { endAccessTokens, type Stage, startStage, type Trial } from './stage.js';
import { runUnder } from './under.js';

const EXIT_CODE = pathToFileURL(join(ROOT, 'tests/crash/exit-code.js')).href;

/** A way to leave a process only so many bytes to write. */
interface Disk {
  name: string;
  /** Runs the command where only so much is free; afterwards there is room again. */
  run(trial: Trial, args: string[], freeBytes: number): Promise<CliResult>;
}

/** Works for everybody: no file may grow beyond the limit. The unit of sh is 512 bytes. */
const limited: Disk = {
  name: 'files that may not grow',
  async run(trial, args, freeBytes) {
    const shell = ['sh', '-c', `ulimit -f ${Math.floor(freeBytes / 512)}; exec "$@"`, 'sh'];
    const log = `${trial.home}.code`;
    const result = await runUnder(shell, trial, args, { NODE_OPTIONS: `--import=${EXIT_CODE}`, EXIT_LOG: log });
    return { ...result, code: Number(readFileSync(log, 'utf8')) };
  },
};

const SIZE = 16 * 1024 * 1024;

/** A file system of its own, for those who may mount one. */
const mounted: Disk = {
  name: 'a small file system',
  async run(trial, args, freeBytes) {
    const kept = `${trial.home}.kept`;
    cpSync(trial.home, kept, { recursive: true });
    if (!mount(trial.home)) throw new Error('it could be mounted before');
    try {
      cpSync(kept, trial.home, { recursive: true });
      const { bavail, bsize } = statfsSync(trial.home);
      writeFileSync(join(trial.home, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - freeBytes)));
      const result = await runUnder([], trial, args);
      rmSync(join(trial.home, 'filler'));
      rmSync(kept, { recursive: true });
      cpSync(trial.home, kept, { recursive: true });
      return result;
    } finally {
      spawnSync('umount', [trial.home]);
      cpSync(kept, trial.home, { recursive: true });
    }
  },
};

function mount(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=700`, 'tmpfs', folder]).status === 0;
}

function canMount(): boolean {
  const folder = temporaryFolder();
  const mountedNow = mount(folder.path);
  if (mountedNow) spawnSync('umount', [folder.path]);
  folder.remove();
  return mountedNow;
}

describe.each([limited, ...(canMount() ? [mounted] : [])])('a full disk ($name)', (disk) => {
  let stage: Stage;
  let arrived: string[];
  beforeAll(async () => {
    stage = await startStage();
    await stage.world.create({
      configuration: {
        'event.poller.configuration': {
          'changed-messages': { url: '/hubs/general/changed-messages?format=full', idField: 'id', pageSize: 10 },
        },
      },
    });
    endAccessTokens(stage.world.home);
    arrived = stage.world.sandbox.mailbox().receiveMany(30, { size: 20_000 });
  });
  afterAll(() => stage.close());

  function expectWholeFiles({ home }: Trial): void {
    for (const folder of ['accounts', 'instances']) {
      for (const name of readdirSync(join(home, folder))) {
        if (name.endsWith('.json')) JSON.parse(readFileSync(join(home, folder, name), 'utf8'));
      }
    }
    JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'));
  }

  const codes: (number | null)[] = [];

  it.each([1, 16, 160, 700, 4000])(
    'with %i KiB free says so with exit 5, or has room; then all is delivered',
    async (free) => {
      const trial = stage.trial();
      const { code, stderr } = await disk.run(trial, ['poll', '--json'], free * 1024);
      codes.push(code);
      if (code !== 0) {
        const { error } = JSON.parse(stderr);
        expect([code, error.code]).toEqual([5, 'store']);
        expect(error.message).toMatch(/disk of events\.db is full|could not be (read or )?(written|made|opened) ?\(/);
        expect(error.hint).toMatch(/disk|space|writable/);
      }
      expectWholeFiles(trial);
      await settle(trial);
      expect([...new Set(told(trial.received()))]).toEqual(arrived.map((id) => `CREATED ${id}`));
      expect(changedRepeats(trial.received())).toEqual([]);
      expect(remains(trial)).toMatchObject({ integrity: 'ok', strays: {} });
    },
  );

  it('was met by some of them, and not by all', () => {
    expect(new Set(codes)).toEqual(new Set([5, 0]));
  });

  it('that does not take an update keeps the file as it was', async () => {
    const trial = stage.trial();
    const before = readFileSync(join(trial.home, 'instances/1.json'), 'utf8');
    const args = ['instances', 'update', '1', '--name', 'x'.repeat(200), '--json'];
    const { code, stderr } = await disk.run(trial, args, 1024);
    expect([code, JSON.parse(stderr).error.code]).toEqual([5, 'store']);
    expect(readFileSync(join(trial.home, 'instances/1.json'), 'utf8')).toBe(before);
  });
});
