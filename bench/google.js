import { startSandbox } from '../dist/sandbox/index.js';

/** The double of Google in a process of its own. Its parent asks by IPC: `[what, argument]`, answered one after the other. */
const sandbox = await startSandbox({ email: 'box0@example.com', messages: 0, autoConsent: true, control: false });
let boxes = 1;

const ANSWERS = {
  /** Mailboxes up to that many in all; a grant for each of the new ones, the first one included. */
  mailboxes(count) {
    const granted = boxes === 1 ? ['box0@example.com'] : [];
    for (; boxes < count; boxes += 1) granted.push(sandbox.addMailbox(`box${boxes}@example.com`).email);
    return granted.map((email) => ({ email, refreshToken: sandbox.grantRefreshToken({ email }) }));
  },
  /** A mailbox more, apart from those, and its grant. */
  mailbox: (email) => ({ email: sandbox.addMailbox(email).email, refreshToken: sandbox.grantRefreshToken({ email }) }),
  receive: ({ email, count }) => sandbox.mailbox(email).receiveMany(count).length,
  historyId: (email) => sandbox.mailbox(email).historyId,
  spent: () => sandbox.spent(),
  reset: () => sandbox.resetRequests(),
};

process.on('message', ([what, argument]) => process.send(ANSWERS[what](argument) ?? null));
process.on('disconnect', () => process.exit());
process.send({ env: sandbox.env, client: sandbox.client });
