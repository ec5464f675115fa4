import { ask, commit, type Feed } from './feed.js';

/**
 * The first baseline of a resource that never had one: what came before it is no event. From the profile and not from
 * a message: the newest message of a quiet mailbox may be older than Gmail's history, and its historyId unknown there.
 */
export async function takeBaseline(feed: Feed): Promise<void> {
  const { run } = feed;
  const { historyId } = await ask(run, () => run.gmail.getProfile());
  const now = run.ctx.clock.now();
  await commit(feed, { patch: { cursor: historyId, cursorAt: now, firstBaselineAt: now } });
}
