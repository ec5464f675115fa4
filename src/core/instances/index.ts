export { MAX_BODY_BYTES, MAX_BODY_TEXT, parseBody } from './body-text.js';
export { type BulkLine, type BulkResult, createBulk } from './bulk.js';
export { type CreatedInstance, type CreateOptions, createInstance } from './create.js';
export { setEnabled } from './enabled.js';
export { fieldFaults } from './field-faults.js';
export {
  type BrokenInstance,
  findInstance,
  findInstances,
  listInstances,
  readInstances,
  UnknownInstanceError,
} from './find.js';
export { limitFaults } from './grant.js';
export type { AskForGrant, Granted } from './grant-request.js';
export {
  describeInstance,
  describeInstances,
  ELEMENT_ID,
  type InstanceObject,
  instanceObject,
} from './instance-object.js';
export { SECRET_KEYS } from './masks.js';
export { type PollerRecord, pollerRecords } from './poller-records.js';
export { keepForReceiver, newSigningSecret } from './receiver-secret.js';
export { deleteInstance } from './remove.js';
export { isPolled, readSettings } from './settings.js';
export { type UpdateOptions, updateInstance } from './update.js';
