import { isIP, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { SapcertError } from './errors.js';

export interface HostAndPort {
  readonly host: string;
  readonly port?: number;
}

/**
 * Reads what people give as a host: a name, an address, `H:P`, `[::1]:8883`, or a URL of any scheme
 * (`mqtts://`, `ssl://`, `tls://`, ...), whose path is left out.
 *
 * @throws SapcertError `usage.invalid`; the text is quoted only when it cannot hold a password
 */
export function parseHost(text: string): HostAndPort {
  const trimmed = text.trim();
  const [, scheme, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(trimmed) ?? [];
  const authority = rest.replace(/[/?#].*$/s, '');
  if (authority.includes('@')) {
    throw usage('the host holds a user name or password', 'give them with --username and --password');
  }
  const { host, port } = splitPort(authority);
  const fallback = scheme === undefined ? undefined : schemePorts[scheme.toLowerCase()];
  const number = port === undefined ? fallback : parsePort(port);
  return { host: checkHost(host), ...(number === undefined ? {} : { port: number }) };
}

/** @throws SapcertError `usage.invalid` */
export function parsePort(text: string | number): number {
  const number = typeof text === 'number' ? text : /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw usage(
    `not a port: ${String(text).slice(0, 40)}`,
    'a port is a number from 1 to 65535; MQTT over TLS uses 8883',
  );
}

const schemePorts: Readonly<Record<string, number>> = { https: 443, wss: 443, http: 80, ws: 80, mqtt: 1883 };

function splitPort(authority: string): { readonly host: string; readonly port?: string } {
  if (isIPv6(authority.replace(/%.*$/, ''))) return { host: authority };
  const [, bracketed, port] = /^\[([^\]]*)\](?::(.*))?$/.exec(authority) ?? [];
  if (bracketed !== undefined) return { host: bracketed, ...(port === undefined ? {} : { port }) };
  const colon = authority.indexOf(':');
  if (colon < 0) return { host: authority };
  return { host: authority.slice(0, colon), port: authority.slice(colon + 1) };
}

function checkHost(host: string): string {
  if (host === '')
    throw usage('no host is given', 'give one with --host, for example --host gateway.example.com:8883');
  if (isIP(host.replace(/%.*$/, '')) !== 0) return host;
  const ascii = domainToASCII(host).toLowerCase();
  // URLs take 1.2.3 for 1.2.0.3, and 8883 for 0.0.34.179: whoever writes that made a mistake.
  if (isIP(ascii) !== 0)
    throw usage(
      `not an address: ${host.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)}`,
      'an IPv4 address has four numbers from 0 to 255; a port goes behind a colon',
    );
  const plain = /^[\w-]+(?:\.[\w-]+)*\.?$/;
  if (ascii.length <= 254 && plain.test(ascii) && ascii.split('.').every((label) => label.length <= 63))
    return ascii;
  throw usage(
    `not a host name: ${host.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)}`,
    'give a name or an address, without a path',
  );
}

function usage(message: string, hint: string): SapcertError {
  return new SapcertError('usage.invalid', message, { hint });
}
