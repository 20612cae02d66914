export { readDekInfo } from './dek-info.js';
export {
  checkCost,
  type Encryption,
  requireSupported,
  type SupportedEncryption,
  type UnsupportedEncryption,
} from './encryption.js';
export { encryptPbes2, encryptSapForm, type Encrypted } from './encrypt.js';
export type { Decrypted } from './decrypt.js';
export { readPbe } from './pbe.js';
export { sapScheme } from './pbes1.js';
export { missingPassphrase, unlock, type Unlocked, type Verdict, wrongPassphrase } from './unlock.js';
