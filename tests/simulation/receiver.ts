import type { Chance } from './chance.js';
import { connectionError, type WireAnswer, type WireFailure, type WireRequest } from './wire.js';

/** A notification that the receiver has taken in, whatever became of its answer. */
export interface Taken {
  instance: number;
  notificationId: string;
  contentType: string;
  body: Buffer;
}

type Outcome =
  | 'ok'
  | 'error'
  | 'retryAfter'
  | 'gone'
  | 'redirect'
  | 'refused'
  | 'answerLost'
  | 'answerCut'
  | 'hangs'
  | 'longAnswer';

export const HOST = 'receiver';
const TIMEOUT_MS = 15_000;
const TAKES_IN: ReadonlySet<Outcome> = new Set(['ok', 'answerLost', 'answerCut', 'longAnswer']);

/** Who gets the callbacks: takes them in or not, and answers or not, as its mood is. */
export class Receiver {
  readonly taken: Taken[] = [];
  attempts = 0;
  readonly #attempts = new Map<number, number>();
  /** Odds that it fails in some way. */
  failing = 0;
  /** Odds that a failure is a 410, which stops the deliveries of an instance. */
  leaving = 0;

  constructor(private readonly chance: Chance) {}

  answer(request: WireRequest): WireAnswer | WireFailure {
    const instance = Number(request.path.slice(1));
    this.attempts += 1;
    this.#attempts.set(instance, this.attemptsAt(instance) + 1);
    const outcome = this.#outcome();
    if (TAKES_IN.has(outcome)) {
      this.taken.push({
        instance,
        notificationId: request.headers['elements-webhook-id'] ?? '',
        contentType: request.headers['content-type'] ?? '',
        body: request.body,
      });
    }
    return this.#answerOf(outcome);
  }

  /** Requests that came for an instance. */
  attemptsAt(instance: number): number {
    return this.#attempts.get(instance) ?? 0;
  }

  #outcome(): Outcome {
    const { chance } = this;
    if (!chance.happens(this.failing)) return chance.happens(0.05) ? 'longAnswer' : 'ok';
    if (chance.happens(this.leaving)) return 'gone';
    return chance.weighted({
      error: 5,
      retryAfter: 1,
      redirect: 1,
      refused: 3,
      answerLost: 4,
      answerCut: 1,
      hangs: 1,
    });
  }

  #answerOf(outcome: Outcome): WireAnswer | WireFailure {
    const { chance } = this;
    const plain = (status: number, headers = {}): WireAnswer => ({ status, headers, body: Buffer.from('{"ok":1}') });
    switch (outcome) {
      case 'ok':
        return plain(chance.pick([200, 201, 202, 204]));
      case 'longAnswer':
        return { status: 200, headers: {}, body: Buffer.alloc(100_000, 'x') };
      case 'error':
        return plain(chance.pick([400, 404, 500, 502, 503]));
      case 'retryAfter':
        return plain(503, { 'retry-after': String(chance.between(1, 600)) });
      case 'gone':
        return plain(410);
      case 'redirect':
        return plain(302, { location: 'https://elsewhere.simulated.test/' });
      case 'answerCut':
        return { ...plain(200), cut: connectionError('UND_ERR_SOCKET') };
      case 'hangs':
        return { error: new DOMException('simulated', 'TimeoutError'), afterMs: TIMEOUT_MS };
      case 'refused':
      case 'answerLost':
        return { error: connectionError('ECONNRESET'), afterMs: 0 };
    }
  }
}
