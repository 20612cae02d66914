export { exportKey, type KeyFormat } from './export.js';
export { explicitCurveWarning } from './explicit-curve.js';
export { isPrivateKeyLabel, type KeyBlock, readDerKey, readKey } from './read.js';
export { sealKey, type SealOptions, type SealScheme } from './seal.js';
