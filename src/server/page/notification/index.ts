export { registerNotification } from './notification.js';
