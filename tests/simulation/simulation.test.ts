import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../support/cli.js';
import { BREAKS } from './breaks.js';
import { Home } from './home.js';
import { play } from './play.js';

const SEEDS = 2000;
/** A whole simulation takes half a minute where nothing else runs, and much longer where much else does. */
const PATIENCE_MS = 15 * 60_000;

function simulate(args: string[]): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(process.execPath, ['tests/simulation/simulate.js', ...args], { cwd: ROOT, stdio: 'pipe' });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.resume();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout }));
  });
}

function countsOf(line: string): Record<string, number> {
  return Object.fromEntries([...line.matchAll(/(\w+) (\d+)/g)].map(([, name, count]) => [name, Number(count)]));
}

describe('a mailbox, faults and crashes at random', () => {
  it(
    `lose nothing in ${SEEDS} seeds`,
    async () => {
      const { code, stdout } = await simulate(['--seeds', String(SEEDS)]);
      const closing = stdout.trimEnd().split('\n').at(-1) ?? '';
      // Replayable: each failing seed is named with what is wrong.
      expect({ code, failures: stdout.split('\n').filter((line) => /^(seed|replay)/.test(line)) }).toEqual({
        code: 0,
        failures: [],
      });
      process.stderr.write(`simulation: ${closing}\n`);
      expect(closing).toMatch(new RegExp(`^${SEEDS} seeds, 0 failed; `));
      // All that it is about has happened, and often.
      const counts = countsOf(closing);
      for (const [name, least] of Object.entries(LEAST)) {
        expect({ name, enough: (counts[name] ?? 0) >= least }).toEqual({ name, enough: true });
      }
    },
    PATIENCE_MS,
  );
});

const LEAST = {
  told: 5000,
  recovered: 300,
  withoutPayload: 30,
  listed: 100,
  mailbox: 300,
  repeats: 50,
  gaps: 200,
  deaths: 500,
  powerLosses: 80,
  lostStores: 40,
  callbacks: 2000,
};

describe('the simulation', () => {
  const home = new Home();
  beforeAll(async () => {
    // The first seed pays for what is loaded.
    await play(1, home);
  });
  afterAll(() => home.remove());

  it.each(Object.entries(BREAKS))(
    'sees what must not be: %s',
    async (_name, broken) => {
      const caught = await firstCaught(broken);
      expect(caught?.violations).toContainEqual(expect.stringMatching(/never told|told twice|was not told/));
    },
    PATIENCE_MS,
  );

  async function firstCaught(broken: (typeof BREAKS)[keyof typeof BREAKS]) {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const outcome = await play(seed, home, { broken });
      if (outcome.violations.length > 0) return outcome;
    }
    return null;
  }

  it('plays a seed in the same way each time', async () => {
    const playing = async (seed: number) => {
      const lines: string[] = [];
      await play(seed, home, { log: (line) => lines.push(line()) });
      return lines;
    };
    for (const seed of [2, 5, 42]) {
      const first = await playing(seed);
      expect(first.length).toBeGreaterThan(5);
      expect(await playing(seed)).toEqual(first);
    }
  });

  it('replays a seed by its number, with what happens in it', async () => {
    const { code, stdout } = await simulate(['--seed', '7', '--verbose']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ weather: .*\n/);
    expect(stdout).toMatch(/ commit \d\/changed-messages \{.*\n/);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^seed 7: nothing lost; /);
  });

  it('ends with 1 when a seed fails, and names it', async () => {
    const { code, stdout } = await simulate(['--seeds', '100', '--break', 'noHeadRule']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^seed \d+: .* was never told$/m);
    expect(stdout).toMatch(/^replay: npm run simulate -- --seed \d+ --verbose$/m);
    expect(stdout).toMatch(/^\d+ seeds, [1-9]\d* failed; .*\n$/m);
  });

  it.each([['--seeds', 'many'], ['--seed', '0'], ['--unknown']])('refuses %s %s', async (...args) => {
    expect((await simulate(args)).code).toBe(2);
  });
});
