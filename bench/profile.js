import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './runs.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const KEPT = join(ROOT, 'bench/profiles');
/** Areas that take less than this part of a run are not named. */
const LEAST = 0.02;

/**
 * Where the time of a run of the command line goes: `[area, milliseconds]`, the largest first. Of dist/, whose modules are
 * files with names, as the bundle's are not. The whole profile is kept in bench/profiles/, for a browser's developer tools.
 */
export async function costs(stage, name, args, env) {
  const folder = join(stage.folder, `profile-${name}`);
  const code = `const { main } = await import(${JSON.stringify(new URL('../dist/cli.js', import.meta.url).href)}); process.exitCode = await main(${JSON.stringify(args)});`;
  const profiling = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500'];
  await run([...profiling, '--input-type=module', '-e', code], env);
  const [file] = readdirSync(folder);
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  mkdirSync(KEPT, { recursive: true });
  renameSync(join(folder, file), join(KEPT, `${name}.cpuprofile`));
  return byArea(profile);
}

function byArea({ nodes, samples, timeDeltas }) {
  const areas = new Map(nodes.map(({ id, callFrame }) => [id, areaOf(callFrame)]));
  const spent = new Map();
  let whole = 0;
  for (const [at, id] of samples.entries()) {
    const ms = timeDeltas[at] / 1000;
    whole += ms;
    spent.set(areas.get(id), (spent.get(areas.get(id)) ?? 0) + ms);
  }
  return [...spent].sort(([, one], [, other]) => other - one).filter(([, ms]) => ms >= whole * LEAST);
}

/** A package, a room of ours, a module of Node's, or what V8 calls its own time. */
function areaOf({ functionName, url }) {
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  if (name !== undefined) return name;
  const [, room] = /\/dist\/([^/]+(?:\/[^/]+)?)\//.exec(url) ?? [];
  if (room !== undefined) return `src/${room}`;
  if (url.startsWith('node:')) return url.split('/').slice(0, 3).join('/');
  return functionName.startsWith('(') ? functionName : `V8 and Node: ${functionName || 'nameless'}`;
}
