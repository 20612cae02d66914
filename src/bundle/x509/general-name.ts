import type { Element } from '../asn1/index.js';
import { formatName, readName } from './name.js';

/** Context tags of GeneralName (RFC 5280 section 4.2.1.6). */
const kinds = ['otherName', 'email', 'DNS', 'X400', 'dirName', 'EDI', 'URI', 'IP', 'RID'] as const;

export interface GeneralName {
  readonly kind: (typeof kinds)[number];
  /** As it stands in the certificate: it may hold anything. */
  readonly value: string;
}

/** @returns `undefined` for what is no GeneralName */
export function readGeneralName(element: Element): GeneralName | undefined {
  const kind = element.tagClass === 'context' ? kinds[element.tag] : undefined;
  if (kind === undefined) return undefined;
  return { kind, value: readValue(kind, element) };
}

function readValue(kind: GeneralName['kind'], element: Element): string {
  switch (kind) {
    case 'DNS':
    case 'email':
    case 'URI':
      return Buffer.from(element.content).toString('latin1');
    case 'IP':
      return formatAddress(element.content);
    case 'dirName':
      return formatName(readName(element.explicit('a directory name')));
    case 'otherName':
      return element.implicit('another name').next('its type').oid('the type of another name');
    case 'RID':
    case 'X400':
    case 'EDI':
      return `#${Buffer.from(element.content).toString('hex')}`;
  }
}

function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return `#${Buffer.from(bytes).toString('hex')}`;
  const groups = Buffer.from(bytes).toString('hex').match(/.{4}/g) ?? [];
  // URLs hold addresses in the short form of RFC 5952.
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}
