import { eventId } from '../../src/core/notification/index.js';
import type { HistoryType } from '../../src/core/types.js';
import type { ChangeKind, MailChange, MailMessage, MailRecord } from './recorded-mailbox.js';
import type { Rules } from './scene.js';

/** `must`: the contract lets it through. `may`: it depends on what only the product knows. `never`: the filters drop it. */
export type Verdict = 'must' | 'may' | 'never';

export interface Expected {
  id: string;
  eventType: 'CREATED' | 'UPDATED' | 'DELETED';
  messageId: string;
  /** As a record's `changes`. */
  changes: { type: ChangeKind; labelIds?: readonly string[] }[];
  verdict: Verdict;
  /** Id of the record where it stands in the order of events; null: outside of it. */
  place: bigint | null;
  /** What the resource asked for when this was read. */
  rules: Rules;
}

interface Step {
  record: bigint;
  kind: ChangeKind;
  told: readonly string[] | null;
  before: readonly string[];
  after: readonly string[];
}

interface Story {
  steps: Step[];
  changes: Expected['changes'];
  addedAt: bigint | null;
  deleted: boolean;
  lastRecord: bigint;
  lastRelabelling: string;
}

const ASKED: Record<HistoryType, ChangeKind> = {
  messageAdded: 'messageAdded',
  messageDeleted: 'messageDeleted',
  labelAdded: 'labelsAdded',
  labelRemoved: 'labelsRemoved',
};
const ALL = Object.values(ASKED);

/**
 * Section 5 of the contract once more, from the mailbox's own truth: what the records between two places of a resource's
 * cursor have to be told as. `created` are messages whose CREATED is out.
 */
export function expectedOf(
  records: readonly MailRecord[],
  rules: Rules,
  about: { uuid: string; created: ReadonlySet<string>; messages: ReadonlyMap<string, MailMessage>; at: number },
): Expected[] {
  const kinds = new Set(rules.historyTypes.length === 0 ? ALL : rules.historyTypes.map((type) => ASKED[type]));
  const stories = new Map<string, Story>();
  for (const record of records) {
    for (const changes of byMessage(record.changes, kinds)) tell(stories, record.id, changes, kinds, about.created);
  }
  const told = [...stories].filter(([, story]) => story.changes.length > 0);
  return told.map(([messageId, story]) => {
    const eventType = story.deleted ? 'DELETED' : story.addedAt === null ? 'UPDATED' : 'CREATED';
    const last = eventType === 'CREATED' ? [] : [String(story.lastRecord)];
    return {
      id: eventId([about.uuid, rules.name, eventType, messageId, ...last]),
      eventType,
      messageId,
      changes: story.changes,
      verdict: verdictOf(story, eventType, rules, kinds, about.messages.get(messageId), about.at),
      place: eventType === 'CREATED' ? story.addedAt : story.lastRecord,
      rules,
    };
  });
}

/** A message that is looked for after a gap: CREATED, whatever else happened to it. */
export function createdId(uuid: string, rules: Rules, messageId: string): string {
  return eventId([uuid, rules.name, 'CREATED', messageId]);
}

/** Of one record, what it says of each message: its label changes are one step. */
function byMessage(changes: readonly MailChange[], kinds: ReadonlySet<ChangeKind>): MailChange[][] {
  const groups: MailChange[][] = [];
  for (const change of changes.filter(({ kind }) => kinds.has(kind))) {
    const isLabel = ({ kind }: MailChange) => kind === 'labelsAdded' || kind === 'labelsRemoved';
    const group = groups.find(([first]) => {
      return first !== undefined && first.messageId === change.messageId && isLabel(first) && isLabel(change);
    });
    if (group === undefined) groups.push([change]);
    else group.push(change);
  }
  return groups;
}

