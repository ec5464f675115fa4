import { setTimeout as sleep } from 'node:timers/promises';
import { controlAnswer } from './control/control.js';
import { faultyReply } from './faults/faulty-reply.js';
import { type Incoming, queryRecord } from './http/incoming.js';
import { googleErrorPage, type Reply } from './http/reply.js';
import { projectOf } from './oauth/clients.js';
import { type Route, routeOf } from './routes.js';
import type { Sandbox } from './types.js';
import type { World } from './world.js';

/** Tells who drives the sandbox from who is its client. `closing` ends the waits of slow answers. */
export function answerer(
  world: World,
  options: { control: boolean; sandbox: () => Sandbox; closing: AbortSignal },
): (incoming: Incoming) => Promise<Reply> {
  return async (incoming) => {
    if (options.control && incoming.path.startsWith('/sandbox/')) {
      return controlAnswer(options.sandbox(), world, incoming);
    }
    const route = routeOf(world, incoming);
    const entry = world.log.enter({
      method: route?.method ?? 'unknown',
      httpMethod: incoming.httpMethod,
      path: incoming.path,
      query: queryRecord(incoming.query),
      email: route?.email ?? null,
      units: route?.units ?? 0,
      at: world.now(),
    });
    const reply = route === null ? unknownPath(incoming) : await routed(world, route, incoming, options.closing);
    if (reply.kind === 'answer') entry.status = reply.status;
    return reply;
  };
}

/** The answer of the route, unless a fault that is switched on strikes it. */
async function routed(world: World, route: Route, incoming: Incoming, closing: AbortSignal): Promise<Reply> {
  const fault = world.faults.strike(route);
  if (fault === null) return route.answer(incoming);
  if (fault.delayMs !== undefined) {
    const isClosed = await sleep(fault.delayMs, false, { signal: closing }).catch(() => true);
    if (isClosed) return { kind: 'reset' };
  }
  const project = projectOf(world.clients[0]?.clientId ?? '');
  return faultyReply(fault, { incoming, isOAuth: route.isOAuth, project, now: world.now() }, route.answer);
}

function unknownPath({ path }: Incoming): Reply {
  return googleErrorPage(404, `The requested URL ${path} was not found on this server.`);
}
