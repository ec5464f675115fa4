import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { refusedAddress } from './address.js';

/** The address that would be dialled is one that callbacks are never sent to. */
export class RefusedAddressError extends Error {}

/**
 * Connects only to addresses that a callback may be sent to. A name is checked by what it resolves to at this very moment
 * (so a name that is bound anew between two looks gains nothing), a literal before dialling: undici and net never call
 * `lookup` for one. TLS is always verified, whatever NODE_TLS_REJECT_UNAUTHORIZED says.
 */
export function guardedConnector(options: {
  allowPrivate: boolean;
  timeoutMs: number;
  lookup?: LookupFunction;
}): buildConnector.connector {
  const connect = buildConnector({
    timeout: options.timeoutMs,
    rejectUnauthorized: true,
    lookup: guardedLookup(options.allowPrivate, options.lookup ?? systemLookup),
  });
  return (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    const refused = isIP(host) === 0 ? null : refusedAddress(host, options.allowPrivate);
    if (refused === null) connect(target, callback);
    else callback(new RefusedAddressError(refused), null);
  };
}

function guardedLookup(allowPrivate: boolean, lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, '', 0);
        return;
      }
      const all = found as unknown as LookupAddress[];
      const allowed = all.filter(({ address }) => refusedAddress(address, allowPrivate) === null);
      const [first] = allowed;
      if (first === undefined) callback(refusal(hostname, all, allowPrivate), '', 0);
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function refusal(hostname: string, all: LookupAddress[], allowPrivate: boolean): Error {
  const [first] = all;
  const reason = first === undefined ? 'it has no address' : refusedAddress(first.address, allowPrivate);
  return new RefusedAddressError(`${hostname}: ${reason}`);
}
