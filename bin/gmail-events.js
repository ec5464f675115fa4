#!/usr/bin/env node
import { main } from '../dist/cli.js';

// A reader that has seen enough (`| head`) closes the pipe: that is no fault.
process.stdout.on('error', (error) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
// Whoever watched stderr may leave as well; the work goes on without.
process.stderr.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));
// Nothing should keep the process now. Should something all the same, it does not keep a cron line waiting.
setTimeout(() => process.exit(), 3000).unref();
