/** A client of the old service, written from its documentation: nothing but fetch, and nothing of the product. */

export interface ElementInstance {
  id: number;
  name: string;
  token: string;
  createdDate: string;
  elementId: number;
  element: { id: number; key: string; hub: string };
  tags: string[];
  valid: boolean;
  disabled: boolean;
  providerData?: { code?: string };
  configuration: Record<string, string | null>;
  eventsEnabled: boolean;
  eventsNotificationCallbackUrl?: string;
  externalAuthentication: string;
  user: { id: number; emailAddress: string; firstName: string; lastName: string };
}

export interface ConfigurationEntry {
  id: number;
  key: string;
  name: string;
  propertyValue: string | null;
}

export interface InstanceEvent {
  id: string;
  eventDate: string;
  status: 'NEW' | 'RECEIVED' | 'DISPATCHED' | 'CONSUMED' | 'NOTIFIED';
  providerData: string;
  notifiedData?: unknown[];
}

export interface QueuedDelivery {
  notificationId: number | string;
  subscriptionId: number | string;
  status: 'created' | 'delivered' | 'notified' | 'retry' | 'queued';
  createdDate: string;
  updatedDate: string;
  notification?: unknown;
  subscription?: { channel: string; topics: string[]; config: { url: string }; active: boolean };
}

export interface CallbackEvent {
  objectType: string;
  objectId: string;
  eventType: 'CREATED' | 'UPDATED' | 'DELETED';
  date: string;
  pollDate: string;
  elementKey: string;
  hubKey: string;
}

/** What the callback URL receives. */
export interface CallbackBody {
  id: string;
  message: {
    eventId: string;
    instance_id: number;
    userId: number;
    events: CallbackEvent[];
    raw: { objectType: string; instance_id: number; events: CallbackEvent[]; [resource: string]: unknown };
  };
}

export class ElementsError extends Error {
  readonly status: number;
  readonly requestId: string;
  readonly headers: Headers;

  constructor(status: number, text: string, headers: Headers) {
    const body = JSON.parse(text) as { message: string; requestId: string };
    super(body.message);
    this.status = status;
    this.requestId = body.requestId;
    this.headers = headers;
  }
}

export interface Reply<T> {
  status: number;
  headers: Headers;
  body: T;
}

type Query = Record<string, string | number | string[] | undefined>;

export class OldClient {
  readonly #base: string;
  readonly #user: string;
  readonly #organization: string;

  constructor(base: string, user: string, organization: string) {
    this.#base = base;
    this.#user = user;
    this.#organization = organization;
  }

