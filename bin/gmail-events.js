#!/usr/bin/env node
import module from 'node:module';
import { setFlagsFromString } from 'node:v8';

// Where Node has one (22.1 and later).
module.enableCompileCache?.();
// V8 would optimize undici's parser, which is WebAssembly, after its first answers: for all of a poll that takes longer
// than the poll. In a process that goes on, it is optimized a little later.
if (/^v2[0-4]\./.test(process.version)) setFlagsFromString('--wasm-tiering-budget=100000000');

const { main } = await import('../bundle/cli.js');

// A reader that has seen enough (`| head`) closes the pipe: that is no fault.
process.stdout.on('error', (error) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
// Whoever watched stderr may leave as well; the work goes on without.
process.stderr.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));
// Nothing should keep the process now. Should something all the same, it does not keep a cron line waiting.
setTimeout(() => process.exit(), 3000).unref();
