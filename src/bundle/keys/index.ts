export { keyAlgorithm } from './algorithms.js';
export { exportKey, type KeyFormat } from './export.js';
export { fitForTls, openForTls, unfitForTls } from './create.js';
export { keyNotes, trailingMessage } from './notes.js';
export { isPrivateKeyLabel, type KeyBlock, readDerKey, readKey } from './read.js';
export { type OpenedKey, typeOf, UnknownKey } from './unknown-key.js';
export { sealKey, type SealOptions, type SealScheme } from './seal.js';
