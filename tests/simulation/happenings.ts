import type { Chance } from './chance.js';
import type { RecordedMailbox } from './recorded-mailbox.js';

const LABELS = ['INBOX', 'UNREAD', 'STARRED', 'IMPORTANT', 'CATEGORY_PROMOTIONS', 'Label_1', 'Label_2'];
/** Where mail arrives: mostly in the inbox, and everywhere else that history tells of. */
const ARRIVALS = [
  ['UNREAD', 'INBOX'],
  ['UNREAD', 'INBOX'],
  ['UNREAD', 'INBOX', 'CATEGORY_PROMOTIONS'],
  ['INBOX', 'Label_1'],
  ['INBOX', 'STARRED'],
  ['SENT'],
  ['Label_1'],
  ['UNREAD', 'SPAM'],
  ['TRASH'],
  ['CHAT'],
  [],
];
const LONGEST_LAG_MS = 45_000;

/** What happens to a mailbox, at random. */
export class Happenings {
  #draft: string | null = null;

  constructor(
    private readonly mail: RecordedMailbox,
    private readonly chance: Chance,
  ) {}

  /** Returns what it was. */
  next(): string {
    const { chance, mail } = this;
    mail.lagMs = chance.happens(0.15) ? chance.between(500, LONGEST_LAG_MS) : 0;
    const what = chance.weighted({
      receive: 30,
      receiveSeveral: 3,
      receiveMany: 0.3,
      relabel: 18,
      trash: 4,
      untrash: 2,
      spam: 3,
      unspam: 2,
      delete: 7,
      saveDraft: 4,
      sendDraft: 2,
      untyped: 2,
      repeat: 5,
      label: 1,
      unlabel: 0.5,
      renameLabel: 1,
      emptyPages: 2,
    });
    this.#do(what);
    return what;
  }

  #do(what: string): void {
    const { chance, mail } = this;
    const { mailbox } = mail;
    const living = mail.living();
    const arrival = () => ({ labelIds: chance.pick(ARRIVALS), withoutLabelsInHistory: chance.happens(0.1) });
    switch (what) {
      case 'receive':
        mailbox.receive(arrival());
        return;
      case 'receiveSeveral':
        mailbox.receiveInOneRecord(chance.between(2, 5), arrival());
        return;
      case 'receiveMany':
        mailbox.receiveMany(chance.between(20, 130), arrival());
        return;
      case 'saveDraft':
        if (this.#draft !== null && !mailbox.drafts.has(this.#draft)) this.#draft = null;
        this.#draft = mailbox.saveDraft(this.#draft === null ? {} : { draftId: this.#draft }).draftId;
        return;
      case 'sendDraft':
        if (this.#draft !== null && mailbox.drafts.has(this.#draft)) mailbox.sendDraft(this.#draft);
        this.#draft = null;
        return;
      case 'repeat':
        mail.repeatLast();
        return;
      case 'emptyPages':
        mailbox.emptyPages(chance.between(1, 3));
        return;
      case 'label':
        mailbox.createLabel(`label ${chance.between(1, 9)}`);
        return;
      case 'unlabel':
      case 'renameLabel': {
        const own = mailbox.labels.list().filter(({ type }) => type === 'user');
        if (own.length === 0) return;
        if (what === 'unlabel') mailbox.deleteLabel(chance.pick(own).id);
        else mailbox.renameLabel(chance.pick(own).id, `label ${chance.between(1, 9)}`);
        return;
      }
    }
    // What changes a message needs one that history told of.
    const known = living.filter(({ addedBy }) => addedBy > 0n || chance.happens(0.3));
    if (known.length === 0) return;
    const { id } = chance.pick(known);
    switch (what) {
      case 'relabel':
        mailbox.modifyLabels(id, { add: chance.some(LABELS, 0.2), remove: chance.some(LABELS, 0.2) });
        return;
      case 'trash':
        mailbox.trash(id);
        return;
      case 'untrash':
        mailbox.untrash(id);
        return;
      case 'spam':
        mailbox.markSpam(id);
        return;
      case 'unspam':
        mailbox.unmarkSpam(id);
        return;
      case 'untyped':
        mailbox.untypedRecord(id);
        return;
      case 'delete':
        mailbox.delete(id);
    }
  }
}
