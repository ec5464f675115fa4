/** Where `listen` listens unless it is told otherwise. */
export const LISTEN_HOST = '127.0.0.1';
export const LISTEN_PORT = 8686;
export const LISTEN_URL = `http://${LISTEN_HOST}:${LISTEN_PORT}/`;
