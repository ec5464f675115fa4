import { deliverInstance, listEvents, resendEvents, resumeInstance } from '../../../core/delivery/index.js';
import { setEnabled } from '../../../core/instances/index.js';
import type { Pages } from '../pages.js';
import type { Flash } from '../security/sessions.js';
import { NotFound, type Visit } from '../visit.js';
import { counted } from '../words.js';
import { GOES_ON, pollNow } from './poll-now.js';
import { readInstance } from './read.js';
import { resentFlash } from './resent.js';

const instancePath = ({ params }: Visit): string => `/instances/${params['id']}`;

/** What the buttons of an instance do. Each is told on its page. */
export function registerActions(pages: Pages): void {
  const action = (name: string, act: (visit: Visit, id: number) => Promise<Flash>) =>
    pages.action(
      `/instances/:id/${name}`,
      async (visit) => {
        const { id } = await readInstance(visit);
        visit.session.flash = await act(visit, id);
        return instancePath(visit);
      },
      instancePath,
    );
  action('poll', pollNow);
  action('resume', resume);
  action('resend', resendAll);
  action('pause', async ({ ctx }, id) => {
    await setEnabled(ctx, id, false);
    return { kind: 'done', text: 'Paused: it is neither polled nor delivered. Its cursor and what is pending wait.' };
  });
  action('enable', async ({ ctx }, id) => {
    await setEnabled(ctx, id, true);
    return { kind: 'done', text: 'Enabled: the next poll catches up.' };
  });
}

/** A stop is lifted to have the pending ones sent, so they are sent: perhaps no watch runs. */
async function resume({ ctx, work }: Visit, id: number): Promise<Flash> {
  const waiting = await resumeInstance(ctx, id);
  const done = await work.run((options) => deliverInstance(ctx, id, options));
  if (done === null) return GOES_ON;
  const { delivered, pending, stopped } = done.value;
  const text = `Resumed: of ${counted(waiting, 'notification')} ${delivered} delivered, ${pending} pending.`;
  return stopped
    ? { kind: 'failed', text: `${text} It is stopped again: the receiver still fails.` }
    : { kind: 'done', text };
}

/** All of one state. */
async function resendAll({ ctx, work, query }: Visit, id: number): Promise<Flash> {
  const state = (['dead', 'stored', 'pending'] as const).find((known) => known === query.get('state'));
  if (state === undefined) throw new NotFound('Which notifications are meant is not said.');
  const filter = { instanceId: id, state };
  const [first] = await listEvents(ctx, { ...filter, limit: 1 });
  if (first === undefined) return { kind: 'done', text: `None is ${state} any more.` };
  const done = await work.run((options) => resendEvents(ctx, filter, options));
  return done === null ? GOES_ON : resentFlash(done.value);
}
