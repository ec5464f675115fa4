/** Where Google's OAuth endpoints stand, below the sandbox's one address. */
export const PATHS = {
  auth: '/o/oauth2/v2/auth',
  token: '/token',
  revoke: '/revoke',
  tokeninfo: '/tokeninfo',
} as const;