function tell(
  stories: Map<string, Story>,
  record: bigint,
  changes: readonly MailChange[],
  kinds: ReadonlySet<ChangeKind>,
  created: ReadonlySet<string>,
): void {
  const [first] = changes;
  if (first === undefined) return;
  const story: Story = stories.get(first.messageId) ?? {
    steps: [],
    changes: [],
    addedAt: null,
    deleted: false,
    lastRecord: record,
    lastRelabelling: '',
  };
  stories.set(first.messageId, story);
  if (first.kind === 'messageAdded') {
    // A repeated record counts as no change.
    if (story.addedAt !== null || created.has(first.messageId)) return;
    story.addedAt = record;
  } else if (first.kind === 'messageDeleted') {
    if (story.deleted) return;
    story.deleted = true;
  } else {
    const relabelling = JSON.stringify(changes.map(({ kind, labelIds }) => [kind, labelIds]));
    const seesAll = kinds.has('labelsAdded') && kinds.has('labelsRemoved');
    if (seesAll && relabelling === story.lastRelabelling) return;
    story.lastRelabelling = relabelling;
  }
  story.lastRecord = record;
  const step = { added: labelsOf(changes, 'labelsAdded'), removed: labelsOf(changes, 'labelsRemoved') };
  const { kind, told, after } = first;
  const before = [...after.filter((label) => !step.added.includes(label)), ...step.removed];
  story.steps.push({ record, kind, told, before, after });
  for (const change of changes) {
    const labelled = change.kind === 'labelsAdded' || change.kind === 'labelsRemoved';
    story.changes.push({ type: change.kind, ...(labelled && { labelIds: change.labelIds }) });
  }
}

function labelsOf(changes: readonly MailChange[], kind: ChangeKind): string[] {
  return changes.filter((change) => change.kind === kind).flatMap(({ labelIds }) => labelIds);
}

function verdictOf(
  { steps }: Story,
  eventType: Expected['eventType'],
  rules: Rules,
  kinds: ReadonlySet<ChangeKind>,
  message: MailMessage | undefined,
  at: number,
): Verdict {
  const told = steps.filter((step) => step.told !== null);
  const seesAll = kinds.has('labelsAdded') && kinds.has('labelsRemoved');
  // With every label change in sight and its labels told, nothing is left to what the product may guess.
  const exact = told.length === steps.length && seesAll;
  if (eventType === 'CREATED') {
    const arrival = steps.find(({ kind }) => kind === 'messageAdded');
    const end = steps.at(-1)?.after ?? [];
    if (arrival?.told != null && newMailPasses(arrival.after, rules)) return 'must';
    if (exact) return newMailPasses(end, rules) ? 'must' : 'never';
    if (told.length > 0) return 'may';
    if (rules.format === 'ids') return 'must';
    return alwaysPassed(message, rules, at) ? 'must' : 'may';
  }
  // What no one was told of passes: one event too many can be ignored.
  const seen = told.length === 0 || seesAll ? steps : told;
  const states = seen.flatMap(({ kind, before, after }) => (isArrival(kind) ? [after] : [before, after]));
  if (states.some((labels) => passes(labels, rules))) return 'must';
  if (told.length === 0 && eventType === 'DELETED') return 'must';
  return exact ? 'never' : 'may';
}

const isArrival = (kind: ChangeKind) => kind === 'messageAdded' || kind === 'messageDeleted';

/** Whatever moment of its life is looked at, from its arrival on, the message passes as new mail. */
export function alwaysPassed(message: MailMessage | undefined, rules: Rules, until: number): boolean {
  return (message?.states ?? []).every((state) => state.at > until || newMailPasses(state.labels, rules));
}

/** At some moment of its life it passed. */
export function everPassed(message: MailMessage | undefined, rules: Rules): boolean {
  return (message?.states ?? []).some(({ labels }) => newMailPasses(labels, rules));
}

function newMailPasses(labels: readonly string[], rules: Rules): boolean {
  if (!rules.includeSpamTrash && (labels.includes('SPAM') || labels.includes('TRASH'))) return false;
  return passes(labels, rules);
}

function passes(labels: readonly string[], { labelIds, excludeLabelIds }: Rules): boolean {
  if (labels.includes('DRAFT') || labels.includes('CHAT')) return false;
  return labelIds.every((label) => labels.includes(label)) && !excludeLabelIds.some((label) => labels.includes(label));
}
