import type { Context } from '../core/context.js';
import { listInstances } from '../core/instances/index.js';
import type { InstanceDocument } from '../core/types.js';
import type { Outcome, Ui } from '../ui/output.js';
import { createPrompts, isPromptExit, type Prompts } from '../ui/prompts.js';
import { tryOut } from './try-out.js';

export interface FirstRunOptions {
  /** The program's help. */
  help: string;
}

type Choice = 'poll' | 'watch' | 'test' | 'create' | 'status' | 'help' | 'leave';

const WELCOME = `gmail-events watches a Gmail mailbox and POSTs what changes to a URL of yours. Three steps make it work:

  1. an OAuth client of your own at Google
  2. your consent for the mailbox
  3. an instance: what is watched, and where its events go

Ctrl-C leaves at any point; gmail-events goes on from there. (gmail-events demo shows it all without an account.)`;

/**
 * `gmail-events` alone on a terminal: from nothing to a delivered event. What is there already is not asked for again, so
 * a person may leave at each step. Where instances exist, it asks what is to be done.
 */
export async function run(
  options: FirstRunOptions,
  ctx: Context,
  ui: Ui,
  prompts: () => Promise<Prompts> = createPrompts,
): Promise<Outcome> {
  try {
    const instances = await listInstances(ctx);
    if (instances.length > 0) return await choose(instances, options, ctx, ui, prompts);
    ui.paragraph(WELCOME);
    return await create(ctx, ui, prompts);
  } catch (error) {
    if (isPromptExit(error)) ui.note('\nRun gmail-events again to go on from this step.');
    throw error;
  }
}

async function create(ctx: Context, ui: Ui, prompts: () => Promise<Prompts>): Promise<Outcome> {
  const { run: createInstance } = await import('./create-instance.js');
  return createInstance({}, ctx, ui, prompts);
}

async function choose(
  instances: InstanceDocument[],
  { help }: FirstRunOptions,
  ctx: Context,
  ui: Ui,
  prompts: () => Promise<Prompts>,
): Promise<Outcome> {
  const person = await prompts();
  const choice = await person.select<Choice>('What now?', [
    { name: 'Poll once', value: 'poll' },
    { name: 'Watch until Ctrl-C', value: 'watch' },
    { name: 'Send a test notification', value: 'test' },
    { name: 'Make another instance', value: 'create' },
    { name: 'Show how it goes', value: 'status' },
    { name: 'Show all commands', value: 'help' },
    { name: 'Leave', value: 'leave' },
  ]);
  switch (choice) {
    case 'poll':
      return (await import('./poll.js')).run({ names: [] }, ctx, ui);
    case 'watch':
      return (await import('./watch.js')).run({ names: [] }, ctx, ui);
    case 'status':
      return (await import('./status.js')).run({}, ctx, ui);
    case 'create':
      return create(ctx, ui, prompts);
    case 'test':
      await test(instances, ctx, ui, person);
      return 'ok';
    case 'help':
      ui.text(help.trimEnd());
      return 'ok';
    default:
      return 'ok';
  }
}

async function test(instances: InstanceDocument[], ctx: Context, ui: Ui, person: Prompts): Promise<void> {
  const able = instances.filter(({ configuration }) => configuration['event.notification.callback.url'] !== undefined);
  const [only] = able;
  if (only === undefined) {
    ui.note('No instance has a callback URL: gmail-events instances update ID --callback-url URL sets one.');
    return;
  }
  const choices = able.map((each) => ({ name: `${each.id} ${each.name}`, value: each }));
  await tryOut(able.length === 1 ? only : await person.select('Of which instance?', choices), ctx, ui, person);
}
