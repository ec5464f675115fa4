import type { FastifySchema } from 'fastify';

/** Who may call: User and Organization, an instance's token, either of the two, or anyone. */
export type Caller = 'platform' | 'element' | 'either' | 'anyone';

type JsonSchema = Readonly<Record<string, unknown>>;

export interface Operation {
  summary: string;
  description?: string;
  tag: 'instances' | 'elements' | 'events' | 'deliveries' | 'hub' | 'docs';
  caller: Caller;
  /** Names in the path, each with what it means. */
  path?: Readonly<Record<string, string>>;
  /** Of the query, all optional. */
  query?: Readonly<Record<string, JsonSchema>>;
  body?: JsonSchema;
  /** Of the answer with status 200; null: it has no body. */
  answer: JsonSchema | null;
  /** What the answer's headers tell. */
  headers?: Readonly<Record<string, string>>;
}

const SECURITY: Record<Caller, Record<string, string[]>[]> = {
  platform: [{ platform: [] }],
  element: [{ element: [] }],
  either: [{ platform: [] }, { element: [] }],
  anyone: [],
};

/** A route's entry in the OpenAPI document. It describes and checks nothing: that is the core's to do, all faults at once. */
export function operation(described: Operation): FastifySchema {
  const { summary, description, tag, caller, path, query, body, answer, headers } = described;
  const pathProperties = Object.entries(path ?? {}).map(([name, what]) => [
    name,
    { type: 'string', description: what },
  ]);
  return {
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    security: SECURITY[caller],
    ...(path === undefined ? {} : { params: { type: 'object', properties: Object.fromEntries(pathProperties) } }),
    ...(query === undefined ? {} : { querystring: { type: 'object', properties: query } }),
    ...(body === undefined ? {} : { body }),
    response: { 200: success(answer, headers), default: failure },
  };
}

const failure = {
  description: 'Refused or failed; the status tells what kind of fault it is, the message every fault there is',
  content: { 'application/json': { schema: { $ref: 'Error#' } } },
};

function success(answer: JsonSchema | null, headers: Operation['headers']): JsonSchema {
  const named = Object.entries(headers ?? {}).map(([name, what]) => [name, { type: 'string', description: what }]);
  return {
    description: answer === null ? 'Done; the answer has no body' : 'Done',
    ...(headers === undefined ? {} : { headers: Object.fromEntries(named) }),
    ...(answer === null ? { type: 'null' } : { content: { 'application/json': { schema: answer } } }),
  };
}
