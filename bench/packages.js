import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const call = promisify(execFile);
export const GOOGLEAPIS = 'googleapis@188.0.0';

export async function npm(args, cwd) {
  const { stdout } = await call('npm', args, { cwd, maxBuffer: 1e8, shell: process.platform === 'win32' });
  return stdout;
}

/** Installs one package, named as npm takes it, into a folder of its own. */
export async function install(folder, name) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  await npm(['install', '--omit=dev', '--no-audit', '--no-fund', '--ignore-scripts', name], folder);
}

/** A folder with googleapis, which is no package of ours: installed once a machine. */
export async function googleapisFolder() {
  const folder = join(tmpdir(), `gmail-events-bench-${GOOGLEAPIS}`);
  if (!existsSync(join(folder, 'node_modules', '.package-lock.json'))) await install(folder, GOOGLEAPIS);
  return folder;
}

/** Of an installed folder: what its files take on the disk (bytes), and the packages. */
export function weight(folder) {
  const modules = join(folder, 'node_modules');
  const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'));
  // Packages of other platforms are listed, and not there.
  const there = Object.keys(packages).filter((path) => existsSync(join(folder, path)));
  let bytes = 0;
  for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
    const { blocks, size } = lstatSync(join(entry.parentPath ?? entry.path, entry.name));
    bytes += blocks === undefined ? size : blocks * 512;
  }
  return { bytes, packages: there.length };
}
