/** Files, read with limits and written whole or not at all. */
export { inputError, outputError } from './errors.js';
export { readInput } from './read.js';
export { type OutputFile, refuseExisting } from './target.js';
export { type WriteOptions, type WrittenFile, writeFiles, writeFilesBeside } from './write.js';
