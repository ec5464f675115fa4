import pLimit from 'p-limit';
import type { Stage, Trial, Watched } from './stage.js';

/** Processes at a time: more than the cores of a small machine only wait for each other. */
const AT_ONCE = 2;

export interface Run {
  /** The base that its trials begin from; the stage's home as it stands unless given. */
  from?: string;
  args: string[] | ((trial: Trial) => string[]);
  stdin?(trial: Trial): string;
  /** What it ends with when nothing disturbs it; 0 unless given. */
  code?: number;
  /** Which of the points found are killed at; all of them unless given. */
  chosen?(points: string[]): number[];
}

/**
 * Runs a command to its end in a first trial, which finds the points, then once more for each point in a trial of its own
 * that is killed there. `judge` is called with each, and what it throws is told with the point. Returns the names of the
 * points at which a process was killed: it may be one less, as a run at the end of a minute reserves units once more.
 */
export async function killedEverywhere(
  stage: Stage,
  run: Run,
  judge: (trial: Trial, ended: Watched) => Promise<void>,
): Promise<string[]> {
  const start = (trial: Trial, killAt?: number): Promise<Watched> => {
    const args = typeof run.args === 'function' ? run.args(trial) : run.args;
    return trial.watched(args, { stdin: run.stdin?.(trial) ?? '', ...(killAt === undefined ? {} : { killAt }) });
  };
  const first = stage.trial(run.from);
  const whole = await start(first);
  if (whole.code !== (run.code ?? 0)) throw new Error(`the undisturbed run ended with ${whole.code}: ${whole.stderr}`);
  await judge(first, whole);
  const numbers = run.chosen?.(whole.points) ?? whole.points.map((_, at) => at + 1);
  const limit = pLimit(AT_ONCE);
  const failures: string[] = [];
  const points: string[] = [];
  const killed = async (killAt: number): Promise<void> => {
    const trial = stage.trial(run.from);
    const ended = await start(trial, killAt);
    const name = ended.points.at(-1) ?? 'none';
    if (ended.signal === 'SIGKILL') points.push(name);
    try {
      if (ended.signal !== 'SIGKILL' && ended.points.length >= killAt) throw new Error('it was passed alive');
      await judge(trial, ended);
    } catch (error) {
      failures.push(`${killAt} ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  await Promise.all(numbers.map((number) => limit(killed, number)));
  if (failures.length > 0) throw new Error(`${failures.length} of ${numbers.length} points:\n${failures.join('\n')}`);
  return points;
}
