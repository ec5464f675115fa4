export { registerList } from './list.js';
