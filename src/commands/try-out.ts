import type { Context } from '../core/context.js';
import { CoreError } from '../core/errors.js';
import { readSettings } from '../core/instances/index.js';
import { type Listener, startListener } from '../core/receiving/index.js';
import type { InstanceDocument } from '../core/types.js';
import { errorLines, errorObject } from '../ui/error.js';
import type { Ui } from '../ui/output.js';
import type { Prompts } from '../ui/prompts.js';
import { LISTEN_HOST, LISTEN_PORT, LISTEN_URL } from './listen-url.js';
import { receivedLines } from './received-lines.js';
import { run as trigger } from './trigger.js';

/** Sends a test to the instance's callback, as often as the person likes; what goes wrong is said and ends nothing. */
export async function tryOut(instance: InstanceDocument, ctx: Context, ui: Ui, person: Prompts): Promise<void> {
  const { callbackUrl, signingSecrets, signatureKey } = readSettings(instance);
  if (callbackUrl === null) return;
  const signed = signingSecrets.length > 0 || signatureKey !== null ? 'signed test' : 'test';
  let question = `Send a ${signed} notification there now?`;
  while (await person.confirm(question, true)) {
    if (await sent(instance, ctx, ui)) return;
    question = 'Send it once more? (No: the receiver can be repaired later)';
  }
}

async function sent(instance: InstanceDocument, ctx: Context, ui: Ui): Promise<boolean> {
  const listener = await ownListener(instance, ctx, ui);
  try {
    await trigger({ instance: String(instance.id) }, ctx, ui);
    return true;
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    ui.warn(errorLines(errorObject(error), ui.livePaint));
    return false;
  } finally {
    await listener?.close();
  }
}

/** A receiver for the length of the test, where the callback is that of `listen`, and nobody listens there yet. */
async function ownListener(instance: InstanceDocument, ctx: Context, ui: Ui): Promise<Listener | null> {
  const { callbackUrl, signatureKey, signingSecrets } = readSettings(instance);
  if (callbackUrl !== LISTEN_URL) return null;
  try {
    return await startListener({
      host: LISTEN_HOST,
      port: LISTEN_PORT,
      secrets: { signatureKey, signingSecrets },
      answers: {},
      delayMs: 0,
      now: () => ctx.clock.now(),
      onReceived: (received) => ui.text(receivedLines(received, 0, ui.paint).join('\n')),
      onOther: (sentence) => ui.warn(sentence),
    });
  } catch (error) {
    // Somebody listens there already: let it hear the test.
    if (error instanceof CoreError) return null;
    throw error;
  }
}
