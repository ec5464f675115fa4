/** Accounts: grants, their access tokens, and Gmail through them. */
export { type AuthorizeOptions, authorize } from '../oauth/authorize.js';
export { type OAuthClient, resolveClient } from '../oauth/client.js';
export { exchangeCode, grantFromRefreshToken, grantFromServiceAccount } from '../oauth/exchange.js';
export type { Grant } from '../oauth/grant.js';
export { oauthUrl } from '../oauth/oauth-url.js';
export { DEFAULT_SCOPE, isMetadataOnly, scopeFor, scopeNames } from '../oauth/scopes.js';
export { beginSignIn, finishSignIn, type SignIn } from '../oauth/sign-in.js';
export { type AccountEntry, accountEntry } from './account-entry.js';
export { checkAccount } from './check-account.js';
export { accountName, findAccount, listAccounts, readAccounts } from './find-account.js';
export { type AccountHealth, accountHealth, markAccountFailed } from './health.js';
export { type OpenGmailOptions, openGmail } from './open-gmail.js';
export { revokeAccount } from './revoke-account.js';
export { saveGrant } from './save-grant.js';
