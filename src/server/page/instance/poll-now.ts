import { type PollSummary, pollInstance } from '../../../core/polling/index.js';
import type { Flash } from '../security/sessions.js';
import { pageHint } from '../trouble.js';
import type { Visit } from '../visit.js';
import { counted } from '../words.js';

/** For what takes longer than a browser likes to wait. */
export const GOES_ON: Flash = {
  kind: 'done',
  text: 'That takes longer: it goes on in the background. Load this page again to see it.',
};

/** One poll with its deliveries, counted as those of the loop are, and told in a sentence. */
export async function pollNow({ ctx, work, world }: Pick<Visit, 'ctx' | 'work' | 'world'>, id: number): Promise<Flash> {
  const onPolled = world.metrics.polled.bind(world.metrics);
  const done = await work.run((options) =>
    pollInstance(ctx, id, { scheduled: false, deliver: true, onPolled, ...options }),
  );
  return done === null ? GOES_ON : pollFlash(done.value);
}

function pollFlash({ status, events, notifications, delivered, pending, error }: PollSummary): Flash {
  if (error !== null) return { kind: 'failed', text: error.message, hint: pageHint(error, true) ?? undefined };
  if (status === 'busy') {
    return { kind: 'done', text: 'It is being polled right now, by another process or by the server itself.' };
  }
  if (status === 'disabled') {
    return { kind: 'failed', text: 'It was not polled: it is paused, or has its events off.' };
  }
  const found =
    events === 0 ? 'nothing new' : `${counted(events, 'event')} in ${counted(notifications, 'notification')}`;
  const sent = [...(delivered > 0 ? [`${delivered} delivered`] : []), ...(pending > 0 ? [`${pending} pending`] : [])];
  return { kind: pending > 0 ? 'failed' : 'done', text: `Polled: ${[found, ...sent].join(', ')}.` };
}
