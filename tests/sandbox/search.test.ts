import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseSearch } from '../../src/sandbox/gmail/search.js';
import { SandboxMailbox } from '../../src/sandbox/mail/mailbox.js';

const DAY = 86_400_000;
const now = Date.UTC(2026, 10, 24, 12);

describe('q', () => {
  const mailbox = new SandboxMailbox({
    email: 'me@example.com',
    messages: 0,
    seed: 1,
    now: () => now,
    historyIdStart: null,
    historyRetentionMs: null,
  });
  const names = new Map<string, string>();

  beforeAll(() => {
    const work = mailbox.createLabel('Work/Big Deal');
    const add = (name: string, message: Parameters<typeof mailbox.receive>[0]): void => {
      names.set(mailbox.receive({ from: 'x@y.z', subject: 's', body: 'b', to: 'me@example.com', ...message }), name);
    };
    add('boss', { from: 'The Boss <boss@corp.example>', subject: 'Weekly report', body: 'Numbers are good' });
    add('ann', { from: 'ann@corp.example', subject: 'Lunch today', labelIds: ['INBOX', 'STARRED'] });
    add('work', { subject: 'Quarterly report', labelIds: [work, 'UNREAD'], internalDate: now - 3 * DAY });
    add('promo', { labelIds: ['CATEGORY_PROMOTIONS', 'INBOX'], internalDate: now - 40 * DAY, size: 5000 });
    add('draft', { labelIds: ['DRAFT'], to: 'ann@corp.example', internalDate: Date.UTC(2026, 10, 20, 8) });
    add('spam', { labelIds: ['SPAM'], internalDate: now - 400 * DAY });
  });

  const found = (q: string): string => {
    const search = parseSearch(q, { now, labelName: (id) => mailbox.labels.find(id)?.name ?? id });
    const ids = mailbox.messages.newestFirst().filter(search.matches);
    return [...names]
      .filter(([id]) => ids.some((message) => message.id === id))
      .map(([, name]) => name)
      .join(' ');
  };

  it.each([
    ['', 'boss ann work promo draft spam'],
    ['in:inbox', 'boss ann promo'],
    ['in:anywhere', 'boss ann work promo draft spam'],
    ['in:drafts', 'draft'],
    ['IN:Spam', 'spam'],
    ['is:unread', 'boss work'],
    ['is:read', 'ann promo draft spam'],
    ['is:starred', 'ann'],
    ['label:work-big-deal', 'work'],
    ['label:Label_1', 'work'],
    ['label:"Work/Big Deal"', 'work'],
    ['category:promotions', 'promo'],
    ['from:boss', 'boss'],
    ['from:corp.example', 'boss ann'],
    ['from:(boss OR ann)', 'boss ann'],
    ['from:boss OR from:ann', 'boss ann'],
    ['{from:boss from:ann} is:unread', 'boss'],
    ['-from:corp.example in:inbox', 'promo'],
    ['-(from:boss OR from:ann) -in:drafts', 'work promo spam'],
    ['-{from:boss from:ann in:drafts}', 'work promo spam'],
    ['to:ann', 'draft'],
    ['subject:report', 'boss work'],
    ['subject:"weekly report"', 'boss'],
    ['subject:(report weekly)', 'boss'],
    ['report numbers', 'boss'],
    ['"numbers are"', 'boss'],
    ['"numbers', 'boss'],
    ['numbers OR lunch', 'boss ann'],
    [`after:${now / 1000 - 1}`, 'boss ann'],
    [`after:${now / 1000}`, 'boss ann'],
    [`after:${now / 1000 + 1}`, ''],
    [`before:${now / 1000}`, 'work promo draft spam'],
    // A date is midnight in Pacific Standard Time: 08:00 UTC.
    ['after:2026/11/20', 'boss ann work draft'],
    ['before:2026/11/20', 'promo spam'],
    ['after:2026-11-21 before:2026-11-22', 'work'],
    ['newer_than:2d', 'boss ann'],
    ['newer_than:1m', 'boss ann work draft'],
    ['older_than:1y', 'spam'],
    ['newer_than:12h', 'boss ann'],
    ['larger:4000', 'promo'],
    ['has:attachment', ''],
  ])('%s finds %s', (q, names) => {
    expect(found(q)).toBe(names);
  });
});
