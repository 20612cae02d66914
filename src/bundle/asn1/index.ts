export { attributeNames } from './attribute-names.js';
export { type Element, type Fields, type Refuse, Tag } from './element.js';
export { asn1Limits, parseAsn1, parseLeading, parsePadded } from './parse.js';
export { readString } from './text.js';
export { der } from './write.js';
