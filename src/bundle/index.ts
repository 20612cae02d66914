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
export type {
  FoundCertificate,
  KeyEncryption,
  KeyType,
  LockedKey,
  OpenKeyOptions,
  Warning,
  WarningCode,
} from './types.js';
export type { ConnectionHints } from './wrapped.js';
