import type { Random } from '../random.js';
import { mutateBytes } from './bytes.js';
import { mutateDer } from './der.js';

const block = /-----BEGIN ([^-\n]+)-----\r?\n([A-Za-z0-9+/=\s]+)-----END [^-\n]+-----\r?\n?/g;

const tokens = [
  '-----BEGIN CERTIFICATE-----',
  '-----END CERTIFICATE-----',
  '-----BEGIN ENCRYPTED PRIVATE KEY-----\n',
  '-----END RSA PRIVATE KEY-----\n',
  '-----',
  '\r',
  '\n\n',
  '\\n',
  '=',
  ' ',
  '\t',
  '\ufeff',
  '\u00a0',
  'Proc-Type: 4,ENCRYPTED\n',
  'DEK-Info: DES-EDE3-CBC,0011223344556677\n\n',
].map((token) => Buffer.from(token));

/** Changes a PEM text: as text, its lines and blocks, or what stands inside a block, which stays base64. */
export function mutatePem(bytes: Buffer, random: Random, other: Uint8Array): Buffer {
  const text = bytes.toString('latin1');
  const blocks = [...text.matchAll(block)];
  if (blocks.length === 0 || random.chance(0.35)) return mutateBytes(bytes, random, other, tokens);
  const chosen = random.pick(blocks);
  const [whole, label = '', body = ''] = chosen;
  const end = chosen.index + whole.length;
  const strange = [...Buffer.from(other).toString('latin1').matchAll(block)];
  const replacement = (): string => {
    switch (random.below(5)) {
      case 0:
        return '';
      case 1:
        return whole + whole;
      case 2:
        return (strange.length > 0 ? random.pick(strange) : chosen)[0];
      default: {
        const source = strange.length > 0 ? random.pick(strange)[2] : body;
        const der = mutateDer(Buffer.from(body, 'base64'), random, Buffer.from(source ?? '', 'base64'));
        return pemBlock(random.chance(0.9) ? label : random.pick(labels), der);
      }
    }
  };
  return Buffer.from(text.slice(0, chosen.index) + replacement() + text.slice(end), 'latin1');
}

const labels = [
  'PRIVATE KEY',
  'RSA PRIVATE KEY',
  'EC PRIVATE KEY',
  'CERTIFICATE',
  'TRUSTED CERTIFICATE',
  'X',
];

export function pemBlock(label: string, der: Uint8Array): string {
  const body = Buffer.from(der)
    .toString('base64')
    .replaceAll(/.{1,64}/g, '$&\n');
  return `-----BEGIN ${label}-----\n${body}-----END ${label}-----\n`;
}

/** Changes lines: of CSV, of NDJSON. */
export function mutateLines(bytes: Buffer, random: Random, other: Uint8Array): Buffer {
  if (random.chance(0.6)) return mutateBytes(bytes, random, other, lineTokens);
  const lines = bytes.toString('latin1').split('\n');
  const at = random.below(lines.length);
  if (random.chance(0.5)) lines.splice(at, 1);
  else lines.splice(at, 0, random.pick(lines));
  return Buffer.from(lines.join('\n'), 'latin1');
}

const lineTokens = [
  '"',
  '""',
  ',',
  ';',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '{',
  '}',
  '[',
  '"\n',
  '\ufeff',
  '\u0000',
].map((token) => Buffer.from(token));
