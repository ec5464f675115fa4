export {
  createServerKey,
  equalSecrets,
  hashOf,
  hasServerKeys,
  isServerKey,
  type ServerKey,
} from './server-keys.js';
