import type { NewNotification } from '../../../store/ports/outbox.js';
import type { ResourceRow } from '../../../store/ports/resources.js';
import { buildNotifications } from '../../notification/index.js';
import type { ResourceRun } from '../../polling/resource-run.js';
import type { ChangeEvent, HistoryResource } from '../../types.js';
import { FetchedMessages } from './fetch.js';

/** What making events of history takes: it stores nothing. */
export interface Reading {
  run: Pick<ResourceRun, 'ctx' | 'instance' | 'gmail' | 'pollStart' | 'signal'>;
  resource: HistoryResource;
  row: Pick<ResourceRow, 'stuck'>;
  fetched: FetchedMessages;
  /** Which of these messages were told as CREATED before: they are not created again. */
  emittedAmong(messageIds: string[]): Promise<Set<string>>;
}

/** One poll's reading of one changed-messages. */
export interface Feed extends Reading {
  run: ResourceRun;
  /** The marker after the last commit. Kept here, because a dry run stores none. */
  row: ResourceRow;
  /** Committed so far. */
  events: number;
}

export function openFeed(run: ResourceRun, resource: HistoryResource): Feed {
  const { resources } = run.ctx.store;
  return {
    run,
    resource,
    row: run.row,
    fetched: new FetchedMessages(),
    emittedAmong: (messageIds) => resources.emittedAmong(run.instance.id, resource.name, messageIds),
    events: 0,
  };
}

/** What one transaction stores. */
export interface FeedPart {
  patch: Partial<Omit<ResourceRow, 'instanceId' | 'name' | 'kind'>>;
  events?: ChangeEvent[];
  /** Message ids whose CREATED is among the events. */
  emitted?: string[];
  /** A GAP. */
  mailbox?: NewNotification[];
  /** Milliseconds. */
  forgetEmittedBefore?: number;
}

/** The central rule: events, the notifications built of them and the marker behind them, in one transaction; none for nothing. */
export async function commit(feed: Feed, part: FeedPart): Promise<void> {
  const { run, resource } = feed;
  const { instance, settings, pollStart, email } = run;
  const { events = [], emitted = [], mailbox = [], patch, forgetEmittedBefore } = part;
  const { name, timezone } = resource;
  if (events.length === 0 && mailbox.length === 0 && Object.keys(patch).length === 0) return;
  const built = buildNotifications({ instance, settings, resource: name, timezone, events, pollStart, email });
  await run.commit({
    patch,
    notifications: [...built, ...mailbox],
    emitted,
    // In Google's time, as the ends of history by which they are forgotten.
    emittedAt: run.ctx.clock.now() - run.gmail.clockAheadMs,
    ...(forgetEmittedBefore !== undefined && { forgetEmittedBefore }),
  });
  feed.row = { ...feed.row, ...patch };
  feed.events += events.length;
}

/** The poll was asked to stop: not a failure, and nothing is half done. */
export class Stopped extends Error {}

export function stopIfAsked(run: Pick<ResourceRun, 'signal'>): void {
  if (run.signal.aborted) throw new Stopped();
}

/** A call of Gmail's; one that a stop cut short is no failure of Gmail's. */
export async function ask<T>(run: Pick<ResourceRun, 'signal'>, call: () => Promise<T>): Promise<T> {
  stopIfAsked(run);
  try {
    return await call();
  } catch (error) {
    stopIfAsked(run);
    throw error;
  }
}
