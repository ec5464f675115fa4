import type { Context } from '../context.js';
import { CoreError, type Fault, type ReportedError, reported } from '../errors.js';
import type { CheckedBody } from './body.js';
import { readBody } from './body-text.js';
import { type CreatedInstance, type CreateOptions, finishInstance, namedAccount, planInstance } from './create.js';
import { largestFileId } from './find.js';
import { type Baseline, baseline, redeem } from './grant.js';
import type { Granted, GrantRequest } from './grant-request.js';
import { claim, type TakenIds, takenIds } from './kept-ids.js';
import { refusal } from './refusal.js';

/** One line of an NDJSON file. */
export interface BulkLine {
  /** From 1. */
  line: number;
  bytes: Uint8Array;
}

export type BulkResult = { line: number } & ({ created: CreatedInstance } | { error: ReportedError });

/** Grants are asked for ahead of their turn, so that one slow answer of Google does not hold up the rest. */
const AHEAD = 8;

interface Planned {
  line: number;
  body: CheckedBody;
  warnings: string[];
  request: GrantRequest;
}

interface Started {
  line: number;
  body: CheckedBody;
  warnings: string[];
  granted: Promise<Granted | { error: unknown }>;
}

/**
 * Makes an instance of every line, in input order. All lines are checked before any code is used or anything is stored:
 * their faults come as one CoreError `usage`, each path beginning with its line. A line that Google refuses later gives
 * an error of its own; a fault of the store ends the run.
 */
export async function* createBulk(
  ctx: Context,
  lines: AsyncIterable<BulkLine> | Iterable<BulkLine>,
  options: CreateOptions,
): AsyncGenerator<BulkResult> {
  const planned = await planLines(ctx, lines, options);
  options.onPlanned?.(planned.length);
  const keptIds = planned.map(({ body }) => body.kept.id ?? 0);
  const largestId = keptIds.reduce((largest, id) => Math.max(largest, id), await largestFileId(ctx));
  const finish = { allowPrivate: options.allowPrivate, largestId, baselineOf: baselineOncePerAccount() };
  const waiting = planned.values();
  const started: Started[] = [];
  const start = () => {
    const next = waiting.next();
    if (next.done === true) return;
    const { line, body, warnings, request } = next.value;
    started.push({ line, body, warnings, granted: redeem(ctx, request).catch((error: unknown) => ({ error })) });
  };
  for (let places = 0; places < AHEAD; places += 1) start();
  for (let head = started.shift(); head !== undefined; head = started.shift()) {
    start();
    yield { line: head.line, ...(await finishLine(ctx, head, await head.granted, finish)) };
  }
}

async function finishLine(
  ctx: Context,
  { body, warnings }: Started,
  granted: Granted | { error: unknown },
  finish: Parameters<typeof finishInstance>[3],
): Promise<{ created: CreatedInstance } | { error: ReportedError }> {
  try {
    if ('error' in granted) throw granted.error;
    const created = await finishInstance(ctx, body, granted, finish);
    return { created: { ...created, warnings: [...warnings, ...created.warnings] } };
  } catch (error) {
    const told = reported(error);
    if (told.code === 'store') throw error;
    return { error: told };
  }
}

async function planLines(
  ctx: Context,
  lines: AsyncIterable<BulkLine> | Iterable<BulkLine>,
  options: CreateOptions,
): Promise<Planned[]> {
  const account = await namedAccount(ctx, options.account);
  const faults: Fault[] = [...account.accountFaults];
  const taken: TakenIds = options.keepIds === true ? await takenIds(ctx) : { ids: new Set(), tokens: new Set() };
  const planned: Planned[] = [];
  let count = 0;
  for await (const { line, bytes } of lines) {
    count += 1;
    const read = readBody(bytes);
    if ('fault' in read) {
      faults.push({ path: `line ${line}`, message: read.fault });
      continue;
    }
    const plan = await planInstance(ctx, read.value, { ...options, found: account.found, accountFaults: [] });
    faults.push(...plan.faults.map((fault) => ({ path: `line ${line}: ${fault.path}`, message: fault.message })));
    const { kept, warnings } = claim(taken, plan.body.kept);
    if (plan.request !== null) planned.push({ line, body: { ...plan.body, kept }, warnings, request: plan.request });
  }
  if (count === 0) throw new CoreError('usage', 'there is no body to read: --bulk takes one JSON object a line');
  if (faults.length === 0) return planned;
  const hint = "Correct the lines and run the command again (nothing was stored). jq -c '.[]' makes lines of an array.";
  throw refusal('the bulk file', faults, hint);
}

/** Instances that one run makes for one account begin at the same historyId: the one read first, so that none misses a change. */
function baselineOncePerAccount(): typeof baseline {
  const known = new Map<string, Promise<Baseline>>();
  return (ctx, granted, account) => {
    if ('grant' in granted) return baseline(ctx, granted, account);
    const read = known.get(account.key) ?? baseline(ctx, granted, account);
    known.set(account.key, read);
    read.catch(() => known.delete(account.key));
    return read;
  };
}
