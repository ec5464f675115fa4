import type { NewNotification } from '../../store/ports/outbox.js';
import type { Context } from '../context.js';
import type { InstanceDocument, InstanceSettings } from '../types.js';
import type { Answer } from './answer.js';
import { callbackRequest } from './callback-request.js';
import { createSender } from './sender.js';

/**
 * Sends notifications one after the other as a delivery would (address rules, secrets, headers, time allowed), but leaves no
 * trace in the store: no attempt, no stop, no rest. Throws CoreError `usage` for a callback URL that is none.
 */
export async function* sendTests(
  ctx: Context,
  { instance, settings }: { instance: InstanceDocument; settings: InstanceSettings },
  notifications: readonly NewNotification[],
): AsyncGenerator<{ notification: NewNotification; answer: Answer }> {
  const rules = await ctx.store.settings.read();
  const sender = createSender({
    allowPrivate: instance.allowPrivate,
    timeoutSeconds: rules['delivery.timeoutSeconds'],
  });
  try {
    for (const notification of notifications) {
      const now = ctx.clock.now();
      const answer = await sender.send(callbackRequest(settings, notification, now), now);
      yield { notification, answer };
    }
  } finally {
    await sender.close();
  }
}
