/** What the documentation says of the command tree, made from it. */
export { manPage } from './man.js';
export { commandTable } from './table.js';
