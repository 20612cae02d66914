/** The library's one door. */
export * from './bundle/index.js';
export type * from './codes.js';
export { type Defect, type Place, SapcertError, type SapcertErrorOptions } from './errors.js';
