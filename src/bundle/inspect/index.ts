/** What is in an input, without touching files or the network. */
export { describeCertificate } from './certificate.js';
export { distance } from './expiry.js';
export { nameOf } from './findings.js';
export { inspectBundle } from './inspect.js';
export { inspectUnlocked, isSealed, nameWrongSecret, type SecretSource, type Unlocked } from './unlock.js';
export type { InspectedStore } from './store.js';
export type {
  CertificateRole,
  DescribedCertificate,
  Expiry,
  Finding,
  ForeignIssuer,
  InspectedBlock,
  InspectedCertificate,
  InspectedChain,
  InspectedKey,
  InspectOptions,
  Inspection,
  MissingIssuer,
} from './types.js';
