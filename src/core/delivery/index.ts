export type { OutboxFilter, OutboxRow } from '../../store/ports/outbox.js';
export { type Activity, type ActivityHour, readActivity } from './activity.js';
export { refusedAddress, refusedCallback } from './address.js';
export type { Answer } from './answer.js';
export { type CallbackRequest, callbackRequest } from './callback-request.js';
export { deliverInstance } from './deliver.js';
export {
  type Delivery,
  type DeliveryPlace,
  type DeliveryStatus,
  listDeliveries,
  releaseQueued,
} from './deliveries.js';
export { discardable, discardEvents } from './discard.js';
export type { AttemptReport, DeliverOptions } from './drain.js';
export { endpointOf } from './endpoint.js';
export { createEndpointTurns, type EndpointTurns } from './endpoint-turns.js';
export { type EventObject, eventObject, listEvents, type ShownEvent, showEvent } from './events.js';
export { type DeliveryHealth, deliveryHealth } from './health.js';
export { pruneOutbox } from './prune.js';
export { type Resent, resendEvents } from './resend.js';
export { resumeInstance } from './resume.js';
export { createSender, type Sender } from './sender.js';
export { elementsSignature, standardSignature } from './signing.js';
export type { DeliverySummary } from './summary.js';
export { storeUnaddressed } from './unaddressed.js';
