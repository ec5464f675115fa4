export type { AnswerRules } from './answer-plan.js';
export { readHeaders } from './header-text.js';
export { type Listener, type Received, startListener } from './listener.js';
export type { ReadEvent } from './read-notification.js';
export { type Check, type ReceiverSecrets, TOLERANCE_SECONDS, type Verdict, verify } from './verify.js';
