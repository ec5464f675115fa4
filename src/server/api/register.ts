import type { FastifyInstance } from 'fastify';
import type { ServerWorld } from '../world.js';
import { decorateCaller } from './caller.js';
import { registerChanges } from './change-instance.js';
import { registerConfiguration } from './configuration.js';
import { registerDeliveries } from './deliveries.js';
import { collectOperations, registerDocs } from './docs.js';
import { registerElement } from './element.js';
import { registerEnabled } from './enabled.js';
import { registerEvents } from './events.js';
import { registerHub } from './hub.js';
import { registerInstances } from './instances.js';
import { refuseOtherAnswers } from './json-answer.js';
import { acceptJsonAlone } from './json-body.js';
import { registerOauthUrl } from './oauth-url.js';
import { registerPollerRecords } from './poller-records.js';
import { addShapes } from './shapes.js';
import { collectVerbs } from './wrong-verb.js';

/** Everything under the old service's base path. */
export async function registerApi(app: FastifyInstance, world: ServerWorld): Promise<void> {
  acceptJsonAlone(app);
  refuseOtherAnswers(app);
  decorateCaller(app);
  addShapes(app);
  await collectOperations(app, world);
  const refuseOtherVerbs = collectVerbs(app);
  registerDocs(app);
  registerInstances(app, world);
  registerChanges(app, world);
  registerEnabled(app, world);
  registerConfiguration(app, world);
  registerPollerRecords(app, world);
  registerElement(app, world);
  registerOauthUrl(app, world);
  registerEvents(app, world);
  registerDeliveries(app, world);
  registerHub(app, world);
  refuseOtherVerbs();
}
