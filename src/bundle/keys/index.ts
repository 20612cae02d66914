export { exportKey, type KeyFormat } from './export.js';
export { openForTls } from './create.js';
export { keyNotes, trailingMessage } from './notes.js';
export { isPrivateKeyLabel, type KeyBlock, readDerKey, readKey } from './read.js';
export { sealKey, type SealOptions, type SealScheme } from './seal.js';
