import { SapcertError } from '../errors.js';
import { parseJson } from './json.js';

/** How the input was wrapped. */
export type WrappedFormat = 'device-management-json' | 'agrirouter-json' | 'btp-json';

/** What a download says about the connection it is meant for. */
export interface ConnectionHints {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly clientId?: string | undefined;
  readonly deviceId?: string | undefined;
  /** The topic for measures, where the download names one. */
  readonly measuresTopic?: string | undefined;
  /** The topic for commands, where the download names one. */
  readonly commandsTopic?: string | undefined;
}

export interface WrappedInput {
  readonly format: WrappedFormat;
  /** PEM text, or the bytes of a PKCS#12 file, with the JSON path where each stood. */
  readonly parts: readonly { readonly path: string; readonly content: string | Uint8Array }[];
  readonly secret: string | undefined;
  readonly connection: ConnectionHints;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the JSON downloads that hold a bundle: SAP IoT device management API (`{secret, pem}`,
 * `{secret, p12}`), agrirouter onboarding responses, and SAP BTP service keys and bindings with X.509.
 *
 * @throws SapcertError `file.malformed` when it is not JSON, `file.unrecognised` when it is none of these.
 *   Neither quotes the text: it holds a secret.
 */
export function readWrapped(text: string, file?: string): WrappedInput {
  const json = parseJson(text, file);
  const found = isObject(json)
    ? (readAgrirouter(json, file) ?? readServiceKey(json) ?? readDeviceManagement(json, file))
    : undefined;
  if (found !== undefined) return found;
  throw new SapcertError('file.unrecognised', 'JSON, but none that holds a device bundle', {
    place: { file },
    hint:
      'sapcert reads {secret, pem} and {secret, p12} of the device management API, agrirouter onboarding ' +
      'responses (authentication, connectionCriteria), and SAP BTP service keys (certificate, key)',
  });
}

function readDeviceManagement(json: Json, file?: string): WrappedInput | undefined {
  const pem = text(json['pem']);
  const p12 = text(json['p12']);
  const parts = [
    ...(pem === undefined ? [] : [{ path: 'pem', content: pem }]),
    ...(pem !== undefined || p12 === undefined ? [] : [{ path: 'p12', content: bytesOf(p12, 'p12', file) }]),
  ];
  if (parts.length === 0) return undefined;
  return { format: 'device-management-json', parts, secret: text(json['secret']), connection: {} };
}

function readAgrirouter(json: Json, file?: string): WrappedInput | undefined {
  const authentication = json['authentication'];
  if (!isObject(authentication)) return undefined;
  const certificate = text(authentication['certificate']);
  if (certificate === undefined) return undefined;
  const isPkcs12 = /^p(?:kcs#?)?12$/i.test(text(authentication['type']) ?? '');
  const path = 'authentication.certificate';
  const content = isPkcs12 ? bytesOf(certificate, path, file) : certificate;
  return {
    format: 'agrirouter-json',
    parts: [{ path, content }],
    secret: text(authentication['secret']),
    connection: agrirouterConnection(json),
  };
}

/** @throws SapcertError `file.malformed`; Node's own decoder skips what is none */
function bytesOf(base64: string, path: string, file: string | undefined): Uint8Array {
  const text = base64.replace(/\s+/g, '');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0) return Buffer.from(text, 'base64');
  throw new SapcertError('file.malformed', `what should be PKCS#12 in base64 (${path}) is none`, {
    place: { file },
    hint: 'download the file again',
  });
}

function agrirouterConnection(json: Json): ConnectionHints {
  const criteria = isObject(json['connectionCriteria']) ? json['connectionCriteria'] : {};
  return {
    host: hostOf(text(criteria['host'])),
    port: port(criteria['port']),
    clientId: text(criteria['clientId']),
    deviceId: text(json['deviceAlternateId']),
    measuresTopic: text(criteria['measures']),
    commandsTopic: text(criteria['commands']),
  };
}

/** A service key holds the credentials at its root, a binding under `credentials`, XSUAA's own under `uaa`. */
function readServiceKey(json: Json): WrappedInput | undefined {
  const inner = [json['credentials'], json['uaa']].filter(isObject);
  const places = [json, ...inner, ...inner.map((place) => place['uaa']).filter(isObject)];
  // A key that was made elsewhere is not in it: then only the certificate is.
  const credentials = places.find(
    (place) =>
      text(place['certificate']) !== undefined &&
      ['key', 'certurl', 'clientid'].some((name) => text(place[name])),
  );
  if (credentials === undefined) return undefined;
  return {
    format: 'btp-json',
    parts: ['key', 'certificate'].flatMap((path) => {
      const content = text(credentials[path]);
      return content === undefined ? [] : [{ path, content }];
    }),
    secret: undefined,
    connection: { ...endpoint(text(credentials['certurl'])), clientId: text(credentials['clientid']) },
  };
}

function endpoint(url: string | undefined): ConnectionHints {
  if (url === undefined || !URL.canParse(url)) return {};
  const { hostname, port: number } = new URL(url);
  return { host: hostname, port: number === '' ? 443 : Number(number) };
}

function hostOf(value: string | undefined): string | undefined {
  return value?.replace(/^[a-z+]+:\/\//i, '').replace(/[:/].*$/, '');
}

function port(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number > 0 && number < 65_536
    ? number
    : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
