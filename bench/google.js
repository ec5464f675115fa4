import { startSandbox } from '../dist/sandbox/index.js';

/** The double of Google in a process of its own. Its parent asks by IPC: `[what, argument]`, answered one after the other. */
const sandbox = await startSandbox({ email: 'box0@example.com', messages: 0, autoConsent: true, control: false });
/** Mailboxes of the fleet that grants were given for; the sandbox begins with the first of them. */
let boxes = 0;

const ANSWERS = {
  /** Mailboxes up to that many in all; a grant for each of the new ones. */
  mailboxes(count) {
    const granted = [];
    for (; boxes < count; boxes += 1) {
      const email = `box${boxes}@example.com`;
      if (boxes > 0) sandbox.addMailbox(email);
      granted.push(email);
    }
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
