import type { Prng } from '../prng.js';

const SENDERS = [
  'Ada Lovelace <ada@example.com>',
  'Grace Hopper <grace@example.net>',
  'Billing <billing@shop.example>',
  'Alan Turing <alan@example.org>',
  'Build server <builds@ci.example>',
];
const SUBJECTS = [
  'Minutes of the meeting',
  'Your invoice is ready',
  'Re: Lunch on Friday?',
  'Build 1842 has passed',
  'A question about the report',
  'Travel plans',
];
const BODIES = [
  'Hello,\r\n\r\nplease find the notes of this morning below.\r\n\r\nKind regards',
  'Hi,\r\n\r\nthanks for your order. Everything is on its way.\r\n',
  'Does half past twelve still work for you?\r\n',
  'All checks were green. Nothing is left to do.\r\n',
];

/** Somebody wrote something: what a message has when nothing else is asked for. */
export function sampleMail(prng: Prng): { from: string; subject: string; body: string } {
  const pick = (texts: string[]): string => texts[prng.below(texts.length)] ?? '';
  return { from: pick(SENDERS), subject: pick(SUBJECTS), body: pick(BODIES) };
}
