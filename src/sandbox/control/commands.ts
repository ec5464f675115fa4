import { SandboxMisuse } from '../misuse.js';
import type { Fault, FaultKind, NewMessage, Sandbox } from '../types.js';
import { type ControlInput, given } from './input.js';

export interface ControlCommand {
  fields: readonly string[];
  run(sandbox: Sandbox, input: ControlInput): unknown;
}

/** One request: more would stop the world for everybody. */
const MOST_MESSAGES = 100_000;

const MESSAGE_FIELDS = ['from', 'to', 'subject', 'body', 'threadId', 'labelIds', 'internalDate', 'size'];

function newMessage(input: ControlInput): NewMessage {
  return given({
    from: input.text('from'),
    to: input.text('to'),
    subject: input.text('subject'),
    body: input.text('body'),
    threadId: input.text('threadId'),
    labelIds: input.texts('labelIds'),
    internalDate: input.count('internalDate'),
    size: input.count('size'),
    visibleAfterMs: input.count('visibleAfterMs'),
    withoutLabelsInHistory: input.flag('withoutLabelsInHistory'),
  });
}

/** A command about one message, or the mailbox as a whole when it takes no id. */
function aboutMailbox(
  fields: readonly string[],
  act: (mailbox: ReturnType<Sandbox['mailbox']>, input: ControlInput) => object | undefined,
): ControlCommand {
  return {
    fields: ['email', ...fields],
    run(sandbox, input) {
      const mailbox = sandbox.mailbox(input.text('email'));
      const result = act(mailbox, input);
      return { ...result, historyId: mailbox.historyId };
    },
  };
}

type MessageStep = 'trash' | 'untrash' | 'markSpam' | 'unmarkSpam';

function aboutMessage(step: MessageStep): ControlCommand {
  return aboutMailbox(['id'], (mailbox, input) => {
    const id = input.needed('id');
    mailbox[step](id);
    return { id, labelIds: mailbox.labelsOf(id) };
  });
}

/** What POST /sandbox/NAME does, and the fields its JSON may have. */
export const CONTROL_COMMANDS: Record<string, ControlCommand> = {
  receive: aboutMailbox(
    ['count', 'inOneRecord', ...MESSAGE_FIELDS, 'visibleAfterMs', 'withoutLabelsInHistory'],
    (mailbox, input) => {
      const [count, message] = [input.count('count') ?? 1, newMessage(input)];
      if (count > MOST_MESSAGES) throw new SandboxMisuse(`receive: "count" must be at most ${MOST_MESSAGES}`);
      const many = input.flag('inOneRecord') === true ? 'receiveInOneRecord' : 'receiveMany';
      return { ids: mailbox[many](count, message) };
    },
  ),
  labels: aboutMailbox(['id', 'add', 'remove'], (mailbox, input) => {
    const id = input.needed('id');
    mailbox.modifyLabels(id, given({ add: input.texts('add'), remove: input.texts('remove') }));
    return { id, labelIds: mailbox.labelsOf(id) };
  }),
  delete: aboutMailbox(['id'], (mailbox, input) => {
    const id = input.needed('id');
    mailbox.delete(id);
    return { id };
  }),
  trash: aboutMessage('trash'),
  untrash: aboutMessage('untrash'),
  spam: aboutMessage('markSpam'),
  unspam: aboutMessage('unmarkSpam'),
  draft: aboutMailbox(['draftId', 'subject', 'send'], (mailbox, input) => {
    const saved = mailbox.saveDraft(given({ draftId: input.text('draftId'), subject: input.text('subject') }));
    if (input.flag('send') !== true) return saved;
    return { ...saved, messageId: mailbox.sendDraft(saved.draftId) };
  }),
  'create-label': aboutMailbox(['name'], (mailbox, input) => ({ id: mailbox.createLabel(input.needed('name')) })),
  'delete-label': aboutMailbox(['id'], (mailbox, input) => {
    mailbox.deleteLabel(input.needed('id'));
    return undefined;
  }),
  'expire-history': aboutMailbox([], (mailbox) => {
    mailbox.expireHistory();
    return undefined;
  }),
  'empty-pages': aboutMailbox(['count'], (mailbox, input) => {
    mailbox.emptyPages(input.count('count') ?? 1);
    return undefined;
  }),
  mailbox: {
    fields: ['email', 'messages'],
    run(sandbox, input) {
      const { email, historyId } = sandbox.addMailbox(input.needed('email'), input.count('messages'));
      return { email, historyId };
    },
  },
  fault: {
    fields: ['kind', 'method', 'times', 'after', 'email', 'messageId', 'retryAfterSeconds', 'header', 'delayMs'],
    run(sandbox, input) {
      const fault: Fault = {
        kind: input.needed('kind') as FaultKind,
        method: input.text('method') ?? '*',
        ...given({
          times: input.count('times'),
          after: input.count('after'),
          email: input.text('email'),
          messageId: input.text('messageId'),
          retryAfterSeconds: input.count('retryAfterSeconds'),
          header: input.flag('header'),
          delayMs: input.count('delayMs'),
        }),
      };
      sandbox.addFault(fault);
      return fault;
    },
  },
  'clear-faults': { fields: [], run: (sandbox) => sandbox.clearFaults() },
  revoke: { fields: ['email'], run: (sandbox, input) => sandbox.revoke(input.text('email')) },
  'expire-access-tokens': { fields: [], run: (sandbox) => sandbox.expireAccessTokens() },
  'rotate-refresh-tokens': {
    fields: ['on'],
    run: (sandbox, input) => sandbox.rotateRefreshTokens(input.flag('on') ?? true),
  },
  consent: {
    fields: ['deny', 'error', 'scope', 'email'],
    run(sandbox, input) {
      const answer = given({
        deny: input.flag('deny'),
        error: input.text('error'),
        scope: input.text('scope'),
        email: input.text('email'),
      });
      sandbox.consent(answer);
      return answer;
    },
  },
  'ask-consent': { fields: [], run: (sandbox) => sandbox.consent(null) },
  'grant-code': {
    fields: ['email', 'clientId', 'redirectUri', 'scope'],
    run: (sandbox, input) => ({
      code: sandbox.grantCode(
        given({
          email: input.text('email'),
          clientId: input.text('clientId'),
          redirectUri: input.text('redirectUri'),
          scope: input.text('scope'),
        }),
      ),
    }),
  },
  'reset-requests': { fields: [], run: (sandbox) => sandbox.resetRequests() },
};
