export { registerApi } from './register.js';
