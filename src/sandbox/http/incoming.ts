import type { IncomingMessage } from 'node:http';

/** A request, wholly read. */
export interface Incoming {
  httpMethod: string;
  /** Decoded no further than the URL is: still percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
}

const LARGEST_BODY = 10_000_000;

/** null when the body is larger than 10 MB. */
export async function readIncoming(request: IncomingMessage): Promise<Incoming | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) return null;
    chunks.push(chunk);
  }
  const url = new URL(request.url ?? '/', 'http://sandbox.invalid');
  return {
    httpMethod: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** Repeated keys as arrays. */
export function queryRecord(query: URLSearchParams): Record<string, string[]> {
  const record: Record<string, string[]> = {};
  for (const key of new Set(query.keys())) record[key] = query.getAll(key);
  return record;
}
