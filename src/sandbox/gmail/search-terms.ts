import type { StoredMessage } from '../mail/message-store.js';

export type Test = (message: StoredMessage) => boolean;

export interface SearchContext {
  /** Milliseconds: what newer_than: counts back from. */
  now: number;
  labelName(id: string): string;
}

const DAY_MS = 86_400_000;
const SPANS: Record<string, number> = { h: 3_600_000, d: DAY_MS, m: 30 * DAY_MS, y: 365 * DAY_MS };

/** One word or `operator:value`; an operator that is not known here is a word, as in Gmail. */
export function termTest(token: string, context: SearchContext): Test {
  const [, operator = '', value = ''] = /^([\w-]+):(.+)$/s.exec(token) ?? [];
  const wanted = unquoted(value).toLowerCase();
  switch (operator.toLowerCase()) {
    case 'after':
    case 'newer':
      return since(wanted, (sent, limit) => sent >= limit);
    case 'before':
    case 'older':
      return since(wanted, (sent, limit) => sent < limit);
    case 'newer_than':
      return span(wanted, (sent, length) => sent >= context.now - length);
    case 'older_than':
      return span(wanted, (sent, length) => sent < context.now - length);
    case 'in':
    case 'is':
    case 'label':
    case 'category':
      return place(operator.toLowerCase(), wanted, context);
    case 'from':
      return contains((message) => message.from, wanted);
    case 'to':
      return contains((message) => message.to, wanted);
    case 'subject':
      return contains((message) => message.subject, wanted);
    case 'rfc822msgid':
      return (message) => `${message.id}@mail.example.com` === wanted.replace(/[<>]/g, '');
    case 'has':
      return () => false;
    case 'larger':
      return (message) => (message.size ?? message.body.length) > Number(wanted);
    default:
      return contains(
        ({ from, to, subject, body }) => `${from} ${to} ${subject} ${body}`,
        unquoted(token).toLowerCase(),
      );
  }
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/s, '$1');
}

/** A phrase as it is; of words in parentheses all, or one of those that OR joins. */
function contains(textOf: (message: StoredMessage) => string, wanted: string): Test {
  const words = /^\((.*)\)$/s.exec(wanted)?.[1];
  const needed = words === undefined ? [[wanted]] : grouped(words);
  return (message) => {
    const text = textOf(message).toLowerCase();
    return needed.every((choices) => choices.some((choice) => text.includes(choice)));
  };
}

function grouped(words: string): string[][] {
  return words
    .replace(/\s+or\s+/g, '|')
    .split(/\s+/)
    .filter(Boolean)
    .map((choices) => choices.split('|'));
}

/** Epoch seconds, or a date: midnight in Pacific Standard Time, as Gmail's API reads it. */
function since(value: string, holds: (sent: number, limit: number) => boolean): Test {
  const date = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})$/.exec(value);
  let limit = Number.NaN;
  if (date !== null) limit = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]), 8);
  else if (/^\d+$/.test(value)) limit = Number(value) * 1000;
  return (message) => Number.isNaN(limit) || holds(message.internalDate, limit);
}

function span(value: string, holds: (sent: number, length: number) => boolean): Test {
  const [, count, unit = ''] = /^(\d+)([hdmy])$/.exec(value) ?? [];
  const length = SPANS[unit];
  return (message) => length === undefined || holds(message.internalDate, Number(count) * length);
}

function place(operator: string, value: string, context: SearchContext): Test {
  if (operator === 'in' && value === 'anywhere') return () => true;
  if (operator === 'is' && value === 'read') return (message) => !message.labelIds.includes('UNREAD');
  const name =
    operator === 'category' ? `category_${value === 'primary' ? 'personal' : value}` : (PLURALS[value] ?? value);
  // Gmail writes a label of two words, or under another, with hyphens.
  const plain = (text: string): string => text.toLowerCase().replace(/[\s/]/g, '-');
  return (message) =>
    message.labelIds.some((id) => plain(id) === plain(name) || plain(context.labelName(id)) === plain(name));
}

const PLURALS: Record<string, string> = { drafts: 'draft', chats: 'chat', bin: 'trash' };
