import { type Element, type Fields, Tag } from '../../asn1/index.js';
import { type Cipher, ivBytes } from './ciphers.js';
import type { CipherParameters } from './decrypt.js';
import { parameterSetByOid } from './gost-parameters.js';

/** Reads what stands beside the identifier of the cipher in PBES2 (RFC 8018 section 6.2). */
export function readCipherParameters(cipher: Cipher, scheme: Fields): CipherParameters {
  const wanted = ivBytes(cipher);
  if (wanted === 0) return { iv: new Uint8Array() };
  const element = scheme.next('the initialisation vector');
  if (wanted === undefined) return readAuthenticated(element, scheme);
  const parameters = (readers[cipher.name] ?? readVector)(element, scheme);
  if (parameters.iv.length !== wanted) {
    throw scheme.refuse(`the initialisation vector of ${cipher.name} is not ${wanted} bytes long`);
  }
  return parameters;
}

/** Ciphers whose parameters are more than the vector. */
const readers: Readonly<Partial<Record<string, (element: Element, scheme: Fields) => CipherParameters>>> = {
  'rc2-cbc': readRc2,
  'rc5-cbc': readRc5,
  'cast5-cbc': readCast5,
  'gost28147-cfb': readGost28147,
};

function readVector(element: Element): CipherParameters {
  return { iv: element.octets('the initialisation vector') };
}

/** RFC 2268 section 6: how RC2's parameters spell an effective key length below 256 bits. */
const rc2Versions: ReadonlyMap<number, number> = new Map([
  [160, 40],
  [120, 64],
  [58, 128],
]);

/** GCMParameters and CCMParameters (RFC 5084 section 3). */
function readAuthenticated(element: Element, { refuse }: Fields): CipherParameters {
  if (element.is(Tag.octetString)) return { iv: element.octets('the nonce'), tagBytes: 16 };
  const fields = element.sequence('the parameters of the cipher');
  const iv = fields.next('the nonce').octets('the nonce');
  const tagBytes = fields.optional(Tag.integer)?.count('the tag length') ?? 12;
  fields.end();
  if (iv.length < 7 || iv.length > 64) throw refuse(`a nonce of ${iv.length} bytes is not possible`);
  if (tagBytes < 4 || tagBytes > 16) throw refuse(`a tag of ${tagBytes} bytes is not possible`);
  return { iv, tagBytes };
}

/** RC2-CBCParameter (RFC 8018 appendix B.2.3): the vector alone stands for 32 effective bits. */
function readRc2(element: Element, { refuse }: Fields): CipherParameters {
  if (element.is(Tag.octetString)) return { iv: element.octets('the vector'), effectiveBits: 32 };
  const fields = element.sequence('the RC2 parameters');
  const version = fields.optional(Tag.integer)?.count('the RC2 version');
  const iv = fields.next('the vector').octets('the vector');
  fields.end();
  const effectiveBits =
    version === undefined ? 32 : version >= 256 && version <= 1024 ? version : rc2Versions.get(version);
  // Whole bytes only: node-forge masks the others wrongly, and no program writes them.
  if (effectiveBits === undefined || effectiveBits % 8 !== 0) {
    throw refuse(`the RC2 version ${version} stands for no usual key length`);
  }
  return { iv, effectiveBits };
}

/** RC5-CBC-Parameters (RFC 8018 appendix B.2.4), or the vector alone, as OpenSSL writes it. */
function readRc5(element: Element, { refuse }: Fields): CipherParameters {
  if (element.is(Tag.octetString)) return { iv: element.octets('the vector') };
  const fields = element.sequence('the RC5 parameters');
  const version = fields.next('the version').count('the RC5 version');
  const rounds = fields.next('the rounds').count('the rounds of RC5');
  const blockBits = fields.next('the block size').count('the block size of RC5');
  const iv = fields.optional(Tag.octetString)?.octets('the vector') ?? new Uint8Array(8);
  fields.end();
  if (version !== 16 || rounds < 8 || rounds > 127 || blockBits !== 64) {
    throw refuse('RC5 of a version, with rounds or with blocks that no program writes');
  }
  return { iv, rounds };
}

/** CAST5CBCParameters (RFC 2984 section 3), or the vector alone, as OpenSSL and Botan write it. */
function readCast5(element: Element): CipherParameters {
  if (element.is(Tag.octetString)) return { iv: element.octets('the vector') };
  const fields = element.sequence('the CAST5 parameters');
  const iv = fields.optional(Tag.octetString)?.octets('the vector') ?? new Uint8Array(8);
  const keyBits = fields.next('the key length').count('the key length of CAST5');
  fields.end();
  return { iv, keyBytes: Math.ceil(keyBits / 8) };
}

/** Gost28147-89-Parameters (RFC 4357 section 10.1). */
function readGost28147(element: Element): CipherParameters {
  const fields = element.sequence('the GOST 28147 parameters');
  const iv = fields.next('the vector').octets('the vector');
  const oid = fields.next('the parameter set').oid('the identifier of the parameter set');
  fields.end();
  const parameterSet = parameterSetByOid(oid);
  if (parameterSet === undefined) throw fields.refuse(`GOST 28147 with the unknown parameter set ${oid}`);
  return { iv, parameterSet };
}
