import type { LoggedRequest } from './types.js';

/** Every request of Gmail and OAuth, entered when it arrives; the driving ones under /sandbox are not among them. */
export class RequestLog {
  readonly requests: LoggedRequest[] = [];

  enter(request: Omit<LoggedRequest, 'status'>): LoggedRequest {
    const entry = { ...request, status: 0 };
    this.requests.push(entry);
    return entry;
  }

  spent(): { requests: number; units: number } {
    const gmail = this.requests.filter(({ path }) => path.startsWith('/gmail/'));
    return { requests: gmail.length, units: gmail.reduce((sum, { units }) => sum + units, 0) };
  }

  reset(): void {
    this.requests.length = 0;
  }
}
