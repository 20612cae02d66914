import { randomInt } from 'node:crypto';
import { sealKey } from '../bundle/keys/index.js';
import {
  createAuthority,
  type Authority,
  type AuthorityOptions,
  type Credentials,
  type IssueOptions,
} from './authority.js';
import type { NamePart } from './names.js';

/** The authority whose name stands as issuer in SAP's device certificates. */
export const sapIssuerSubject: readonly NamePart[] = [
  ['C', 'DE'],
  ['O', 'SAP IoT Trust Community II'],
  ['CN', 'SAP Internet of Things CA'],
];

const sapSubjectBase: readonly NamePart[] = [
  ['C', 'DE'],
  ['O', 'SAP Trust Community'],
  ['OU', 'IoT Services'],
];

/** How SAP names a device in the CN: since 2020, or as it did in 2018. */
export type SapNameForm = '2020' | '2018';

export interface SapNameFields {
  /** The device alternate id. */
  readonly deviceId: string;
  readonly form?: SapNameForm | undefined;
  readonly gatewayId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly instanceId?: string | undefined;
}

export interface SapDeviceOptions extends SapNameFields, Omit<IssueOptions, 'subject'> {
  readonly secretForm?: SapSecretForm | undefined;
}

/** What SAP's device management hands out for a device, before it is written as a bundle. */
export interface SapDevice extends Credentials {
  readonly deviceId: string;
  readonly secret: string;
}

/** An authority with the name of SAP's, self-signed unless it gets a parent. */
export async function sapIssuer(options: Partial<AuthorityOptions> = {}): Promise<Authority> {
  return createAuthority({ subject: sapIssuerSubject, ...options });
}

/** Key, certificate and secret of a device as SAP issues them: RSA-2048, valid for one year. */
export async function sapDevice(issuer: Authority, options: SapDeviceOptions): Promise<SapDevice> {
  const credentials = await issuer.issue({ days: 365, ...options, subject: sapSubject(options) });
  return { ...credentials, deviceId: options.deviceId, secret: sapSecret(options.secretForm) };
}

/** The text of the file that SAP hands out: the encrypted key, then the leaf and nothing above it. */
export async function sapBundle({ key, secret, pem }: SapDevice): Promise<string> {
  return (await sealKey(key, secret, { scheme: 'SAP' })) + pem;
}

const commonNames: Record<SapNameForm, (fields: SapNameFields) => string> = {
  '2018': ({ deviceId, instanceId = 'sandbox' }) => `clientid:${deviceId}|instanceid:${instanceId}`,
  '2020': ({ deviceId, gatewayId = '2', tenantId = '1234567890', instanceId = 'sandbox' }) =>
    `deviceAlternateId:${deviceId}|gatewayId:${gatewayId}|tenantId:${tenantId}|instanceId:${instanceId}`,
};

export function sapSubject(fields: SapNameFields): readonly NamePart[] {
  return [...sapSubjectBase, ['CN', commonNames[fields.form ?? '2020'](fields)]];
}

/** `groups`: letters and digits such as `jJ3fF7dD0rR2rR3wW0eE2tT`; `signs`: 36 characters of `[A-Za-z0-9!#?]`. */
export type SapSecretForm = 'groups' | 'signs';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';

const secrets: Record<SapSecretForm, () => string> = {
  groups: () => repeat(8, group).slice(0, 23),
  signs: () => repeat(36, () => pick(`${lower}${upper}${digits}!#?`)),
};

/** A secret in one of the two forms that SAP hands out. */
export function sapSecret(form: SapSecretForm = 'groups'): string {
  return secrets[form]();
}

function group(): string {
  const letter = pick(lower);
  return letter + letter.toUpperCase() + pick(digits);
}

function repeat(times: number, make: () => string): string {
  return Array.from({ length: times }, make).join('');
}

function pick(alphabet: string): string {
  return alphabet.charAt(randomInt(alphabet.length));
}
