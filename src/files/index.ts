/** Files, read with limits and written whole or not at all. */
export { inputError, outputError, systemCode } from './errors.js';
export { refuseFolder } from './folder.js';
export type { WrittenFile } from './place.js';
export { readInput, statsOf } from './read.js';
export {
  firstLine,
  openToOthers,
  readSecretFile,
  secretLimit,
  sidecarOf,
  sidecarSecret,
} from './secret-file.js';
export { sweepStale } from './stale.js';
export { descriptorOf } from './stream.js';
export { type OutputFile, refuseExisting } from './target.js';
export { type WriteOptions, writeFiles, writeFilesBeside } from './write.js';
