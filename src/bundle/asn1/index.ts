export { type Element, type Fields, type Refuse, Tag } from './element.js';
export { asn1Limits, parseAsn1, parseLeading, parsePadded } from './parse.js';
export { der } from './write.js';
