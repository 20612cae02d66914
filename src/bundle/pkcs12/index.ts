export {
  type BagDescription,
  type ContentDescription,
  describePkcs12,
  type Pkcs12Description,
} from './describe.js';
export type { MacFacts } from './mac.js';
export { type Pkcs12, type Pkcs12Key, readPkcs12 } from './read.js';
export { isPkcs12 } from './structure.js';
export { type Pkcs12Input, writePkcs12 } from './write.js';
