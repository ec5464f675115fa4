export { STYLE } from './style.js';
