import { GMAIL_METHODS } from '../gmail/methods.js';
import { SandboxMisuse } from '../misuse.js';
import type { Fault, FaultKind } from '../types.js';
import { GMAIL_FAULTS } from './gmail-bodies.js';
import { TOKEN_FAULTS, TOKEN_ONLY } from './token-bodies.js';

/** Kinds that any method can show: the connection, or a right answer spoilt on its way. */
const ANYWHERE: readonly FaultKind[] = [
  'html502',
  'truncatedJson',
  'emptyBody',
  'unknownField',
  'repeatPageToken',
  'slow',
  'reset',
  'hang',
];

export const FAULT_KINDS: readonly FaultKind[] = [
  ...(Object.keys(GMAIL_FAULTS) as FaultKind[]),
  ...ANYWHERE,
  ...TOKEN_ONLY,
];

export const OAUTH_METHODS: readonly string[] = ['auth', 'token', 'revoke', 'tokeninfo'];
export const FAULT_METHODS: readonly string[] = [...OAUTH_METHODS, ...GMAIL_METHODS.map((method) => method.name)];

function canAnswer(kind: FaultKind, method: string): boolean {
  if (ANYWHERE.includes(kind)) return true;
  return (OAUTH_METHODS.includes(method) ? TOKEN_FAULTS : GMAIL_FAULTS)[kind] !== undefined;
}

/** Whether a fault for `*` strikes this method: Gmail's own refusals leave OAuth alone, and the other way round. */
function isMeantByAll(kind: FaultKind, method: string): boolean {
  if (!OAUTH_METHODS.includes(method)) return canAnswer(kind, method);
  if (TOKEN_ONLY.includes(kind)) return method === 'token';
  return ANYWHERE.includes(kind) || kind.startsWith('backendError');
}

export function strikes(fault: Fault, method: string): boolean {
  return fault.method === '*' ? isMeantByAll(fault.kind, method) : fault.method === method;
}

/** @throws SandboxMisuse when the kind or the method is unknown, or the method never answers so. */
export function checkFault(fault: Fault): void {
  if (!FAULT_KINDS.includes(fault.kind)) {
    throw new SandboxMisuse(`unknown fault kind "${fault.kind}"; known: ${FAULT_KINDS.join(', ')}`);
  }
  if (fault.method === '*') return;
  if (!FAULT_METHODS.includes(fault.method)) {
    throw new SandboxMisuse(`unknown method "${fault.method}"; known: ${FAULT_METHODS.join(', ')} and *`);
  }
  if (!canAnswer(fault.kind, fault.method)) {
    throw new SandboxMisuse(`${fault.method} never answers with ${fault.kind}`);
  }
}
