import type { HistoryType, MessageFormat } from '../../src/core/types.js';
import type { Chance } from './chance.js';

/** What a changed-messages url asks for, as the oracle reads it: made first, the url is written from it. */
export interface Rules {
  name: string;
  url: string;
  idField: 'id' | 'threadId';
  /** Empty: all four. */
  historyTypes: HistoryType[];
  labelIds: string[];
  excludeLabelIds: string[];
  includeSpamTrash: boolean;
  format: MessageFormat;
  pageSize: number;
}

export type Collection = 'labels' | 'drafts' | 'messages';

export interface InstancePlan {
  resources: Rules[];
  /** Lists that are compared with their last snapshot, each under its own name. */
  collections: Collection[];
  /** As it is stored. */
  configuration: Record<string, string>;
  ordered: boolean;
  system: boolean;
}

export interface Scene {
  instances: InstancePlan[];
  /** config.json */
  settings: { 'quota.perAccountPerMinute': number; 'delivery.retryWaits': number[] };
  scope: 'gmail.readonly' | 'gmail.metadata';
}

const TYPES: HistoryType[] = ['messageAdded', 'messageDeleted', 'labelAdded', 'labelRemoved'];
const PAGE_SIZES = [1, 2, 3, 7, 20, 100, 500, 500, 500];
const RETRY_WAITS = [
  [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
  [1, 1, 1, 1, 1, 1, 1, 1, 1],
  [2, 60],
];

/** Who watches the mailbox, and how. */
export function makeScene(chance: Chance): Scene {
  const scope = chance.happens(0.15) ? 'gmail.metadata' : 'gmail.readonly';
  const count = chance.pick([1, 1, 1, 2, 3]);
  return {
    instances: Array.from({ length: count }, (_, at) => makeInstance(chance, at + 1, scope)),
    settings: {
      'quota.perAccountPerMinute': chance.pick([6000, 6000, 6000, 400, 150]),
      'delivery.retryWaits': chance.pick(RETRY_WAITS),
    },
    scope,
  };
}

function makeInstance(chance: Chance, number: number, scope: Scene['scope']): InstancePlan {
  const names = ['changed-messages', ...(chance.happens(0.2) ? ['more-changes'] : [])];
  const resources = names.map((name) => makeRules(chance, name, scope));
  const lists: Collection[] = scope === 'gmail.metadata' ? ['labels', 'messages'] : ['labels', 'drafts', 'messages'];
  const collections = chance.happens(0.15) ? [chance.pick(lists)] : [];
  const [ordered, cloudEvents, system] = [chance.happens(0.75), chance.happens(0.2), chance.happens(0.85)];
  return {
    resources,
    collections,
    ordered,
    system,
    configuration: {
      'event.notification.enabled': 'true',
      'event.notification.callback.url': `https://receiver.simulated.test/${number}`,
      'event.poller.refresh_interval': String(chance.pick([1, 5, 15])),
      'event.poller.configuration': JSON.stringify(pollerConfiguration(resources, collections)),
      'event.notification.order': ordered ? 'ordered' : 'parallel',
      'event.notification.format': cloudEvents ? 'cloudevents' : 'cloud-elements',
      'event.notification.system.enabled': String(system),
    },
  };
}

/** event.poller.configuration */
export function pollerConfiguration(
  resources: readonly Rules[],
  collections: readonly Collection[],
): Record<string, object> {
  return Object.fromEntries([
    ...resources.map(({ name, url, idField, pageSize }) => [name, { url, idField, pageSize }]),
    ...collections.map((name) => [name, { url: name, idField: 'id', pageSize: 7 }]),
  ]);
}

export function makeRules(chance: Chance, name: string, scope: Scene['scope']): Rules {
  const filtered = chance.happens(0.5);
  const formats: MessageFormat[] = ['ids', 'ids', 'metadata', 'metadata', 'full', 'raw'];
  const rules = {
    name,
    idField: chance.pick(['id', 'id', 'threadId'] as const),
    historyTypes: chance.happens(0.6) ? [] : chance.some(TYPES, 0.5),
    labelIds: filtered ? chance.some(['INBOX', 'STARRED', 'Label_1'], 0.3) : [],
    excludeLabelIds: filtered ? chance.some(['CATEGORY_PROMOTIONS', 'SENT'], 0.3) : [],
    includeSpamTrash: chance.happens(0.3),
    format: chance.pick(scope === 'gmail.metadata' ? formats.slice(0, 4) : formats),
    pageSize: chance.pick(PAGE_SIZES),
  };
  return { ...rules, url: urlOf(chance, rules) };
}

function urlOf(chance: Chance, rules: Omit<Rules, 'url'>): string {
  const query = new URLSearchParams();
  for (const name of ['historyTypes', 'labelIds', 'excludeLabelIds'] as const) {
    for (const value of rules[name]) query.append(name, value);
  }
  if (rules.format !== 'metadata' || chance.happens(0.3)) query.append('format', rules.format);
  if (rules.format === 'metadata' && chance.happens(0.3)) query.append('metadataHeaders', 'Subject');
  if (rules.includeSpamTrash) query.append('includeSpamTrash', 'true');
  const path = chance.pick(['changed-messages', '/hubs/general/changed-messages', '/hubs/general/changed-message']);
  return query.size === 0 ? path : `${path}?${query}`;
}
