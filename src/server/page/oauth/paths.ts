/** Where Google sends the browser back: the redirect URI is this below the server's own origin. */
export const CALLBACK_PATH = '/oauth/callback';
