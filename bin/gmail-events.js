#!/usr/bin/env node
const { load } = require('./load.js');

// A reader that has seen enough (`| head`) closes the pipe: that is no fault.
process.stdout.on('error', (error) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
// Whoever watched stderr may leave as well; the work goes on without.
process.stderr.on('error', () => {});

load()
  .main(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code;
    // Nothing should keep the process now. Should something all the same, it does not keep a cron line waiting.
    setTimeout(() => process.exit(), 3000).unref();
  });
