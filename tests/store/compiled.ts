import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { transformFileSync } from '@swc/core';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The store as JavaScript in a folder of its own, made from the sources as they are: for processes of their own. */
export class CompiledStore {
  readonly folder = mkdtempSync(join(tmpdir(), 'gmail-events-compiled-'));
  readonly #children: Child[] = [];

  constructor() {
    writeFileSync(join(this.folder, 'package.json'), '{"type":"module"}');
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'), 'dir');
    for (const name of readdirSync(join(root, 'src/store'), { recursive: true }).map(String)) {
      if (!name.endsWith('.ts')) continue;
      const target = join(this.folder, name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      const { code } = transformFileSync(join(root, 'src/store', name), {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
      });
      writeFileSync(target, code);
    }
  }

  /**
   * Runs a case of `child.js` in a process of its own; `limit` is a shell's `ulimit`, e.g. `-f 512`, `ahead` (ms) the
   * lead of its clock.
   */
  run(name: string, home: string, options: { limit?: string; ahead?: number } = {}): Child {
    const script = fileURLToPath(new URL('child.js', import.meta.url));
    const node = [process.execPath, script, join(this.folder, 'open.js'), name, home, String(options.ahead ?? 0)];
    const command =
      options.limit === undefined ? node : ['sh', '-c', `ulimit ${options.limit}; exec "$@"`, 'sh', ...node];
    const child = new Child(command);
    this.#children.push(child);
    return child;
  }

  async clean(): Promise<void> {
    for (const child of this.#children) await child.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A process that writes one line of JSON after the other. */
export class Child {
  readonly #process;
  readonly #lines: AsyncIterator<string>;
  readonly #exit: Promise<unknown>;
  #errors = '';

  constructor([command = '', ...args]: string[]) {
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stderr.on('data', (bytes: Buffer) => {
      this.#errors += bytes.toString();
    });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#exit = once(this.#process, 'exit');
  }

  async line<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`the child has ended: ${this.#errors}`);
    return JSON.parse(value);
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Lets a case go on that waits for its parent. */
  tell(): void {
    this.#process.stdin.write('\n');
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill('SIGKILL');
    await this.#exit;
  }
}
