import type { Context } from '../core/context.js';
import { type Answer, endpointOf } from '../core/delivery/index.js';
import { isMailboxType, SAMPLE_TYPES, type SampleType, sampleNotification } from '../core/delivery/sample.js';
import { sendTests } from '../core/delivery/send-test.js';
import { CoreError } from '../core/errors.js';
import type { Outcome, Ui } from '../ui/output.js';
import { counted } from './notification-lines.js';
import { onOneLine } from './received-lines.js';
import { type TriggerTarget, type TriggerTargetOptions, triggerTarget } from './trigger-target.js';

export interface TriggerOptions extends TriggerTargetOptions {
  /** Event types, or `all`. CREATED when absent. */
  event?: string[];
}

interface Sent {
  type: SampleType;
  answer: Answer;
}

const SHOWN_CHARACTERS = 200;

/** Sends sample notifications; CoreError `failed` when none was accepted, `partial` when only some were. */
export async function run(options: TriggerOptions, ctx: Context, ui: Ui): Promise<Outcome> {
  const asked = chosenTypes(options.event ?? []);
  const target = await triggerTarget(options, ctx);
  // With --json each object says that it is a test, and stderr is kept for an error.
  const tell = (sentence: string) => {
    if (!ui.json) ui.note(sentence);
  };
  const types = sendable(asked, target, tell);
  const endpoint = endpointOf(target.settings.callbackUrl ?? '');
  tell(`Sending ${counted(types.length, 'test notification')} to ${endpoint}; nothing is stored.`);
  if (target.instance.disabled) tell(`Instance ${target.instance.id} is disabled: it sends nothing but this test.`);
  const sent = await sendAll(types, target, ctx, ui);
  const failed = sent.filter(({ answer }) => !answer.ok);
  const [first] = failed;
  if (first === undefined) return 'ok';
  const all = failed.length === sent.length;
  const message =
    sent.length === 1
      ? `the test notification was not accepted by ${endpoint}: ${first.answer.error}`
      : `${failed.length} of ${sent.length} test notifications were not accepted by ${endpoint}: ${first.type}: ${first.answer.error}`;
  throw new CoreError(all ? 'failed' : 'partial', message, hintFor(first.answer));
}

function chosenTypes(names: readonly string[]): readonly SampleType[] {
  if (names.length === 0) return ['CREATED'];
  const wanted = names.map((name) => name.toUpperCase());
  const unknown = wanted.find((name) => name !== 'ALL' && !(SAMPLE_TYPES as readonly string[]).includes(name));
  if (unknown !== undefined) {
    const message = `must be one of ${SAMPLE_TYPES.join(', ')}, or all`;
    throw new CoreError('usage', `--event ${message}`, { faults: [{ path: '--event', message }] });
  }
  return wanted.includes('ALL') ? SAMPLE_TYPES : SAMPLE_TYPES.filter((type) => wanted.includes(type));
}

/** Without the mailbox events, when the instance sends none: its receiver may never have heard of them. */
function sendable(
  types: readonly SampleType[],
  { instance, settings }: TriggerTarget,
  tell: (sentence: string) => void,
): readonly SampleType[] {
  if (settings.systemEnabled || !types.some(isMailboxType)) return types;
  const reason = `instance ${instance.id} sends no mailbox events (event.notification.system.enabled is false)`;
  const kept = types.filter((type) => !isMailboxType(type));
  if (kept.length > 0) {
    tell(`Not among them ${types.filter(isMailboxType).join(', ')}: ${reason}.`);
    return kept;
  }
  throw new CoreError('usage', `--event: ${reason}`, {
    hint: 'Name CREATED, UPDATED or DELETED, or use --url to send to an address as it is.',
    faults: [{ path: '--event', message: reason }],
  });
}

async function sendAll(types: readonly SampleType[], target: TriggerTarget, ctx: Context, ui: Ui): Promise<Sent[]> {
  const samples = types.map((type) => {
    const unique = Buffer.from(ctx.random.bytes(16)).toString('hex');
    return { type, notification: sampleNotification({ ...target, type, unique, now: ctx.clock.now() }) };
  });
  const typeOf = new Map(samples.map(({ type, notification }) => [notification, type]));
  const sent: Sent[] = [];
  const notifications = samples.map(({ notification }) => notification);
  for await (const { notification, answer } of sendTests(ctx, target, notifications)) {
    const type = typeOf.get(notification) ?? 'CREATED';
    sent.push({ type, answer });
    ui.data({
      test: true,
      id: notification.id,
      instanceId: target.stored ? target.instance.id : null,
      resource: notification.resource,
      eventType: type,
      ok: answer.ok,
      status: answer.status,
      durationMs: answer.durationMs,
      error: answer.error,
      answer: answer.text,
    });
    ui.text(line(type, notification, answer, ui));
  }
  return sent;
}

function line(type: SampleType, { id, resource }: { id: string; resource: string }, answer: Answer, ui: Ui): string {
  const result = answer.ok ? ui.paint.green(`HTTP ${answer.status}`) : ui.paint.red(answer.error ?? 'failed');
  const text = onOneLine(answer.text ?? '').slice(0, SHOWN_CHARACTERS);
  return [type.padEnd(13), resource, result, `${answer.durationMs} ms`, id, text].filter(Boolean).join('  ');
}

function hintFor({ status }: Answer): { hint?: string } {
  if (status === null) return { hint: 'Is a receiver running there? gmail-events listen starts one for a look.' };
  if (status === 401 || status === 403) {
    return { hint: 'The receiver refused it: compare the secrets on both sides; gmail-events signature verify helps.' };
  }
  if (status === 410) return { hint: 'To a real notification this answer stops the deliveries of its instance.' };
  return {};
}
