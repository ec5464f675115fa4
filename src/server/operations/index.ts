export { Metrics } from './metrics.js';
export { Pulse } from './pulse.js';
export { registerOperations } from './register.js';
