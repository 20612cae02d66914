import { type Element, type Fields, Tag } from '../../asn1/index.js';
import type { KeyEncryption } from '../../types.js';
import { type Cipher, cipherByName, cipherByOid, ivBytes } from './ciphers.js';
import type { CipherParameters } from './decrypt.js';
import type { Encryption, SupportedEncryption } from './encryption.js';
import { readKdf, type ReadKdf } from './kdf-parameters.js';
import type { PasswordForm } from './passwords.js';

export const pbes2 = '1.2.840.113549.1.5.13';

/** RFC 2268 section 6: how RC2's parameters spell an effective key length below 256 bits. */
const rc2Versions: ReadonlyMap<number, number> = new Map([
  [160, 40],
  [120, 64],
  [58, 128],
]);

/** PBES2 (RFC 8018 section 6.2): any derivation with any cipher. */
export function readPbes2(parameters: Element, passwordForm: PasswordForm): Encryption {
  const fields = parameters.sequence('the PBES2 parameters');
  const kdf = readKdf(fields.next('the key derivation'));
  const scheme = fields.next('the encryption scheme').sequence('the encryption scheme');
  fields.end();
  const oid = scheme.next('its identifier').oid('the identifier of the encryption scheme');
  const cipher = namedCipher(oid, kdf.supported ? kdf.keyBytes : undefined);
  if (!kdf.supported) {
    const facts = describe(kdf, cipher?.name ?? oid, oid);
    return { supported: false, facts, algorithm: `PBES2 and ${kdf.name}`, openedBy: kdf.openedBy };
  }
  if (cipher === undefined || cipher.engine.kind === 'unsupported') {
    const openedBy =
      cipher?.engine.kind === 'unsupported' ? cipher.engine.openedBy : 'only what wrote the file';
    const algorithm = cipher === undefined ? `the cipher ${oid}` : `${cipher.name} (${oid})`;
    return { supported: false, facts: describe(kdf, cipher?.name ?? oid, oid), algorithm, openedBy };
  }
  const read = readParameters(cipher, scheme);
  const supported: SupportedEncryption = {
    supported: true,
    facts: describe(kdf, nameWithKeyLength(cipher, read), oid),
    kdf: kdf.kdf,
    cipher,
    keyBytes: keyLength(cipher, kdf.keyBytes, read, fields),
    derivedIvBytes: 0,
    parameters: read,
    passwordForm,
  };
  const named = cipherByOid(oid);
  if (named === undefined || named === cipher) return supported;
  // pyca/cryptography believes the identifier, not the length.
  return { ...supported, otherwise: { ...supported, cipher: named, keyBytes: named.keyBytes } };
}

/**
 * The cipher that an identifier names. NSS before 3.30 named AES-128 whatever the key length was: where the
 * length that stands in the file is that of another AES, it is the other AES.
 */
function namedCipher(oid: string, keyBytes: number | undefined): Cipher | undefined {
  const named = cipherByOid(oid);
  if (named === undefined || keyBytes === undefined || named.engine.kind !== 'node') return named;
  if (!named.name.startsWith('aes-')) return named;
  return cipherByName(`aes-${8 * keyBytes}-${named.mode}`) ?? named;
}

function describe(kdf: ReadKdf, cipher: string, oid: string): KeyEncryption {
  const facts = { scheme: 'PBES2', cipher, kdf: kdf.name, oid } as const;
  if (!kdf.supported) return { ...facts, iterations: kdf.iterations };
  if (kdf.kdf.kind === 'scrypt') {
    const { N, r, p } = kdf.kdf;
    return { ...facts, scrypt: { N, r, p } };
  }
  return 'iterations' in kdf.kdf ? { ...facts, iterations: kdf.kdf.iterations } : facts;
}

function readParameters(cipher: Cipher, scheme: Fields): CipherParameters {
  const wanted = ivBytes(cipher);
  if (wanted === 0) return { iv: new Uint8Array() };
  const element = scheme.next('the initialisation vector');
  const parameters =
    wanted === undefined
      ? readAuthenticated(element, scheme)
      : cipher.name === 'rc2-cbc'
        ? readRc2(element, scheme)
        : cipher.name === 'rc5-cbc'
          ? readRc5(element, scheme)
          : cipher.name === 'cast5-cbc'
            ? readCast5(element)
            : { iv: element.octets('the initialisation vector') };
  if (wanted !== undefined && parameters.iv.length !== wanted) {
    throw scheme.refuse(`the initialisation vector of ${cipher.name} is not ${wanted} bytes long`);
  }
  return parameters;
}

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

function nameWithKeyLength({ name }: Cipher, { effectiveBits }: CipherParameters): string {
  return effectiveBits === undefined || effectiveBits === 128 ? name : `rc2-${effectiveBits}-cbc`;
}

function keyLength(
  cipher: Cipher,
  written: number | undefined,
  parameters: CipherParameters,
  { refuse }: Fields,
): number {
  const { engine, keyBytes, name } = cipher;
  const { effectiveBits } = parameters;
  const explicit = written ?? parameters.keyBytes;
  const lengths = engine.kind === 'block' ? engine.keyLengths : undefined;
  if (lengths === undefined) {
    if (explicit === undefined || explicit === keyBytes) return keyBytes;
    throw refuse(`${name} cannot have a key of ${explicit} bytes`);
  }
  const length = explicit ?? (effectiveBits === undefined ? keyBytes : Math.ceil(effectiveBits / 8));
  const [shortest, longest] = lengths;
  if (length < shortest || length > longest) {
    throw refuse(`a key of ${length} bytes is not one that any program writes for ${name}`);
  }
  return length;
}
