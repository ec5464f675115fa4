export { registerOauth } from './oauth.js';
