import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pollInstance } from '../../../src/core/polling/index.js';
import { type CreatedObject, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let made: CreatedObject;
beforeAll(async () => {
  server = await startServer();
  const poller = {
    'changed-messages': { url: '/hubs/general/changed-messages', idField: 'id' },
    labels: { url: '/hubs/general/labels', idField: 'id' },
  };
  made = await server.create({ configuration: { 'event.poller.configuration': poller } });
});
afterAll(() => server.close());

it('has a record for each polled resource, and follows the configuration at once', async () => {
  const records = async () =>
    (await server.call('GET', '/instances/event-poller-records', { authorization: server.hub(made.token) })).json;
  const record = { elementInstanceId: made.id, lastPolledDate: null };
  expect(await records()).toEqual([
    { id: 1, objectName: 'changed-messages', ...record },
    { id: 2, objectName: 'labels', ...record },
  ]);
  await pollInstance(server.ctx, made.id, { deliver: false, scheduled: false });
  expect(await records()).toEqual([
    { id: 1, objectName: 'changed-messages', ...record, lastPolledDate: expect.stringMatching(/^\d{4}-.*\dZ$/) },
    { id: 2, objectName: 'labels', ...record, lastPolledDate: expect.stringMatching(/^\d{4}-.*\dZ$/) },
  ]);

  const labels = { labels: { url: '/hubs/general/labels', idField: 'id' } };
  const change = (configuration: object) => server.call('PATCH', `/instances/${made.id}`, { body: { configuration } });
  await change({ 'event.poller.configuration': labels });
  expect(await records()).toMatchObject([{ objectName: 'labels' }]);
  await change({ 'event.notification.enabled': false });
  expect((await server.call('GET', `/instances/${made.id}/event-poller-records`)).json).toEqual([]);
  expect((await server.call('GET', '/instances/99/event-poller-records')).status).toBe(404);
});
