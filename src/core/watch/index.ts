export { type InFlight, type WatchAction, type WatchOptions, watch } from './watch.js';
