import { isIPv4, isIPv6 } from 'node:net';
import type { Kind, Pseudonyms } from './pseudonyms.js';

/** Takes the names, addresses and mail addresses in a text that may hold anything. */
export function collectFromText(text: string, names: Pseudonyms): void {
  for (const [address] of text.matchAll(/(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)/g)) {
    if (isIPv4(address)) names.add('ipv4', address);
  }
  for (const [address] of text.matchAll(/(?<![\w:])[\da-f]*:[\da-f:]*:[\da-f.:]*(?![\w:])/gi)) {
    if (isIPv6(address)) names.add('ipv6', address);
  }
  for (const [mail] of text.matchAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g)) names.add('mail', mail);
  for (const [, host] of text.matchAll(/[a-z][a-z0-9+.-]*:\/\/(?:[^/\s@]*@)?([a-z0-9._-]+)/gi)) {
    if (host !== undefined && !isIPv4(host)) names.add('host', host);
  }
  for (const [, user] of text.matchAll(/[/\\](?:home|Users)[/\\]([^/\\\s"']+)/g)) names.add('user', user);
  collectNames(text, names);
}

/** Host names in what a peer said. */
export function foreignHosts(text: string, names: Pseudonyms): void {
  for (const [host] of text.matchAll(
    /(?<![\w.@-])(?:[a-z0-9](?:[\w-]*[a-z0-9])?\.)+[a-z]{2,24}(?![\w-])/gi,
  )) {
    names.add('host', host);
  }
}

const attributes: Readonly<Record<string, Kind>> = {
  CN: 'name',
  O: 'organisation',
  OU: 'organisation',
  L: 'organisation',
  ST: 'organisation',
  STREET: 'organisation',
  DC: 'organisation',
  UID: 'user',
  GN: 'user',
  SN: 'user',
  emailAddress: 'mail',
  serialNumber: 'serial',
};

const attribute = new RegExp(
  String.raw`(?<![\w.])(${Object.keys(attributes).join('|')})\s?=\s?((?:\\.|[^,\\\n+])+)`,
  'g',
);

/** Names that SAP gives to its authorities and to every device, and those of the sandbox. */
const known = /^(?:SAP(?: .*)?|IoT Services|sapcert sandbox.*)$/;

/** Organisations whose authorities everybody trusts: their names say nothing about the user. */
const publicAuthorities =
  /^(?:Actalis|Amazon|Baltimore|Buypass|Certum|Asseco|COMODO|Cloudflare|Cybertrust|D-Trust|Deutsche Telekom|T-Systems|DigiCert|Digital Signature Trust|Entrust|GeoTrust|GlobalSign|GoDaddy|Google Trust|Hellenic Academic|IdenTrust|Internet Security Research|Let's Encrypt|Microsoft|QuoVadis|Sectigo|SSL Corp|Starfield|SwissSign|Symantec|thawte|The USERTRUST|Unizeto|VeriSign|ZeroSSL)/i;

/** Takes the values in the distinguished names of a text, whatever their order. */
export function collectNames(text: string, names: Pseudonyms): void {
  for (const name of text.split(/, issued by /)) {
    const pairs = [...name.matchAll(attribute)].map(([, type = '', escaped = '']) =>
      pair(type, escaped.trim()),
    );
    const isPublic = pairs.some(({ type, value }) => type === 'O' && publicAuthorities.test(value));
    for (const { type, value, escaped } of pairs) {
      if (known.test(value) || (isPublic && !isHostName(value))) names.keep(value);
      else if (type === 'CN') collectCommonName(value, escaped, names);
      else addBoth(attributes[type] ?? 'name', value, escaped, names);
    }
  }
}

function pair(type: string, escaped: string): { type: string; value: string; escaped: string } {
  return { type, escaped, value: escaped.replace(/\\([^\da-f]|[\da-f](?![\da-f]))/gi, '$1') };
}

function isHostName(value: string): boolean {
  return /^(?:\*\.)?[\w-]+(?:\.[\w-]+)+$/.test(value);
}

const fields: Readonly<Record<string, Kind>> = {
  devicealternateid: 'device',
  clientid: 'device',
  gatewayid: 'gateway',
  tenantid: 'tenant',
  instanceid: 'instance',
};

/** SAP's `deviceAlternateId:x|gatewayId:3|...` keeps its form. */
function collectCommonName(value: string, escaped: string, names: Pseudonyms): void {
  const parts = value.split('|').map((part) => /^(\w+):(.*)$/.exec(part));
  if (parts.length > 1 && parts.every((part) => part !== null)) {
    for (const part of parts) names.add(fields[(part?.[1] ?? '').toLowerCase()] ?? 'name', part?.[2]);
    return;
  }
  const isHost = isHostName(value) && !isIPv4(value);
  addBoth(isHost ? 'host' : 'name', isHost ? value.replace(/^\*\./, '') : value, escaped, names);
}

/** As it reads, and as it is written where commas and the like are escaped. */
function addBoth(kind: Kind, value: string, escaped: string, names: Pseudonyms): void {
  names.add(kind, value);
  if (escaped !== value) names.alias(value, escaped);
}
