import type { TestServer } from '../../support/server.js';

export interface Seen {
  status: number;
  headers: Headers;
  text: string;
  /** Where the answer sends the browser; null: nowhere. */
  location: string | null;
}

/** A browser without its drawing: keeps the cookies, follows what it is told to, fills forms in. */
export class Visitor {
  readonly #base: string;
  #cookies = new Map<string, string>();
  /** Of the last page. */
  page: Seen = { status: 0, headers: new Headers(), text: '', location: null };

  constructor(base: string) {
    this.#base = base;
  }

  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies;
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Seen> {
    return this.#send(path, { headers });
  }

  /** GET, and on to where it leads. */
  async open(path: string): Promise<Seen> {
    let seen = await this.get(path);
    for (let at = 0; at < 10 && seen.location !== null; at++) seen = await this.get(seen.location);
    return seen;
  }

  /** Sends fields as a browser sends a form of ours, with the token of the last page unless it is given. */
  async post(path: string, fields: Fields = {}, headers: Record<string, string> = {}): Promise<Seen> {
    const token = /name="form-token" value="([^"]*)"/.exec(this.page.text)?.[1];
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries({
      ...(token === undefined ? {} : { 'form-token': token }),
      ...fields,
    })) {
      if (value === null) continue;
      for (const each of Array.isArray(value) ? value : [value]) body.append(name, each);
    }
    return this.#send(path, { method: 'POST', body, headers: { origin: this.#base, ...headers } });
  }

  /** POST, and on to where it leads. */
  async submit(path: string, fields: Fields = {}): Promise<Seen> {
    const seen = await this.post(path, fields);
    return seen.location === null ? seen : this.open(seen.location);
  }

  async logIn({ key }: TestServer): Promise<void> {
    await this.get('/login');
    const seen = await this.post('/login', { user: key.user, organization: key.organization });
    if (seen.status !== 303) throw new Error(`the login answered ${seen.status}: ${seen.text}`);
    await this.get('/');
  }

  async #send(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Seen> {
    const url = new URL(path, this.#base);
    // Cookies are for their own server.
    const own = url.origin === new URL(this.#base).origin;
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(own && cookie !== '' ? { cookie } : {}), ...init.headers };
    const response = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const line of own ? response.headers.getSetCookie() : []) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const location = response.headers.get('location');
    const seen: Seen = {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      location: location === null ? null : new URL(location, url).href.replace(this.#base, ''),
    };
    if (own && seen.location === null) this.page = seen;
    return seen;
  }
}

export type Fields = Record<string, string | string[] | null>;

/** What a page says, without its markup. */
export function words({ text }: Seen): string {
  return text
    .replace(/<(script|style|title)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ')
    .trim();
}
