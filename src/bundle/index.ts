/**
 * From bytes to what a device presents: text -> PEM blocks -> keys and certificates -> identity -> outputs.
 * Nothing in this folder touches files, the process or the console.
 */
export {
  type Bundle,
  type BundleOptions,
  type OpenedPrivateKey,
  openBundle,
  openPrivateKey,
  readBundle,
} from './bundle.js';
export { type CombinedBundle, type CombineInput, type CombineOptions, combineBundle } from './combine.js';
export { type DeviceName, parseDeviceName } from './device-name.js';
export type { Identity } from './identity.js';
export {
  type CertificateRole,
  type Expiry,
  type Finding,
  type ForeignIssuer,
  type InspectedBlock,
  type InspectedCertificate,
  type InspectedChain,
  type InspectedKey,
  type InspectedStore,
  type InspectOptions,
  type Inspection,
  inspectBundle,
  type MissingIssuer,
} from './inspect/index.js';
export type { InputFormat, ReadOptions } from './material.js';
export {
  type CertificateSummary,
  type KeySummary,
  type StrippedBundle,
  type StripOptions,
  splitBundle,
  stripBundle,
} from './strip.js';
export { type KeyFormat, type OpenedKey, UnknownKey } from './keys/index.js';
export type { BagDescription, ContentDescription, MacFacts } from './pkcs12/index.js';
export type {
  BlockPlace,
  FoundCertificate,
  KeyEncryption,
  KeyType,
  LockedKey,
  OpenKeyOptions,
  PemBlock,
  Warning,
  WarningCode,
} from './types.js';
export type { ConnectionHints, WrappedFormat } from './wrapped.js';
