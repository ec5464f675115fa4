import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pollInstance } from '../../../src/core/polling/index.js';
import { REDIRECT, startServer, type TestServer } from '../../support/server.js';

/** "Example cURL with Polling" of the old service's page on Gmail events, as it stands there. */
const EXAMPLE = `curl -X POST \\
https://api.cloud-elements.com/elements/api-v2/instances \\
-H 'authorization: User <USER_SECRET>, Organization <ORGANIZATION_SECRET>' \\
-H 'content-type: application/json' \\
-d '{
"element": {
  "key": "gmail"
},
"providerData":{
  "code": "<AUTHORIZATION_GRANT_CODE>"
},
"configuration": {
    "oauth.api.key": "xxxxxxxxxxxxxxxxxx",
    "oauth.api.secret": "xxxxxxxxxxxxxxxxxxxxxxxx",
    "oauth.callback.url":"https://auth.mycoolapp.com/oauth",
    "event.notification.enabled": true,
      "event.notification.callback.url": "https://cloud-element.com/elements/api-v2/events/page.elementKey/",
    "event.poller.refresh_interval": "15",
    "event.poller.configuration":{
      "changed-messages": {
        "url": "/hubs/general/changed-messages",
        "idField": "id"
      }
    }
  },
  "tags": [
    "Docs"
  ],
  "name": "API Instance with Polling"
}'`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** The example with only what its reader fills in. */
function filledIn(): string {
  const { clientId, clientSecret } = server.sandbox.client;
  const values: [string, string][] = [
    ['https://api.cloud-elements.com', server.url],
    ['<USER_SECRET>', server.key.user],
    ['<ORGANIZATION_SECRET>', server.key.organization],
    ['<AUTHORIZATION_GRANT_CODE>', server.sandbox.grantCode({ redirectUri: REDIRECT })],
    ['"xxxxxxxxxxxxxxxxxx"', `"${clientId}"`],
    ['"xxxxxxxxxxxxxxxxxxxxxxxx"', `"${clientSecret}"`],
    ['https://auth.mycoolapp.com/oauth', REDIRECT],
    ['https://cloud-element.com/elements/api-v2/events/page.elementKey/', `${server.receiver.url}/events`],
  ];
  return values.reduce((text, [place, value]) => {
    expect(text).toContain(place);
    return text.replace(place, () => value);
  }, EXAMPLE);
}

function shell(command: string): Promise<string> {
  return new Promise((resolve, reject) =>
    execFile('sh', ['-c', command], (error, stdout) => (error === null ? resolve(stdout) : reject(error))),
  );
}

it('the documented cURL example makes an instance that is polled', async () => {
  const answer = await shell(`${filledIn()} --silent --show-error --write-out '\\n%{http_code}'`);
  const status = answer.slice(answer.lastIndexOf('\n') + 1);
  const made = JSON.parse(answer.slice(0, answer.lastIndexOf('\n'))) as { id: number; token: string };
  expect(status).toBe('200');
  expect(made).toMatchObject({
    id: 1,
    token: expect.stringMatching(/.{40}/),
    name: 'API Instance with Polling',
    tags: ['Docs'],
    eventsEnabled: true,
  });

  const messageId = server.sandbox.mailbox().receive({ subject: 'hello' });
  await pollInstance(server.ctx, made.id, { scheduled: false, deliver: true });
  await server.receiver.waitFor((requests) => requests.length === 1);
  expect(server.receiver.requests[0]?.path).toBe('/events');
  expect(server.receiver.requests[0]?.json()).toMatchObject({
    message: {
      instance_id: made.id,
      events: [{ objectType: 'changed-messages', objectId: messageId, eventType: 'CREATED' }],
    },
  });
});
