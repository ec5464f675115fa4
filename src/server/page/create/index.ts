export { registerCreate } from './create.js';
