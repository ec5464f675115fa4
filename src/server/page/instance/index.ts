export { registerInstance } from './instance.js';
