// Ciphers, modes and hashes that Node does not have and few files use; loaded together when one of them is needed.
export { cast5 } from './cast5.js';
export { desx } from './desx.js';
export { openGcm } from './gcm.js';
export { gost341194 } from './gost/gost-hash.js';
export { meshedGost28147 } from './gost/gost28147.js';
export { streebog256, streebog512 } from './gost/streebog.js';
export { idea } from './idea.js';
export { md2 } from './md2.js';
export { nodeBlock } from './node-block.js';
export { pbkdf2ByHand } from './pbkdf2.js';
export { rc5 } from './rc5.js';
export { serpent } from './serpent.js';
export { openSiv } from './siv.js';
export { threefish512 } from './threefish.js';
export { twofish } from './twofish.js';
