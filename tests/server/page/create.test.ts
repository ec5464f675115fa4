import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startServer, type TestServer } from '../../support/server.js';
import { type Fields, Visitor, words } from './visitor.js';

const CLIENT_FIELDS = () => ({
  'client-id': server.sandbox.client.clientId,
  'client-secret': server.sandbox.client.clientSecret,
});

let server: TestServer;
let person: Visitor;
beforeEach(async () => {
  server = await startServer();
  person = new Visitor(server.url);
  await person.logIn(server);
});
afterEach(() => server.close());

/** As the form comes, filled in by someone in a hurry. */
const fields = (more: Fields = {}): Fields => ({
  account: 'ann@example.com',
  enabled: 'on',
  'callback-url': server.receiver.url,
  interval: '5',
  resource: 'changed-messages',
  name: 'Inbox',
  tags: 'one, two',
  signed: 'on',
  ...more,
});

async function authenticate(more: Fields = {}): Promise<void> {
  await person.get('/instances/new');
  const seen = await person.submit('/oauth/start', { ...CLIENT_FIELDS(), ...more });
  expect(words(seen)).toContain('ann@example.com is authenticated');
}

const documents = async () => {
  const { instanceFiles } = server.ctx.store;
  return Promise.all((await instanceFiles.keys()).map((id) => instanceFiles.read(id)));
};

describe('the creation', () => {
  it('leads from Google to an instance that delivers, its secrets shown once', async () => {
    await authenticate();
    expect(person.page.text).toContain('value="ann@example.com" checked');
    const created = await person.submit('/instances', fields());
    expect(words(created)).toContain('The instance 1 of ann@example.com is created');
    const [document] = await documents();
    expect(document).toMatchObject({
      name: 'Inbox',
      tags: ['one', 'two'],
      allowPrivate: true,
      configuration: {
        'event.notification.enabled': 'true',
        'event.notification.callback.url': server.receiver.url,
        'event.poller.refresh_interval': '5',
        'event.poller.configuration': '{"changed-messages":{"url":"/hubs/general/changed-messages","idField":"id"}}',
      },
    });
    const secret = document?.configuration['event.notification.signing.secret'] ?? '?';
    expect(secret).toMatch(/^whsec_/);
    const escaped = (text: string) => text.replaceAll('=', '&#61;');
    for (const shown of [document?.token ?? '?', secret]) expect(created.text).toContain(`value="${escaped(shown)}"`);
    const again = await person.get('/instances/1');
    for (const shown of [document?.token ?? '?', secret]) expect(again.text).not.toContain(escaped(shown));

    server.sandbox.mailbox().receive({ subject: 'Hello' });
    expect(words(await person.submit('/instances/1/poll'))).toContain('1 event in 1 notification, 1 delivered');
    expect(server.receiver.requests).toHaveLength(1);
    expect(server.receiver.requests[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  });

  it('keeps what was filled in while the person is with Google', async () => {
    const typed = fields({ account: null, resource: ['labels', 'threads'], name: 'Kept "name"', interval: '7' });
    await authenticate(typed);
    const { text } = person.page;
    for (const kept of ['Kept &#34;name&#34;', 'one, two', server.receiver.url])
      expect(text).toContain(`value="${kept}"`);
    expect(text).toMatch(/name="interval" type="number" value="7"/);
    const ticked = [...text.matchAll(/name="resource" value="([^"]+)" checked/g)].map((match) => match[1]);
    expect(ticked).toEqual(['threads', 'labels']);
    expect(text).not.toContain(server.sandbox.client.clientSecret);
  });

  it('polls the collections that are ticked', async () => {
    await authenticate();
    const resource = ['changed-messages', 'labels', 'settings/sendAs'];
    await person.submit('/instances', fields({ resource }));
    const [document] = await documents();
    expect(JSON.parse(document?.configuration['event.poller.configuration'] ?? '')).toEqual({
      'changed-messages': { url: '/hubs/general/changed-messages', idField: 'id' },
      labels: { url: '/hubs/general/labels', idField: 'id' },
      'settings/sendAs': { url: '/hubs/general/settings/sendAs', idField: 'sendAsEmail' },
    });
  });

  it('shows all faults at once, each at its field, and stores nothing', async () => {
    await person.get('/instances/new');
    const seen = await person.post(
      '/instances',
      fields({ account: '', name: '', 'callback-url': 'ftp://x.example', interval: '0', resource: [] }),
    );
    expect(seen.status).toBe(422);
    const said = words(seen);
    for (const sentence of [
      'Choose a mailbox, or authenticate one with Google.',
      'Give the instance a name of 1 to 255 characters.',
      'Callback URL begins with ftp:; accepted: an http or https URL.',
      'Minutes between polls is the text "0"; accepted: minutes, a number of 1 or more',
      'Choose at least one resource to poll.',
    ]) {
      // In the summary and at the field.
      expect(said.split(sentence)).toHaveLength(3);
    }
    for (const id of ['account', 'name', 'callback-url', 'interval', 'resources']) {
      expect(seen.text).toContain(`href="#${id}"`);
      expect(seen.text).toContain(`id="${id}"`);
      expect(seen.text).toContain(`id="${id}-fault"`);
    }
    for (const kept of ['ftp://x.example', 'one, two', '0']) expect(seen.text).toContain(`value="${kept}"`);
    expect(await documents()).toEqual([]);
  });

  it('names no flag where the grant does not reach', async () => {
    await authenticate({ scope: 'metadata' });
    const said = words(await person.submit('/instances', fields({ resource: 'drafts' })));
    expect(said).toContain('The resource drafts asks for drafts, but the grant has the metadata scope only;');
    expect(said).toContain('authorize with the scope readonly.');
  });

  it('keeps the form when Google fails, and says so', async () => {
    await authenticate();
    server.sandbox.addFault({ method: 'getProfile', kind: 'domainPolicy403' });
    const seen = await person.submit('/instances', fields({ name: 'Kept' }));
    expect(seen.text).toContain('role="alert"');
    expect(seen.text).toContain('value="Kept"');
    expect(await documents()).toEqual([]);
  });

  it('makes an instance with its events off', async () => {
    await authenticate();
    await person.submit('/instances', fields({ enabled: null, 'callback-url': '' }));
    const [document] = await documents();
    expect(document?.configuration).toMatchObject({ 'event.notification.enabled': 'false' });
    expect(document?.configuration['event.notification.signing.secret']).toBeUndefined();
    expect(words(await person.get('/'))).toContain('Events off');
  });

  it('may not deliver to private addresses unless the server was told so', async () => {
    await server.close();
    server = await startServer({ allowPrivate: false });
    person = new Visitor(server.url);
    await person.logIn(server);
    await authenticate();
    const seen = await person.post('/instances', fields());
    expect(seen.status).toBe(422);
    expect(words(seen)).toMatch(
      /Callback URL is refused: 127\.0\.0\.1 is a loopback address, .* unless the server is started with --allow-private\./,
    );
    await person.submit('/instances', fields({ 'callback-url': 'https://example.com/hook' }));
    expect(await documents()).toMatchObject([{ allowPrivate: false }]);
  });
});
