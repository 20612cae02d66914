export { type Element, type Fields, type Refuse, Tag } from './element.js';
export { asn1Limits, parseAsn1 } from './parse.js';
export { der } from './write.js';
