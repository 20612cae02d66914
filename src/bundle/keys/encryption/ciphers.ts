import type { BlockCipher } from './block-cipher.js';
import type { CipherParameters } from './decrypt.js';

const allModes = [
  'ecb',
  'cbc',
  'cfb',
  'cfb1',
  'cfb8',
  'ofb',
  'ctr',
  'gcm',
  'ccm',
  'poly1305',
  'siv',
  'stream',
] as const;

export type Mode = (typeof allModes)[number];

/** @returns `undefined` where the tag does not fit */
export type OpenSealed = (
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/** What runs a family of ciphers. */
export type Engine =
  /** Node, as `name-mode`, with the key as `expandKey` makes it. */
  | { readonly kind: 'node'; readonly name: string; readonly expandKey?: (key: Uint8Array) => Uint8Array }
  /** A block cipher in JavaScript, loaded when it is needed. */
  | {
      readonly kind: 'block';
      readonly load: (key: Uint8Array, parameters: CipherParameters) => Promise<BlockCipher>;
      /** The shortest and the longest key that PBES2 may ask for; absent: the row's alone. */
      readonly keyLengths?: readonly [number, number];
    }
  /** An authenticated cipher in JavaScript, loaded when it is needed. */
  | { readonly kind: 'aead'; readonly load: () => Promise<OpenSealed> }
  | { readonly kind: 'rc4' }
  | { readonly kind: 'unsupported'; readonly openedBy: string };

/** One cipher with one key length in one mode. */
export interface Cipher {
  /** `aes-256-cbc`, as OpenSSL spells it but in lower case. */
  readonly name: string;
  readonly mode: Mode;
  readonly keyBytes: number;
  /** 1: a stream cipher. */
  readonly blockBytes: number;
  readonly engine: Engine;
  readonly oid: string | undefined;
}

/** The modes in which key files use a family, with the identifier where one is registered. */
type Modes = Partial<Record<Mode, string | undefined>>;

const gostEngine = 'OpenSSL with the GOST engine';

const node = (name: string, expandKey?: (key: Uint8Array) => Uint8Array): Engine =>
  expandKey === undefined ? { kind: 'node', name } : { kind: 'node', name, expandKey };
const unsupported = (openedBy: string): Engine => ({ kind: 'unsupported', openedBy });

const rc2: Engine = {
  kind: 'block',
  load: async (key, { effectiveBits = 8 * key.length }) =>
    (await import('./forge-rc2.js')).rc2(key, effectiveBits),
  keyLengths: [4, 56],
};
const blowfish: Engine = {
  kind: 'block',
  load: async (key) => (await import('./blowfish.js')).blowfish(key),
  keyLengths: [4, 56],
};
const seed: Engine = {
  kind: 'block',
  load: async (key) => (await import('./seed.js')).seed(key),
};

const rare = () => import('./rare/index.js');
const cast5: Engine = {
  kind: 'block',
  load: async (key) => (await rare()).cast5(key),
  keyLengths: [5, 16],
};
const rc5: Engine = {
  kind: 'block',
  load: async (key, { rounds }) => (await rare()).rc5(key, rounds),
  keyLengths: [4, 56],
};
const twofish: Engine = {
  kind: 'block',
  load: async (key) => (await rare()).twofish(key),
  keyLengths: [16, 32],
};
const serpent: Engine = {
  kind: 'block',
  load: async (key) => (await rare()).serpent(key),
  keyLengths: [16, 32],
};
const desx: Engine = { kind: 'block', load: async (key) => (await rare()).desx(key) };
const idea: Engine = { kind: 'block', load: async (key) => (await rare()).idea(key) };
const gost28147: Engine = {
  kind: 'block',
  load: async (key, { parameterSet = 'TC26 Z' }) => (await rare()).meshedGost28147(key, parameterSet),
};
const threefish: Engine = { kind: 'block', load: async (key) => (await rare()).threefish512(key) };
const siv: Engine = { kind: 'aead', load: async () => (await rare()).openSiv };
/** Node has the cipher, but not in this mode. */
const block = (name: string): Engine => ({
  kind: 'block',
  load: async (key) => (await rare()).nodeBlock(name, 16, key),
});

/** Node has no single DES: three times the same key is one. */
const threeTimes = (key: Uint8Array): Uint8Array => Buffer.concat([key, key, key]);
const firstAgain = (key: Uint8Array): Uint8Array => Buffer.concat([key, key.subarray(0, 8)]);

/** Identifiers of modes that are numbered in one arc. */
function arc(prefix: string, numbers: Partial<Record<Mode, number>>): Modes {
  return Object.fromEntries(Object.entries(numbers).map(([mode, number]) => [mode, `${prefix}.${number}`]));
}

const unnumbered = (...modes: readonly Mode[]): Modes =>
  Object.fromEntries(modes.map((mode) => [mode, undefined]));

const aes = '2.16.840.1.101.3.4.1';
const aria = '1.2.410.200046.1.1';
const camellia = '1.2.392.200011.61.1.1.1';
const camelliaModes = '0.3.4401.5.3.1.9';
const feedback = unnumbered('ecb', 'cfb', 'ofb');
const narrow = unnumbered('cfb1', 'cfb8');
const counter = unnumbered('ctr');
const gnuSerpent = '1.3.6.1.4.1.11591.13';
/** Botan's own. */
const botan = '1.3.6.1.4.1.25258.3';
const desCbc3 = '1.2.840.113549.3.7';

/** Name, key bytes, block bytes, engine, modes. */
type Row = readonly [string, number, number, Engine, Modes];

// prettier-ignore
const rows: readonly Row[] = [
  ['aes-128', 16, 16, node('aes-128'), { ...narrow, ...counter, ...arc(aes, { ecb: 1, cbc: 2, ofb: 3, cfb: 4, gcm: 6, ccm: 7 }) }],
  ['aes-192', 24, 16, node('aes-192'), { ...narrow, ...counter, ...arc(aes, { ecb: 21, cbc: 22, ofb: 23, cfb: 24, gcm: 26, ccm: 27 }) }],
  ['aes-256', 32, 16, node('aes-256'), { ...narrow, ...counter, ...arc(aes, { ecb: 41, cbc: 42, ofb: 43, cfb: 44, gcm: 46, ccm: 47 }) }],
  ['aria-128', 16, 16, node('aria-128'), { ...narrow, ...arc(aria, { ecb: 1, cbc: 2, cfb: 3, ofb: 4, ctr: 5, gcm: 34, ccm: 37 }) }],
  ['aria-192', 24, 16, node('aria-192'), { ...narrow, ...arc(aria, { ecb: 6, cbc: 7, cfb: 8, ofb: 9, ctr: 10, gcm: 35, ccm: 38 }) }],
  ['aria-256', 32, 16, node('aria-256'), { ...narrow, ...arc(aria, { ecb: 11, cbc: 12, cfb: 13, ofb: 14, ctr: 15, gcm: 36, ccm: 39 }) }],
  ['camellia-128', 16, 16, node('camellia-128'), { ...narrow, cbc: `${camellia}.2`, ...arc(camelliaModes, { ecb: 1, ofb: 3, cfb: 4, ctr: 9 }) }],
  ['camellia-192', 24, 16, node('camellia-192'), { ...narrow, cbc: `${camellia}.3`, ...arc(camelliaModes, { ecb: 21, ofb: 23, cfb: 24, ctr: 29 }) }],
  ['camellia-256', 32, 16, node('camellia-256'), { ...narrow, cbc: `${camellia}.4`, ...arc(camelliaModes, { ecb: 41, ofb: 43, cfb: 44, ctr: 49 }) }],
  ['sm4', 16, 16, node('sm4'), arc('1.2.156.10197.1.104', { ecb: 1, cbc: 2, ofb: 3, cfb: 4, ctr: 7 })],
  ['seed', 16, 16, seed, arc('1.2.410.200004.1', { ecb: 3, cbc: 4, cfb: 5, ofb: 6 })],
  ['des-ede3', 24, 8, node('des-ede3'), { ...feedback, ...narrow, cbc: desCbc3 }],
  ['des-ede', 16, 8, node('des-ede3', firstAgain), { ...feedback, ...unnumbered('cbc') }],
  ['des', 8, 8, node('des-ede3', threeTimes), { ...narrow, ...arc('1.3.14.3.2', { ecb: 6, cbc: 7, ofb: 8, cfb: 9 }) }],
  ['rc2', 16, 8, rc2, { ...feedback, cbc: '1.2.840.113549.3.2' }],
  ['rc2-64', 8, 8, rc2, { ...feedback, ...unnumbered('cbc') }],
  ['rc2-40', 5, 8, rc2, { ...feedback, ...unnumbered('cbc') }],
  ['bf', 16, 8, blowfish, arc('1.3.6.1.4.1.3029.1', { ecb: 1, cbc: 2, cfb: 3, ofb: 4 })],
  ['rc4-128', 16, 1, { kind: 'rc4' }, { stream: '1.2.840.113549.3.4' }],
  ['rc4-40', 5, 1, { kind: 'rc4' }, { stream: undefined }],
  ['cast5', 16, 8, cast5, { ...feedback, cbc: '1.2.840.113533.7.66.10' }],
  ['desx', 24, 8, desx, { cbc: '1.2.840.113549.3.6' }],
  ['idea', 16, 8, idea, arc('1.3.6.1.4.1.188.7.1.1', { ecb: 1, cbc: 2, cfb: 3, ofb: 4 })],
  ['rc5', 16, 8, rc5, { ...feedback, cbc: '1.2.840.113549.3.9' }],
  ['chacha20', 32, 1, node('chacha20'), { poly1305: '1.2.840.113549.1.9.16.3.18' }],
  ['aes-128', 32, 16, siv, { siv: `${botan}.4.1` }],
  ['aes-192', 48, 16, siv, { siv: `${botan}.4.2` }],
  ['aes-256', 64, 16, siv, { siv: `${botan}.4.3` }],
  ['camellia-128', 16, 16, block('camellia-128'), arc(camelliaModes, { gcm: 6 })],
  ['camellia-192', 24, 16, block('camellia-192'), arc(camelliaModes, { gcm: 26 })],
  ['camellia-256', 32, 16, block('camellia-256'), arc(camelliaModes, { gcm: 46 })],
  ['sm4', 16, 16, block('sm4'), arc('1.2.156.10197.1.104', { gcm: 8 })],
  ['twofish', 32, 16, twofish, { cbc: `${botan}.3`, gcm: `${botan}.102` }],
  ['serpent', 32, 16, serpent, { cbc: `${botan}.1`, gcm: `${botan}.101` }],
  ['serpent-128', 16, 16, serpent, arc(gnuSerpent, { ecb: 1, cbc: 2, ofb: 3, cfb: 4 })],
  ['serpent-192', 24, 16, serpent, arc(gnuSerpent, { ecb: 21, cbc: 22, ofb: 23, cfb: 24 })],
  ['serpent-256', 32, 16, serpent, arc(gnuSerpent, { ecb: 41, cbc: 42, ofb: 43, cfb: 44 })],
  ['threefish-512', 64, 64, threefish, { cbc: `${botan}.2` }],
  ['gost28147', 32, 8, gost28147, { cfb: '1.2.643.2.2.21' }],
  ['magma', 32, 8, unsupported(gostEngine), arc('1.2.643.7.1.1.5.1', { ctr: 1 })],
  ['kuznyechik', 32, 16, unsupported(gostEngine), arc('1.2.643.7.1.1.5.2', { ctr: 1 })],
];

export const allCiphers: readonly Cipher[] = rows.flatMap(([family, keyBytes, blockBytes, engine, modes]) =>
  allModes
    .filter((mode) => mode in modes)
    .map((mode) => {
      const name = mode === 'stream' ? family : `${family}-${mode}`;
      return { name, mode, keyBytes, blockBytes, engine, oid: modes[mode] };
    }),
);
const byName = new Map(allCiphers.map((cipher) => [cipher.name, cipher]));
const byOid = new Map(
  allCiphers.flatMap((cipher) => (cipher.oid === undefined ? [] : [[cipher.oid, cipher]])),
);

export const cipherByName = (name: string): Cipher | undefined => byName.get(name.toLowerCase());

export const cipherByOid = (oid: string): Cipher | undefined => byOid.get(oid);

/** Bytes of the initialisation vector that a cipher takes; undefined where any length will do. */
export function ivBytes({ mode, blockBytes }: Cipher): number | undefined {
  if (mode === 'ecb' || mode === 'stream') return 0;
  return hasTag(mode) ? undefined : blockBytes;
}

/** Whether a DEK-Info header can name it: a tag or a cipher without a vector has no place there. */
export function isPemCipher({ mode }: Cipher): boolean {
  return !hasTag(mode) && mode !== 'stream';
}

export function hasTag(mode: Mode): boolean {
  return mode === 'gcm' || mode === 'ccm' || mode === 'poly1305' || mode === 'siv';
}
