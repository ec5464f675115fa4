import { writeSync } from 'node:fs';

/**
 * Ends a run with the plain line that a script or a CI log can read, after all that jest itself prints. A test file that
 * failed to load counts as failed.
 */
export default class ClosingLine {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    process.on('exit', () => writeSync(1, `\n${results.numPassedTests} passed, ${failed} failed\n`));
  }
}
