import { connect, type Socket } from 'node:net';

/** One connection on which a test writes what no HTTP client would. */
export interface RawConnection {
  socket: Socket;
  write(text: string | Buffer): void;
  /** Everything that came so far. */
  received(): string;
  /** Resolves with everything that came once the other side has closed the connection. */
  closed: Promise<string>;
  /** Resolves once what came matches. */
  until(pattern: RegExp): Promise<string>;
}

/** To `url`'s host and port; a reset counts as an end. */
export function openRaw(url: string): RawConnection {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(text));
  });
  return {
    socket,
    closed,
    write: (bytes) => socket.write(bytes),
    received: () => text,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(text)) resolve(text);
        };
        socket.on('data', look);
        socket.once('close', () => reject(new Error(`closed before ${pattern}: ${JSON.stringify(text)}`)));
        look();
      }),
  };
}

/** Sends one text, then waits until the server closes. */
export async function exchange(url: string, text: string): Promise<string> {
  const connection = openRaw(url);
  connection.write(text);
  return connection.closed;
}

export const statusesOf = (text: string) =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((match) => Number(match[1]));
