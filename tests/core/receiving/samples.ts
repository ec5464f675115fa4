import { type SampleType, sampleNotification } from '../../../src/core/delivery/sample.js';
import { readSettings } from '../../../src/core/instances/index.js';
import type { InstanceDocument } from '../../../src/core/types.js';
import type { NewNotification } from '../../../src/store/ports/outbox.js';

export const AT = Date.UTC(2026, 10, 24, 3);

/** An instance with one resource and whatever configuration is given. */
export function instanceWith(
  configuration: Record<string, string>,
  entry: Record<string, object> = { 'changed-messages': { url: '/hubs/general/changed-messages', idField: 'id' } },
): InstanceDocument {
  return {
    id: 12,
    uuid: 'uuid',
    token: 'token',
    name: 'inbox',
    tags: ['one'],
    elementKey: 'gmail',
    createdDate: '2026-11-24T03:00:00Z',
    account: 'ann@example.com~client',
    disabled: false,
    externalAuthentication: 'none',
    allowPrivate: true,
    configuration: { 'event.poller.configuration': JSON.stringify(entry), ...configuration },
  };
}

/** The sample of one type, of the instance's first resource. */
export function sample(type: SampleType = 'CREATED', instance: InstanceDocument = instanceWith({})): NewNotification {
  const settings = readSettings(instance);
  const [resource] = settings.resources;
  if (resource === undefined) throw new Error('no resource');
  return sampleNotification({
    instance,
    settings,
    email: 'ann@example.com',
    resource,
    type,
    unique: 'abc',
    now: AT,
  });
}
