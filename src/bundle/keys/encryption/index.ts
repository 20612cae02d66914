export { readDekInfo } from './dek-info.js';
export {
  checkCost,
  type Encryption,
  orUnsupported,
  requireSupported,
  type SupportedEncryption,
  type UnsupportedEncryption,
} from './encryption.js';
export { encryptPbes2, encryptSapForm, type Encrypted } from './encrypt.js';
export type { Decrypted } from './decrypt.js';
export { readKdf, type ReadKdf } from './kdf-parameters.js';
export { hashByHmacOid, hashByOid, requireHash, type Hash } from './hashes.js';
export { hmacOf } from './hmac.js';
export { deriveKey, type Kdf } from './kdf.js';
export { longestSalt, refuseCostly } from './limits.js';
export { passwordCandidates } from './passwords.js';
export { derivePkcs12 } from './pkcs12-kdf.js';
export { readPbe } from './pbe.js';
export { sapScheme } from './pbes1.js';
export {
  missingPassphrase,
  unlock,
  type Unlocked,
  type Locked,
  type Verdict,
  wrongPassphrase,
} from './unlock.js';
