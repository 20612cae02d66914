/** The same for many inputs, which are no part of the small file that the command line starts from. */
export { startStrip as startFleet } from './start-strip.js';
