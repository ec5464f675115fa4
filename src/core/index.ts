/** The one module the commands share. */
export { openContext } from './open.js';
