import type { StoredMessage } from './message-store.js';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** RFC 5322, in UTC. */
function mailDate(ms: number): string {
  const date = new Date(ms);
  const time = date.toISOString().slice(11, 19);
  return `${WEEKDAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} +0000`;
}

/** Header lines in order; values as Gmail shows them, decoded. */
export function headersOf(message: StoredMessage): [name: string, value: string][] {
  const date = mailDate(message.internalDate);
  const address = /<([^>]*)>/.exec(message.from)?.[1] ?? message.from;
  return [
    ['Delivered-To', message.to],
    ['Received', `by 2002:a05:6a10:1::1 with SMTP id ${message.id}; ${date}`],
    ['Return-Path', `<${address}>`],
    ['MIME-Version', '1.0'],
    ['Date', date],
    ['Message-ID', `<${message.id}@mail.example.com>`],
    ['Subject', message.subject],
    ['From', message.from],
    ['To', message.to],
    ['Content-Type', 'text/plain; charset="UTF-8"'],
  ];
}

/** The body's bytes; a message with a `size` is filled up to it only here, so that 50 MB are not kept. */
export function bodyOf(message: StoredMessage): Buffer {
  const text = Buffer.from(message.body);
  if (message.size === null || message.size <= text.length) return text;
  const whole = Buffer.alloc(message.size, 'All work and no play makes a large message.\r\n');
  text.copy(whole);
  return whole;
}

export function sizeOf(message: StoredMessage): number {
  return headerBlock(message).length + Math.max(message.size ?? 0, Buffer.byteLength(message.body));
}

/** The whole message as it came by SMTP. */
export function rawOf(message: StoredMessage): Buffer {
  return Buffer.concat([headerBlock(message), bodyOf(message)]);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** The body's first words; Gmail escapes them for HTML. */
export function snippetOf(message: StoredMessage): string {
  const text = message.body.replace(/\s+/g, ' ').trim().slice(0, 200);
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

function headerBlock(message: StoredMessage): Buffer {
  const lines = headersOf(message).map(([name, value]) => `${name}: ${encodedWord(value)}\r\n`);
  return Buffer.from(`${lines.join('')}\r\n`);
}

/** RFC 2047 for what is not ASCII; an address in angle brackets stays readable. */
function encodedWord(value: string): string {
  if (/^[\t\x20-\x7e]*$/.test(value)) return value;
  const [, text = value, address = ''] = /^(.*?)(\s*<[^<>]*>)?$/.exec(value) ?? [];
  return `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=${address}`;
}
