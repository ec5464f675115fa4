const PREFIX = 'https://www.googleapis.com/auth/';

export const FULL_ACCESS = 'https://mail.google.com/';
export const READONLY = `${PREFIX}gmail.readonly`;
export const METADATA = `${PREFIX}gmail.metadata`;
const MODIFY = `${PREFIX}gmail.modify`;
const COMPOSE = `${PREFIX}gmail.compose`;
const LABELS = `${PREFIX}gmail.labels`;
const SETTINGS = `${PREFIX}gmail.settings.basic`;

export const READS_MAIL = [FULL_ACCESS, MODIFY, READONLY, METADATA];
export const READS_PROFILE = [...READS_MAIL, COMPOSE];
export const READS_DRAFTS = [FULL_ACCESS, MODIFY, COMPOSE, READONLY];
export const READS_LABELS = [...READS_MAIL, LABELS];
export const READS_SETTINGS = [FULL_ACCESS, MODIFY, READONLY, SETTINGS];

/** Scopes that the consent page knows; another is an invalid_scope there. */
export const KNOWN_SCOPES = new Set([
  ...READS_PROFILE,
  LABELS,
  SETTINGS,
  `${PREFIX}gmail.settings.sharing`,
  `${PREFIX}gmail.send`,
  `${PREFIX}gmail.insert`,
  `${PREFIX}pubsub`,
  `${PREFIX}userinfo.email`,
  `${PREFIX}userinfo.profile`,
  'openid',
  'email',
  'profile',
]);

/** A token that carries gmail.metadata is held to it, whatever else it carries. */
export function isMetadataToken(scopes: readonly string[]): boolean {
  return scopes.includes(METADATA);
}
