import type { Context } from '../context.js';
import { createSender, type Sender } from './sender.js';

type Options = Parameters<typeof createSender>[0];

const shared = new WeakMap<Context['store'], Map<string, { sender: Sender; users: number }>>();

/**
 * A sender that the drains of one process share: making one costs more than some attempts, and one instance's next turn finds
 * its connection still open. It closes with its last user.
 */
export function sharedSender(ctx: Context, options: Options): Sender {
  const senders = shared.get(ctx.store) ?? new Map();
  shared.set(ctx.store, senders);
  const key = JSON.stringify(options);
  const known = senders.get(key) ?? { sender: createSender(options), users: 0 };
  senders.set(key, known);
  known.users += 1;
  return {
    send: known.sender.send,
    async close() {
      known.users -= 1;
      if (known.users > 0) return;
      senders.delete(key);
      await known.sender.close();
    },
  };
}
