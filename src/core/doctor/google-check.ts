import { TransportFailure } from '../../gmail/transport.js';
import type { Context } from '../context.js';
import { googleTransport } from '../google-transport.js';
import { type Check, fault, well } from './check.js';

/** Receivers turn down signatures that are five minutes off, Google a service account's. */
const FARTHEST_MS = 60_000;

/** Whether Gmail answers at all, and what its `Date` header says of this clock. No token is sent. */
export async function googleChecks(ctx: Context): Promise<Check[]> {
  const url = new URL(`${ctx.google.gmail}/gmail/v1/users/me/profile`);
  const started = ctx.clock.now();
  try {
    const { date } = await googleTransport(ctx)({ method: 'GET', url, headers: {} });
    const ended = ctx.clock.now();
    const reach = well('google', `${url.host} answers in ${ended - started} ms`);
    const told = Date.parse(date ?? '');
    if (Number.isNaN(told)) return [reach, well('clock', 'the answer told no time to compare with')];
    return [reach, clockCheck(Math.round((started + ended) / 2 - told))];
  } catch (error) {
    if (!(error instanceof TransportFailure)) throw error;
    const proxy = ctx.env['HTTPS_PROXY'] ?? ctx.env['https_proxy'];
    const way = proxy ? 'Check the network and HTTPS_PROXY.' : 'Check the network; behind a proxy set HTTPS_PROXY.';
    return [fault('google', 'failed', `${url.host} cannot be reached (${error.message})`, way)];
  }
}

/** `ahead` in milliseconds; the header itself is cut to a second. */
function clockCheck(ahead: number): Check {
  const seconds = Math.abs(Math.round(ahead / 1000));
  if (Math.abs(ahead) < FARTHEST_MS) return well('clock', "agrees with Google's within a minute");
  const message = `this clock is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} Google's`;
  return fault('clock', 'failed', message, 'Set the clock, or let NTP do it: timedatectl set-ntp true');
}
