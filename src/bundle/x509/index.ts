export { type Extensions, purposeName, readExtensions, readKeyUsage } from './extensions.js';
export { isIssuedBy, isSelfIssued, verifies } from './issued.js';
export { type Name, commonNameOid, escapeReserved, formatName, nameKey, readName, valuesOf } from './name.js';
export { isoTime, oneLine } from './openssl-text.js';
export { isForgeable, readSignatureAlgorithm } from './signature.js';
export { readTime } from './time.js';
