import type { Fault } from '../errors.js';
import { isRecord, valueForm } from '../value-form.js';
import {
  isAbsent,
  type Report,
  readCode,
  readConfiguration,
  readElement,
  readExternalAuthentication,
  readName,
  readTags,
  reportTo,
} from './body-fields.js';
import { type CheckedConfiguration, checkConfiguration, withoutAbsent } from './configuration.js';
import type { KeptIds } from './kept-ids.js';
import { MASK } from './masks.js';

/** Secrets and addresses of OAuth that a body brought; null: absent. They go to the account's file. */
export interface BroughtOauth {
  code: string | null;
  clientId: string | null;
  clientSecret: string | null;
  redirectUri: string | null;
  refreshToken: string | null;
}

/** The body of `POST /instances`, checked. With faults, the rest is not to be used. */
export interface CheckedBody {
  name: string;
  tags: string[];
  /** An export of a disabled instance stays disabled. */
  disabled: boolean;
  externalAuthentication: 'none' | 'initial';
  oauth: BroughtOauth;
  configuration: CheckedConfiguration;
  /** Of an export; null: absent. */
  kept: KeptIds;
  /** Keys that an export holds as a mask only. */
  maskedKeys: string[];
  faults: Fault[];
}

export interface BodyOptions {
  allowPrivate: boolean;
  /** Read the export's id and token. */
  keepIds: boolean;
}

/** Ids grow from the largest that was ever used: one near the end of what a number can count would leave no room. */
const LARGEST_KEPT_ID = 1_000_000_000_000;

/** Every field of a body. Unknown top-level keys are ignored: an export of the old service has many. */
export function checkBody(body: unknown, options: BodyOptions): CheckedBody {
  const faults: Fault[] = [];
  const report = reportTo(faults);
  if (!isRecord(body)) report('body', `is ${valueForm(body)}; accepted: one JSON object`);
  const fields = isRecord(body) ? body : { element: { key: 'gmail' }, name: '-' };
  readElement(fields['element'], true, report);
  const name = readName(fields['name'], report);
  if (isAbsent(fields['name'])) report('name', 'is missing; accepted: 1 to 255 characters');
  const tags = readTags(fields['tags'], report) ?? [];
  const code = readCode(fields['providerData'], report);
  const externalAuthentication = readExternalAuthentication(fields['externalAuthentication'], report) ?? 'none';
  const brought = readConfiguration(fields['configuration'], report);
  const given = withoutAbsent(brought);
  const configuration = checkConfiguration(given, options.allowPrivate);
  faults.push(...configuration.faults);
  return {
    name: name ?? '',
    tags: tags.length > 0 ? tags : [name ?? ''],
    disabled: fields['disabled'] === true,
    externalAuthentication,
    oauth: broughtOauth(configuration.values, code),
    configuration,
    kept: options.keepIds ? readKept(fields, report) : { id: null, token: null },
    maskedKeys: Object.keys(brought).filter((key) => brought[key] === MASK),
    faults,
  };
}

export function broughtOauth(values: Readonly<Record<string, string>>, code: string | null): BroughtOauth {
  return {
    code,
    clientId: values['oauth.api.key'] ?? null,
    clientSecret: values['oauth.api.secret'] ?? null,
    redirectUri: values['oauth.callback.url'] ?? null,
    refreshToken: values['oauth.user.refresh_token'] ?? null,
  };
}

function readKept(fields: Record<string, unknown>, report: Report): CheckedBody['kept'] {
  const { id, token } = fields;
  const number = typeof id === 'number' && Number.isInteger(id) && id >= 1 && id <= LARGEST_KEPT_ID ? id : null;
  if (!isAbsent(id) && number === null) {
    report('id', `is ${valueForm(id)}; accepted: a whole number from 1 to ${LARGEST_KEPT_ID}`);
  }
  const text = typeof token === 'string' && token.trim() !== '' ? token : null;
  if (!isAbsent(token) && text === null) report('token', 'is no text; accepted: the token of an export');
  return { id: number, token: isAbsent(token) ? null : text };
}
