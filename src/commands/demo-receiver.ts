import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface DemoRecord {
  changes?: { type: string; labelIds?: string[] }[];
  payload?: { headers?: { name: string; value: string }[] };
}

export interface DemoNotification {
  message: {
    events: { eventType: string; objectType: string; objectId: string; date: string }[];
    raw: { 'changed-messages': DemoRecord[] };
  };
}

export interface DemoReceiver {
  url: string;
  readonly events: number;
  readonly notifications: number;
  readonly badSignatures: number;
  close(): Promise<void>;
}

/** What a receiver's author would write: verifies the Elements signature over the raw bytes, then answers 200. */
export async function startDemoReceiver(
  signatureKey: string,
  onNotification: (notification: DemoNotification) => void,
): Promise<DemoReceiver> {
  const seen = { events: 0, notifications: 0, badSignatures: 0 };
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const expected = `sha256=${createHmac('sha256', signatureKey).update(body).digest('base64')}`;
    if (!equal(expected, String(request.headers['elements-webhook-signature']))) {
      seen.badSignatures++;
      response.writeHead(401).end();
      return;
    }
    const notification = JSON.parse(body.toString()) as DemoNotification;
    seen.notifications++;
    seen.events += notification.message.events.length;
    onNotification(notification);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/events`,
    get events() {
      return seen.events;
    },
    get notifications() {
      return seen.notifications;
    },
    get badSignatures() {
      return seen.badSignatures;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
