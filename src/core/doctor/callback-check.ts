import type { Context } from '../context.js';
import { endpointOf } from '../delivery/index.js';
import { sampleNotification } from '../delivery/sample.js';
import { sendTests } from '../delivery/send-test.js';
import { isPolled, readSettings } from '../instances/index.js';
import type { InstanceDocument } from '../types.js';
import { type Check, fault, well } from './check.js';

/** Whether a test could be sent: the instance is polled, and has a callback URL and something to send. */
export function hasCallback(instance: InstanceDocument): boolean {
  if (!isPolled(instance)) return false;
  try {
    const { callbackUrl, resources } = readSettings(instance);
    return callbackUrl !== null && resources.length > 0;
  } catch {
    return false;
  }
}

/** Sends one signed test, as `trigger` does; nothing is stored. */
export async function callbackCheck(ctx: Context, instance: InstanceDocument, email: string): Promise<Check> {
  const name = `callback of instance ${instance.id}`;
  const settings = readSettings(instance);
  const endpoint = endpointOf(settings.callbackUrl ?? '');
  const now = ctx.clock.now();
  const unique = Buffer.from(ctx.random.bytes(16)).toString('hex');
  const samples = settings.resources
    .slice(0, 1)
    .map((resource) => sampleNotification({ instance, settings, email, resource, type: 'CREATED', unique, now }));
  for await (const { answer } of sendTests(ctx, { instance, settings }, samples)) {
    if (answer.ok) return well(name, `${endpoint} took a test (HTTP ${answer.status}, ${answer.durationMs} ms)`);
    const hint =
      answer.status === 401 || answer.status === 403
        ? 'Compare the secrets on both sides; gmail-events signature verify helps.'
        : `Repair the receiver; gmail-events trigger ${instance.id} tries again.`;
    return fault(name, 'failed', `${endpoint} did not take a test: ${answer.error}`, hint);
  }
  return well(name, 'there is nothing to send');
}
