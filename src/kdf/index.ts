/** The key derivation of SAP's bundles, faster than OpenSSL's. Importing this compiles nothing. */
export {
  type DerElement,
  elementAt,
  elementsIn,
  isOid,
  isShortestPositive,
  tags,
  withoutSign,
} from './der.js';
export { warmUp } from './engine.js';
export {
  type KeyRequest,
  type Purpose,
  bmpString,
  pkcs12KeySha1,
  pkcs12KeySha1Batch,
  purposes,
} from './pkcs12.js';
export { type RsaKey, readRsaKey, readRsaPkcs1 } from './rsa.js';
export { type SapForm, openSapForm, openSapFormBatch } from './sap-form.js';
export { openSapFormSoon } from './soon.js';