  /** Where the user is sent to consent. The cURL sample of this call has no Authorization header. */
  async oauthUrl(app: { apiKey: string; apiSecret: string; callbackUrl: string; scope?: string; state?: string }) {
    const { body } = await this.#send<{ oauthUrl: string; element: string }>('GET', '/elements/gmail/oauth/url', {
      authorization: null,
      query: app,
    });
    return body;
  }

  async createInstance(body: unknown, path = '/instances'): Promise<ElementInstance> {
    return (await this.platform<ElementInstance>('POST', path, { body })).body;
  }

  /** All pages. An empty search is the old service's 404. */
  async listInstances(search: { tags?: string[]; searchText?: string; pageSize?: number } = {}) {
    const query = { 'tags[]': search.tags, searchText: search.searchText, pageSize: search.pageSize };
    return this.#pages<ElementInstance>('/instances', query, this.#platformHeader());
  }

  async getInstance(id: number): Promise<ElementInstance> {
    return (await this.platform<ElementInstance>('GET', `/instances/${id}`)).body;
  }

  async updateInstance(method: 'PUT' | 'PATCH', id: number, body: unknown): Promise<ElementInstance> {
    return (await this.platform<ElementInstance>(method, `/instances/${id}`, { body })).body;
  }

  /** A new grant for the same instance; its id and token stay. */
  reauthenticate(method: 'PUT' | 'PATCH', id: number, code: string): Promise<ElementInstance> {
    return this.updateInstance(method, id, { providerData: { code } });
  }

  async configuration(id: number): Promise<ConfigurationEntry[]> {
    return (await this.platform<ConfigurationEntry[]>('GET', `/instances/${id}/configuration`)).body;
  }

  async setConfiguration(id: number, entry: ConfigurationEntry, propertyValue: string): Promise<ConfigurationEntry> {
    const body = { name: entry.name, key: entry.key, propertyValue };
    const path = `/instances/${id}/configuration/${entry.id}`;
    return (await this.platform<ConfigurationEntry>('PATCH', path, { body })).body;
  }

  async enable(id: number): Promise<void> {
    await this.platform('PUT', `/instances/${id}/enabled`);
  }

  async disable(id: number): Promise<void> {
    await this.platform('DELETE', `/instances/${id}/enabled`);
  }

  async deleteInstance(id: number): Promise<Reply<unknown>> {
    return this.platform('DELETE', `/instances/${id}`);
  }

  ping(token: string, hub = 'general'): Promise<Reply<Record<string, unknown>>> {
    return this.hub('GET', `/hubs/${hub}/ping`, token);
  }

  async changedMessages(token: string, pageSize?: number): Promise<Record<string, unknown>[]> {
    const header = this.#hubHeader(token);
    return (await this.#pages<Record<string, unknown>>('/hubs/general/changed-messages', { pageSize }, header)).items;
  }

  async events(token: string, pageSize?: number): Promise<InstanceEvent[]> {
    return (await this.#pages<InstanceEvent>('/instances/events', { pageSize }, this.#hubHeader(token))).items;
  }

  async event(token: string, id: string): Promise<InstanceEvent> {
    return (await this.hub<InstanceEvent>('GET', `/instances/events/${id}`, token)).body;
  }

  async queuedDeliveries(url?: string): Promise<QueuedDelivery[]> {
    const query = { where: queued(url), hydrate: 'true' };
    return (await this.platform<QueuedDelivery[]>('GET', '/notifications/subscriptions/deliveries', { query })).body;
  }

  async releaseDeliveries(url?: string): Promise<void> {
    const query = { where: queued(url) };
    await this.platform('PUT', '/notifications/subscriptions/deliveries', { query });
  }

  platform<T>(method: string, path: string, options: { query?: Query; body?: unknown } = {}): Promise<Reply<T>> {
    return this.#send<T>(method, path, { ...options, authorization: this.#platformHeader() });
  }

  hub<T>(method: string, path: string, token: string, options: { query?: Query; body?: unknown } = {}) {
    return this.#send<T>(method, path, { ...options, authorization: this.#hubHeader(token) });
  }

  #platformHeader(): string {
    return `User ${this.#user}, Organization ${this.#organization}`;
  }

  /** The parts came in either order in the wild. */
  #hubHeader(token: string): string {
    return `Element ${token}, User ${this.#user}`;
  }

  async #pages<T>(path: string, query: Query, authorization: string) {
    const items: T[] = [];
    const pages: Reply<T[]>[] = [];
    let nextPage: string | undefined;
    do {
      const page = await this.#send<T[]>('GET', path, { authorization, query: { ...query, nextPage } });
      pages.push(page);
      items.push(...page.body);
      nextPage = page.headers.get('elements-next-page-token') ?? undefined;
    } while (nextPage !== undefined);
    return { items, pages };
  }

  async #send<T>(
    method: string,
    path: string,
    call: { authorization: string | null; query?: Query; body?: unknown },
  ): Promise<Reply<T>> {
    const url = new URL(this.#base + path);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      for (const one of [value ?? []].flat()) url.searchParams.append(name, String(one));
    }
    const response = await fetch(url, {
      method,
      redirect: 'error',
      headers: {
        ...(call.authorization === null ? {} : { Authorization: call.authorization }),
        ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new ElementsError(response.status, text, response.headers);
    const body = (text === '' ? null : JSON.parse(text)) as T;
    return { status: response.status, headers: response.headers, body };
  }
}

function queued(url: string | undefined): string {
  const where = "channel='webhook' and status='queued'";
  return url === undefined ? where : `${where} and config.url='${url}'`;
}
