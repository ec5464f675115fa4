import { parseArgs } from 'node:util';
import { drainRun } from './drain.js';
import { pruneRun } from './prune.js';
import { printReport } from './report.js';

const USAGE = `npm run load -- [--instances N] [--notifications N] [--failing SHARE] [--seconds N] [--json]
npm run load -- --prune [--total N] [--rounds N] [--json]

Without --prune: a backlog of all instances is drained by "gmail-events watch" while a share of the receivers fail.
With it: notifications are stored, delivered and pruned in rounds. Either ends with exit 1 when a check does not hold.

  --instances N       instances (1000)
  --notifications N   pending ones of each instance (100)
  --failing SHARE     share of the receivers that fail, 0 to 0.9 (0.34)
  --seconds N         the run lasts at least so long, so that rests can be seen to end (180)
  --timeout N         the setting delivery.timeoutSeconds (15)
  --profile DIR       writes a CPU profile of the watch
  --total N           notifications of the prune run (200000)
  --rounds N          of storing, delivering and pruning (20)`;

const options = readOptions();
const report = options.prune ? await pruneRun(options) : await drainRun(options);
printReport(report, options.json);
process.exit(report.checks.every(({ ok }) => ok) ? 0 : 1);

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        prune: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        instances: { type: 'string', default: '1000' },
        notifications: { type: 'string', default: '100' },
        failing: { type: 'string', default: '0.34' },
        seconds: { type: 'string', default: '180' },
        timeout: { type: 'string', default: '15' },
        total: { type: 'string', default: '200000' },
        rounds: { type: 'string', default: '20' },
        profile: { type: 'string' },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const number = (name, least, most) => {
      const value = Number(values[name]);
      if (values[name] !== '' && value >= least && value <= most) return value;
      throw new Error(`--${name} is ${JSON.stringify(values[name])}; accepted: ${least} to ${most}`);
    };
    return {
      prune: values.prune,
      json: values.json,
      profile: values.profile,
      instances: number('instances', 1, 1e5),
      notifications: number('notifications', 1, 1e5),
      failing: number('failing', 0, 0.9),
      seconds: number('seconds', 0, 3600),
      timeout: number('timeout', 0.1, 600),
      total: number('total', 1, 1e7),
      rounds: number('rounds', 2, 1000),
    };
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}
