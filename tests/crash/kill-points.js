/**
 * Loaded by NODE_OPTIONS=--import before the program, which knows nothing of it: counts the points of a run at which a
 * death matters, writes the name of each to the file KILL_LOG, and at number KILL_AT ends the process by SIGKILL.
 */
import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const { KILL_AT: at, KILL_LOG: log } = process.env;
let count = 0;

function point(name) {
  count += 1;
  // Synchronous, so that it is written also by a process that dies in the next line.
  if (log) fs.appendFileSync(log, `${name}\n`);
  if (String(count) === at) process.kill(process.pid, 'SIGKILL');
}

// The engine's own functions: the program has libsql's JavaScript in its bundle.
const ofLibsql = createRequire(createRequire(import.meta.url).resolve('libsql'));
const engine = ofLibsql(`@libsql/${ofLibsql('@neon-rs/load').currentTarget()}`);
const { databaseExecSync } = engine;
engine.databaseExecSync = function (text) {
  const result = databaseExecSync.call(this, text);
  if (text === 'COMMIT') point('commit');
  return result;
};

// Files are written inside a transaction: between the two is a place of its own.
const { renameSync, unlinkSync } = fs;
fs.renameSync = (from, to) => {
  renameSync(from, to);
  point(`renamed ${basename(String(to))}`);
};
fs.unlinkSync = (path) => {
  unlinkSync(path);
  point(`removed ${basename(String(path))}`);
};
syncBuiltinESMExports();

// undici publishes these; the fetch of Node does so as well.
for (const [channel, name] of [
  ['undici:request:create', 'unsent'],
  // All of the request is in the hands of the system, and will arrive although its sender is dead.
  ['undici:request:bodySent', 'unanswered'],
  ['undici:request:trailers', 'answered'],
]) {
  subscribe(channel, ({ request }) => point(`${name} ${request.method} ${String(request.path).split('?')[0]}`));
}
