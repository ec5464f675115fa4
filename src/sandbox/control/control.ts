import type { Incoming } from '../http/incoming.js';
import { type Answer, jsonAnswer } from '../http/reply.js';
import { SandboxMisuse } from '../misuse.js';
import type { Sandbox } from '../types.js';
import type { World } from '../world.js';
import { CONTROL_COMMANDS } from './commands.js';
import { ControlInput } from './input.js';

/** /sandbox/...: drives the sandbox from outside its process. A misuse is a 400 with `{"error": "<one sentence>"}`. */
export function controlAnswer(sandbox: Sandbox, world: World, incoming: Incoming): Answer {
  const name = incoming.path.slice('/sandbox/'.length);
  try {
    if (incoming.httpMethod === 'GET') return jsonAnswer(200, shown(sandbox, world, name, incoming.query));
    if (incoming.httpMethod !== 'POST') throw new SandboxMisuse('only GET and POST are understood here');
    const command = Object.hasOwn(CONTROL_COMMANDS, name) ? CONTROL_COMMANDS[name] : undefined;
    if (command === undefined) {
      throw new SandboxMisuse(`there is no command "${name}"; there are ${Object.keys(CONTROL_COMMANDS).join(', ')}`);
    }
    return jsonAnswer(200, command.run(sandbox, new ControlInput(name, incoming.body, command.fields)) ?? {});
  } catch (error) {
    if (error instanceof SandboxMisuse) return jsonAnswer(400, { error: error.message });
    throw error;
  }
}

function shown(sandbox: Sandbox, world: World, name: string, query: URLSearchParams): unknown {
  if (name === 'state') return state(sandbox, world);
  if (name === 'requests') {
    const method = query.get('method');
    const requests = sandbox.requests.filter((request) => method === null || request.method === method);
    return { requests, spent: sandbox.spent() };
  }
  throw new SandboxMisuse(
    `GET shows /sandbox/state and /sandbox/requests; "${name}" is asked for with POST, if at all`,
  );
}

/** Holds no token and no secret. */
function state({ url, env, client }: Sandbox, world: World): unknown {
  return {
    url,
    env,
    now: new Date(world.now()).toISOString(),
    client: { clientId: client.clientId, type: client.type, redirectUris: client.redirectUris },
    mailboxes: [...world.mailboxes.values()].map((mailbox) => ({
      email: mailbox.email,
      historyId: mailbox.historyId,
      messages: mailbox.messages.size,
      threads: mailbox.messages.threadCount,
      drafts: mailbox.drafts.size,
      newest: mailbox.messages
        .newestFirst()
        .slice(0, 10)
        .map(({ id, subject, labelIds }) => ({ id, subject, labelIds })),
    })),
    faults: world.faults.list(),
    consent: world.consent,
    spent: world.log.spent(),
  };
}
