export { registerOperations } from './register.js';
