import { type Cipher, cipherByName, ivBytes } from '../encryption/ciphers.js';
import type { Encryption } from '../encryption/index.js';
import { type OpenSshContainer, encryptionFacts } from './container.js';

/** The ciphers of ssh-keygen, past ones too, under the names that sapcert has for them. */
const names: Readonly<Partial<Record<string, string>>> = {
  'aes128-ctr': 'aes-128-ctr',
  'aes192-ctr': 'aes-192-ctr',
  'aes256-ctr': 'aes-256-ctr',
  'aes128-cbc': 'aes-128-cbc',
  'aes192-cbc': 'aes-192-cbc',
  'aes256-cbc': 'aes-256-cbc',
  'rijndael-cbc@lysator.liu.se': 'aes-256-cbc',
  'aes128-gcm@openssh.com': 'aes-128-gcm',
  'aes256-gcm@openssh.com': 'aes-256-gcm',
  '3des-cbc': 'des-ede3-cbc',
  'blowfish-cbc': 'bf-cbc',
  'cast128-cbc': 'cast5-cbc',
};

const chacha: Cipher = {
  name: 'chacha20-poly1305@openssh.com',
  mode: 'poly1305',
  keyBytes: 64,
  blockBytes: 8,
  engine: { kind: 'aead', load: async () => (await import('./chacha.js')).openChacha },
  oid: undefined,
};

/** How the private part is encrypted. It brings its own padding, and the passphrase gives the vector too. */
export function encryptionOf(container: OpenSshContainer): Encryption {
  const { cipher: name, kdf, salt, rounds } = container;
  const facts = encryptionFacts(container) ?? { scheme: 'OpenSSH', cipher: name, kdf };
  const cipher = name === chacha.name ? chacha : cipherByName(names[name] ?? '');
  if (cipher === undefined || kdf !== 'bcrypt' || cipher.engine.kind === 'unsupported') {
    const algorithm = `${name} and the key derivation ${kdf} (OpenSSH)`;
    return { supported: false, facts, algorithm, openedBy: 'only what wrote the file' };
  }
  const tagBytes = cipher.mode === 'gcm' || cipher === chacha ? 16 : undefined;
  return {
    supported: true,
    facts,
    kdf: { kind: 'bcrypt', salt, rounds },
    cipher,
    keyBytes: cipher.keyBytes,
    derivedIvBytes: cipher === chacha ? 0 : (ivBytes(cipher) ?? 12),
    parameters: { iv: new Uint8Array(), tagBytes, ownPadding: true },
    passwordForm: 'octets',
  };
}
