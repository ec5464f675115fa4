export { FAULT_KINDS } from './faults/kinds.js';
export { SandboxMisuse } from './misuse.js';
export { startSandbox } from './sandbox.js';
export type * from './types.js';
