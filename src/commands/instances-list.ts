import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import { describeInstance, type InstanceObject, readInstances, readSettings } from '../core/instances/index.js';
import type { InstanceDocument } from '../core/types.js';
import type { Outcome, Ui } from '../ui/output.js';
import type { Cell } from '../ui/table.js';
import { stateCell } from './state-cells.js';

export type InstancesListOptions = Record<string, never>;

const COLUMNS = ['ID', 'NAME', 'ACCOUNT', 'EVENTS', 'EVERY', 'RESOURCES', 'STATE'];

export async function run(_options: InstancesListOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const [{ documents, broken }, rows] = await Promise.all([readInstances(ctx), ctx.store.instances.list()]);
  const stopped = new Set(rows.filter((row) => row.stop !== null).map((row) => row.id));
  const objects: InstanceObject[] = [];
  const table: Cell[][] = [];
  for (const document of documents) {
    const object = await describeInstance(ctx, document);
    objects.push(object);
    const account = object.user.emailAddress;
    const events = object.eventsEnabled ? 'on' : 'off';
    const state = stateOf(object, stopped.has(document.id));
    table.push([String(document.id), document.name, account, events, ...polled(document), stateCell(state, ui.paint)]);
  }
  ui.data(objects);
  if (documents.length > 0) ui.table(COLUMNS, table, ['RESOURCES', 'EVERY', 'EVENTS']);
  else if (broken.length === 0) ui.note('There is no instance yet: gmail-events create-instance makes one.');
  const [first, ...others] = broken;
  if (first === undefined) return 'ok';
  const and = others.length === 0 ? '' : ` (and ${others.map(({ id }) => id).join(', ')})`;
  const { message, hint, code } = first.error;
  throw new CoreError(documents.length === 0 ? code : 'partial', `instance ${first.id}${and}: ${message}`, {
    ...(hint === null ? {} : { hint }),
  });
}

function stateOf(object: InstanceObject, stopped: boolean): string {
  if (object.disabled) return 'disabled';
  if (!object.valid) return 'needs authorization';
  return stopped ? 'stopped' : 'ok';
}

/** A file changed by hand so that it cannot be read must not hide the others. */
function polled(document: InstanceDocument): [every: string, resources: string] {
  try {
    const { intervalMinutes, resources } = readSettings(document);
    return [`${intervalMinutes} min`, resources.map((resource) => resource.name).join(', ')];
  } catch {
    return ['?', 'unreadable'];
  }
}
