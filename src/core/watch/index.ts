export { type WatchAction, type WatchOptions, watch } from './watch.js';
