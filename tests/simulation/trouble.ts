import type { Fault, FaultKind } from '../../src/sandbox/types.js';
import type { Chance } from './chance.js';
import type { Google } from './google.js';

/** How often Google does what; the connection, the answers on their way, throttles of every shape, refusals. */
const KINDS: Partial<Record<FaultKind, number>> = {
  reset: 4,
  hang: 1,
  html502: 2,
  truncatedJson: 3,
  emptyBody: 2,
  unknownField: 2,
  repeatPageToken: 1,
  rateLimit403: 2,
  userRateLimit403: 2,
  quotaExceeded403: 2,
  retryAfter403: 3,
  tooManyConcurrent429: 2,
  resourceExhausted429: 2,
  retryAfter429: 3,
  dailyLimit403: 0.5,
  backendError500: 4,
  backendError502: 1,
  backendError503: 4,
  backendError504: 1,
  unauthorized401: 2,
  notFound404: 3,
  badRequest400: 1,
  mailNotEnabled400: 1,
  apiDisabled403: 0.5,
  insufficientScope403: 0.5,
};
const METHODS = { 'history.list': 6, 'messages.get': 6, 'messages.list': 2, getProfile: 1, 'labels.list': 0.5, '*': 2 };

/** What goes wrong at Google's end, at random; and which messages it was told of, for whoever asks why one has no payload. */
export class Trouble {
  /** Messages that Gmail was made to say it does not know, or not to give: any, once a fault strikes whatever comes. */
  anyMessage = false;

  constructor(
    private readonly google: Google,
    private readonly chance: Chance,
  ) {}

  /** Adds faults for the time to come. */
  brew(): string[] {
    const { chance } = this;
    return Array.from({ length: chance.pick([0, 0, 1, 1, 2, 4]) }, () => {
      const kind = chance.weighted(KINDS as Record<FaultKind, number>);
      const fault: Fault = {
        kind,
        method: chance.weighted(METHODS),
        times: chance.pick([1, 1, 2, 5, 9]),
        after: chance.pick([0, 0, 1, 3, 8]),
        retryAfterSeconds: chance.pick([1, 5, 60, 900]),
        header: chance.happens(0.3),
      };
      if (fault.method === '*' || fault.method === 'messages.get') this.anyMessage = true;
      this.google.faults.add(fault);
      return `${kind} of ${fault.method} x${fault.times} after ${fault.after}`;
    });
  }

  /** A message that Gmail never gives, from now on. */
  poison(): string | null {
    const living = this.google.mail.living();
    if (living.length === 0) return null;
    const { id: messageId } = this.chance.pick(living);
    this.google.faults.add({
      method: 'messages.get',
      kind: this.chance.pick(['backendError500', 'truncatedJson']),
      messageId,
    });
    this.anyMessage = true;
    return messageId;
  }
}
