export { registerPage } from './register.js';
