/** Apart, so that undici is loaded with the first request: it takes a while, and a run with nothing due needs none. */
export { Agent, EnvHttpProxyAgent } from 'undici';
