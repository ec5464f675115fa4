import { join } from 'node:path';
import type { AccountDocument, InstanceDocument } from '../ports/documents.js';
import type { Kind } from './documents.js';
import { isAccountKey } from './names.js';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const number: Check = (value) => typeof value === 'number';
const object: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const textValues: Check = (value) => object(value) && Object.values(value as object).every(text);
const oneOf =
  (...allowed: string[]): Check =>
  (value) =>
    typeof value === 'string' && allowed.includes(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const INSTANCE: Record<keyof InstanceDocument, Check> = {
  id: number,
  uuid: text,
  token: text,
  name: text,
  tags: texts,
  elementKey: oneOf('gmail'),
  createdDate: text,
  account: text,
  disabled: flag,
  externalAuthentication: oneOf('none', 'initial'),
  allowPrivate: flag,
  configuration: textValues,
};

const ACCOUNT: Record<keyof AccountDocument, Check> = {
  key: text,
  email: text,
  clientId: text,
  clientSecret: orNull(text),
  serviceAccount: orNull(textValues),
  refreshToken: orNull(text),
  accessToken: orNull(text),
  accessTokenExpiresAt: orNull(number),
  scopes: texts,
  grantExpiresAt: orNull(number),
  createdDate: text,
};

export function instanceKind(home: string): Kind<number> {
  return {
    folder: join(home, 'instances'),
    shown: 'instances',
    name: (id) => (Number.isSafeInteger(id) && id > 0 ? String(id) : null),
    key: (name) => (/^[1-9]\d{0,15}$/.test(name) && Number.isSafeInteger(Number(name)) ? Number(name) : null),
    fault: (found, id) => fault(found, INSTANCE, 'id', id),
  };
}

export function accountKind(home: string): Kind<string> {
  return {
    folder: join(home, 'accounts'),
    shown: 'accounts',
    name: (key) => (isAccountKey(key) ? key : null),
    key: (name) => (isAccountKey(name) ? name : null),
    fault: (found, key) => fault(found, ACCOUNT, 'key', key),
  };
}

function fault(
  found: Record<string, unknown>,
  checks: Record<string, Check>,
  own: string,
  key: unknown,
): string | null {
  for (const [name, check] of Object.entries(checks)) {
    if (!check(found[name])) return found[name] === undefined ? `"${name}" is missing` : `"${name}" is of a wrong kind`;
  }
  return found[own] === key ? null : `its "${own}" is that of another file`;
}
