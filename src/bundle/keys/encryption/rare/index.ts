// Ciphers, modes and hashes that Node does not have and few files use; loaded together when one of them is needed.
export { cast5 } from './cast5.js';
export { desx } from './desx.js';
export { openGcm } from './gcm.js';
export { idea } from './idea.js';
export { md2 } from './md2.js';
export { nodeBlock } from './node-block.js';
export { rc5 } from './rc5.js';
export { serpent } from './serpent.js';
export { openSiv } from './siv.js';
export { threefish512 } from './threefish.js';
export { twofish } from './twofish.js';
