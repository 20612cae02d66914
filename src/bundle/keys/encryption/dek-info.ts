import { SapcertError, type Place } from '../../../errors.js';
import type { PemBlock } from '../../types.js';
import { cipherByName, isPemCipher } from './ciphers.js';
import type { Encryption } from './encryption.js';
import { requireHash } from './hashes.js';

/**
 * Reads the `Proc-Type` and `DEK-Info` headers of a traditional key (RFC 1421 section 4.6, with the ciphers and
 * the key derivation of OpenSSL).
 *
 * @returns `undefined` where the block is not encrypted
 * @throws SapcertError `key.damaged` where the headers contradict themselves
 */
export function readDekInfo(headers: PemBlock['headers'], place: Place): Encryption | undefined {
  const dekInfo = header(headers, 'dek-info');
  const procType = header(headers, 'proc-type');
  if (dekInfo === undefined) {
    if (procType === undefined || !/ENCRYPTED/i.test(procType)) return undefined;
    throw damaged('Proc-Type says ENCRYPTED, but the DEK-Info header is missing', place);
  }
  const [name = '', ivHex = '', ...rest] = dekInfo.split(',').map((part) => part.trim());
  const cipher = cipherByName(name);
  if (cipher === undefined || !isPemCipher(cipher)) return unsupported(name, 'only what wrote the file');
  if (cipher.engine.kind === 'unsupported') return unsupported(cipher.name, cipher.engine.openedBy);
  if (rest.length > 0 || !/^(?:[0-9a-f]{2})*$/i.test(ivHex)) {
    throw damaged('the DEK-Info header is not a cipher name and a hexadecimal vector', place);
  }
  const iv = Buffer.from(ivHex, 'hex');
  if (iv.length < 8 || (iv.length !== cipher.blockBytes && cipher.mode !== 'ecb')) {
    throw damaged(
      `the vector of ${name} in DEK-Info has ${iv.length} bytes, not ${cipher.blockBytes}`,
      place,
    );
  }
  return {
    supported: true,
    facts: { scheme: 'DEK-Info', cipher: cipher.name, kdf: 'md5', iterations: 1, oid: cipher.oid },
    kdf: { kind: 'bytes-to-key', hash: requireHash('md5'), salt: iv.subarray(0, 8) },
    cipher,
    keyBytes: cipher.keyBytes,
    derivedIvBytes: 0,
    parameters: { iv },
    passwordForm: 'octets',
  };
}

function unsupported(name: string, openedBy: string): Encryption {
  const facts = { scheme: 'DEK-Info', cipher: name.toLowerCase(), kdf: 'md5' } as const;
  return { supported: false, facts, algorithm: `${name} (DEK-Info)`, openedBy };
}

function header(headers: PemBlock['headers'], wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function damaged(message: string, place: Place): SapcertError {
  return new SapcertError('key.damaged', message, { place });
}
